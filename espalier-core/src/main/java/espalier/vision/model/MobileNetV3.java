package espalier.vision.model;

import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.Dropout;
import espalier.nn.Hardswish;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * MobileNetV3-Large with torchvision's parameter names.
 *
 * @paper Howard et al. 2019, "Searching for MobileNetV3", table 1
 */
final class MobileNetV3 extends Backbone {
    private static final String PAPER =
            "Howard et al. 2019, Searching for MobileNetV3, https://arxiv.org/abs/1905.02244";
    private static final int WIDTH = 960;
    private static final int HIDDEN = 1280;

    /** A row of the table. */
    private record Row(int kernel, int expanded, int out, boolean squeezes, boolean hard, int stride) {}

    private static final List<Row> ROWS = List.of(
            new Row(3, 16, 16, false, false, 1),
            new Row(3, 64, 24, false, false, 2),
            new Row(3, 72, 24, false, false, 1),
            new Row(5, 72, 40, true, false, 2),
            new Row(5, 120, 40, true, false, 1),
            new Row(5, 120, 40, true, false, 1),
            new Row(3, 240, 80, false, true, 2),
            new Row(3, 200, 80, false, true, 1),
            new Row(3, 184, 80, false, true, 1),
            new Row(3, 184, 80, false, true, 1),
            new Row(3, 480, 112, true, true, 1),
            new Row(3, 672, 112, true, true, 1),
            new Row(5, 672, 160, true, true, 2),
            new Row(5, 960, 160, true, true, 1),
            new Row(5, 960, 160, true, true, 1));

    private MobileNetV3(int classes) {
        super(WIDTH, "classifier");
        var units = new ArrayList<Module>();
        int in = 16;
        units.add(unit(Conv2d.of(3, in, 3).stride(2).padding(1), in, Optional.of(Hardswish.of())));
        for (Row row : ROWS) {
            units.add(new InvertedResidual(in, row));
            in = row.out();
        }
        units.add(unit(Conv2d.of(in, WIDTH, 1), WIDTH, Optional.of(Hardswish.of())));
        child("features", Sequential.of(units));
        child(
                "classifier",
                Sequential.of(Linear.of(WIDTH, HIDDEN), Hardswish.of(), Dropout.of(0.2), Linear.of(HIDDEN, classes)));
    }

    static Architecture architecture() {
        String name = "mobilenet-v3-large";
        return Architecture.of(name, PAPER, MobileNetV3::new)
                .weights(
                        PretrainedWeights.torchvision(name, "imagenet1k-v2", "mobilenet_v3_large-5c1a4163", 75.274)
                                .sizes(224, 232),
                        PretrainedWeights.torchvision(name, "imagenet1k-v1", "mobilenet_v3_large-8738ca79", 74.042));
    }

    private static Sequential unit(Conv2d convolution, int channels, Optional<Module> activation) {
        var norm = BatchNorm2d.of(channels).eps(1e-3).momentum(0.01);
        return activation
                .map(function -> Units.convNorm(convolution, norm, function))
                .orElseGet(() -> Sequential.of(convolution.noBias(), norm));
    }

    @Override
    protected void resetParameters(Rng rng) {
        drawAs(Init.normal(0, 0.01), rng);
    }

    /** Expand, depthwise convolution, maybe squeeze and excite, project; with the input added where shapes allow. */
    private static final class InvertedResidual extends Module {
        private final Sequential block;
        private final boolean shortcut;

        InvertedResidual(int in, Row row) {
            int mid = row.expanded();
            Optional<Module> activation =
                    Optional.of(row.hard() ? Hardswish.of() : ReLU.of().inPlace());
            var units = new ArrayList<Module>();
            if (mid != in) {
                units.add(unit(Conv2d.of(in, mid, 1), mid, activation));
            }
            var depthwise =
                    Conv2d.depthwise(mid, row.kernel()).stride(row.stride()).padding(row.kernel() / 2);
            units.add(unit(depthwise, mid, activation));
            if (row.squeezes()) {
                units.add(new SqueezeExcitation(
                        mid, Units.multipleOf8(Math.floorDiv(mid, 4)), Tensor::relu, Functional::hardsigmoid));
            }
            units.add(unit(Conv2d.of(mid, row.out(), 1), row.out(), Optional.empty()));
            block = child("block", Sequential.of(units));
            shortcut = row.stride() == 1 && in == row.out();
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor y = block.forward(x); // [N, out, H / stride, W / stride]
            return seen(shortcut ? y.add_(x) : y);
        }
    }
}
