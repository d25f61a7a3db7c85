package espalier.vision.model;

import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.Module;
import espalier.nn.Sequential;

/** The units that the mobile architectures are made of. */
final class Units {
    private Units() {}

    /** Convolution without bias, batch norm and activation, as torchvision names them: 0, 1 (and 2). */
    static Sequential convNorm(Conv2d convolution, BatchNorm2d norm, Module activation) {
        return Sequential.of(convolution.noBias(), norm, activation);
    }

    /** The nearest multiple of 8 that is at least 8 and not more than a tenth below. */
    static int multipleOf8(double width) {
        int rounded = Math.max(8, (int) (width + 4) / 8 * 8);
        return rounded < 0.9 * width ? rounded + 8 : rounded;
    }
}
