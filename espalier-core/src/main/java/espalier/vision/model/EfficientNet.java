package espalier.vision.model;

import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.Dropout;
import espalier.nn.Identity;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.Sequential;
import espalier.nn.SiLU;
import espalier.nn.StochasticDepth;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.ArrayList;

/**
 * EfficientNet-B0 to B4 with torchvision's parameter names. In training blocks with a shortcut are dropped with a
 * probability that rises from 0 to 0.2 (stochastic depth). Padding is symmetric, as in torchvision.
 *
 * @paper Tan and Le 2019, "EfficientNet: rethinking model scaling for convolutional neural networks", table 1
 */
public final class EfficientNet extends Backbone {
    static final String PAPER = "Tan and Le 2019, EfficientNet: rethinking model scaling for convolutional neural"
            + " networks, https://arxiv.org/abs/1905.11946";
    private static final double DROP = 0.2;
    /** Repeats, kernel, stride, expansion, channels in and out of each stage. */
    private static final int[][] STAGES = {
        {1, 3, 1, 1, 32, 16},
        {2, 3, 2, 6, 16, 24},
        {2, 5, 2, 6, 24, 40},
        {3, 3, 2, 6, 40, 80},
        {3, 5, 1, 6, 80, 112},
        {4, 5, 2, 6, 112, 192},
        {1, 3, 1, 6, 192, 320}
    };

    private final int classes;

    private EfficientNet(double scale, double depth, double dropout, int classes) {
        super(4 * last(scale), "classifier");
        this.classes = classes;
        int stem = Units.multipleOf8(STAGES[0][4] * scale);
        var units = new ArrayList<Module>();
        units.add(unit(Conv2d.of(3, stem, 3).stride(2).padding(1), stem, SiLU.of()));
        int total = 0;
        for (int[] plan : STAGES) {
            total += repeats(plan, depth);
        }
        int before = 0;
        for (int[] plan : STAGES) {
            units.add(stage(plan, scale, depth, DROP * before / total, DROP / total));
            before += repeats(plan, depth);
        }
        units.add(unit(Conv2d.of(last(scale), width(), 1), width(), SiLU.of()));
        child("features", Sequential.of(units));
        child("classifier", Sequential.of(Dropout.of(dropout), Linear.of(width(), classes)));
    }

    /** Variant 0 to 4 with torchvision's weights. */
    static Architecture architecture(int variant) {
        String name = "efficientnet-b" + variant;
        var plain = Architecture.of(name, PAPER, classes -> of(variant, classes));
        return switch (variant) {
            case 0 -> plain.weights(first(name, "rwightman-7f5810bc", 77.692).sizes(224, 256));
            case 1 ->
                plain.inputSize(240)
                        .weights(
                                PretrainedWeights.torchvision(name, "imagenet1k-v2", "efficientnet_b1-c27df63c", 79.838)
                                        .sizes(240, 255),
                                first(name, "rwightman-bac287d4", 78.642).sizes(240, 256));
            case 2 ->
                plain.inputSize(288)
                        .weights(first(name, "rwightman-c35c1473", 80.608).sizes(288, 288));
            case 3 ->
                plain.inputSize(300)
                        .weights(first(name, "rwightman-b3899882", 82.008).sizes(300, 320));
            default ->
                plain.inputSize(380)
                        .weights(first(name, "rwightman-23ab8bcd", 83.384).sizes(380, 384));
        };
    }

    private static PretrainedWeights first(String name, String file, double top1) {
        return PretrainedWeights.torchvision(name, "imagenet1k-v1", name.replace('-', '_') + "_" + file, top1)
                .bicubic();
    }

    private static EfficientNet of(int variant, int classes) {
        return switch (variant) {
            case 0 -> new EfficientNet(1, 1, 0.2, classes);
            case 1 -> new EfficientNet(1, 1.1, 0.2, classes);
            case 2 -> new EfficientNet(1.1, 1.2, 0.3, classes);
            case 3 -> new EfficientNet(1.2, 1.4, 0.3, classes);
            case 4 -> new EfficientNet(1.4, 1.8, 0.4, classes);
            default -> throw new IllegalArgumentException("EfficientNet is B0 to B4 here, received " + variant);
        };
    }

    /** The channels that the last stage gives. */
    private static int last(double scale) {
        return Units.multipleOf8(STAGES[STAGES.length - 1][5] * scale);
    }

    private static int repeats(int[] plan, double depth) {
        return (int) Math.ceil(plan[0] * depth);
    }

    private static Sequential stage(int[] plan, double scale, double depth, double drop, double step) {
        int out = Units.multipleOf8(plan[5] * scale);
        var blocks = new ArrayList<Module>();
        int in = Units.multipleOf8(plan[4] * scale);
        for (int i = 0; i < repeats(plan, depth); i++) {
            blocks.add(new Block(plan, in, out, i == 0 ? plan[2] : 1, drop + i * step));
            in = out;
        }
        return Sequential.of(blocks);
    }

    private static Sequential unit(Conv2d convolution, int channels, Module activation) {
        return Units.convNorm(convolution, BatchNorm2d.of(channels), activation);
    }

    @Override
    protected void resetParameters(Rng rng) {
        double bound = 1 / Math.sqrt(classes);
        drawAs(Init.uniform(-bound, bound), rng);
    }

    /** Expand, depthwise convolution, squeeze and excite, project; with the input added where shapes allow. */
    private static final class Block extends Module {
        private final Sequential block;
        private final StochasticDepth depth;
        private final boolean shortcut;

        Block(int[] plan, int in, int out, int stride, double drop) {
            int kernel = plan[1];
            int mid = Units.multipleOf8(in * plan[3]);
            var units = new ArrayList<Module>();
            if (mid != in) {
                units.add(unit(Conv2d.of(in, mid, 1), mid, SiLU.of()));
            }
            units.add(unit(Conv2d.depthwise(mid, kernel).stride(stride).padding(kernel / 2), mid, SiLU.of()));
            units.add(new SqueezeExcitation(mid, Math.max(1, in / 4), Functional::silu, Tensor::sigmoid));
            units.add(unit(Conv2d.of(mid, out, 1), out, Identity.of()));
            block = child("block", Sequential.of(units));
            depth = child("stochastic_depth", StochasticDepth.of(drop));
            shortcut = stride == 1 && in == out;
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor y = block.forward(x); // [N, out, H / stride, W / stride]
            return seen(shortcut ? depth.forward(y).add_(x) : y);
        }
    }
}
