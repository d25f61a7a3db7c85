package espalier.vision.model;

import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.Dropout;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU6;
import espalier.nn.Sequential;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.ArrayList;

/**
 * MobileNetV2, of width 1, with torchvision's parameter names.
 *
 * @paper Sandler, Howard, Zhu, Zhmoginov and Chen 2018, "MobileNetV2: inverted residuals and linear bottlenecks",
 *     table 2
 */
public final class MobileNetV2 extends Backbone {
    private static final String PAPER = "Sandler, Howard, Zhu, Zhmoginov and Chen 2018, MobileNetV2: inverted residuals"
            + " and linear bottlenecks, https://arxiv.org/abs/1801.04381";
    private static final int WIDTH = 1280;
    /** Expansion, channels, repeats and stride of each stage. */
    private static final int[][] STAGES = {
        {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}
    };

    private MobileNetV2(int classes) {
        super(WIDTH, "classifier");
        var units = new ArrayList<Module>();
        units.add(unit(Conv2d.of(3, 32, 3).stride(2).padding(1), 32));
        int in = 32;
        for (int[] stage : STAGES) {
            for (int i = 0; i < stage[2]; i++) {
                units.add(new InvertedResidual(in, stage[1], i == 0 ? stage[3] : 1, stage[0]));
                in = stage[1];
            }
        }
        units.add(unit(Conv2d.of(in, WIDTH, 1), WIDTH));
        child("features", Sequential.of(units));
        child("classifier", Sequential.of(Dropout.of(0.2), Linear.of(WIDTH, classes)));
    }

    /** The network for pictures of 224; its two weights reach the same within 0.3 points, and the first is more often at hand. */
    static Architecture architecture() {
        String name = "mobilenet-v2";
        return Architecture.of(name, PAPER, MobileNetV2::new)
                .weights(
                        PretrainedWeights.torchvision(name, "imagenet1k-v1", "mobilenet_v2-b0353104", 71.878),
                        PretrainedWeights.torchvision(name, "imagenet1k-v2", "mobilenet_v2-7ebf99e0", 72.154)
                                .sizes(224, 232));
    }

    private static Sequential unit(Conv2d convolution, int channels) {
        return Units.convNorm(convolution, BatchNorm2d.of(channels), ReLU6.of().inPlace());
    }

    @Override
    protected void resetParameters(Rng rng) {
        drawAs(Init.normal(0, 0.01), rng);
    }

    /** Expand, depthwise convolution, project without activation; with the input added where shapes allow. */
    private static final class InvertedResidual extends Module {
        private final Sequential conv;
        private final boolean shortcut;

        InvertedResidual(int in, int out, int stride, int expansion) {
            int mid = in * expansion;
            var units = new ArrayList<Module>();
            if (expansion > 1) {
                units.add(unit(Conv2d.of(in, mid, 1), mid));
            }
            units.add(unit(Conv2d.depthwise(mid, 3).stride(stride).padding(1), mid));
            units.add(Conv2d.of(mid, out, 1).noBias());
            units.add(BatchNorm2d.of(out));
            conv = child("conv", Sequential.of(units));
            shortcut = stride == 1 && in == out;
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor y = conv.forward(x); // [N, out, H / stride, W / stride]
            return seen(shortcut ? y.add_(x) : y);
        }
    }
}
