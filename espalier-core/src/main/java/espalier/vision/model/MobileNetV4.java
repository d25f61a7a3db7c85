package espalier.vision.model;

import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.FoldBatchNorm;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.Sequential;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.ArrayList;
import java.util.Optional;

/**
 * MobileNetV4-Conv-Small with timm's parameter names: without squeeze-and-excitation and with ReLU, as fast on processors
 * as on accelerators.
 *
 * @paper Qin et al. 2024, "MobileNetV4: universal models for the mobile ecosystem", table 10
 */
final class MobileNetV4 extends Backbone implements FoldBatchNorm.InOrder {
    private static final String PAPER =
            "Qin et al. 2024, MobileNetV4: universal models for the mobile ecosystem, https://arxiv.org/abs/2404.10518";
    private static final int STEM = 32;
    private static final int WIDTH = 960;
    private static final int HIDDEN = 1280;
    /** Kernels of the first and the middle depthwise convolution (0: none), expanded and outer channels, stride. */
    private static final int[][][] STAGES = {
        {
            {5, 5, 192, 96, 2},
            {0, 3, 192, 96, 1},
            {0, 3, 192, 96, 1},
            {0, 3, 192, 96, 1},
            {0, 3, 192, 96, 1},
            {3, 0, 384, 96, 1}
        },
        {
            {3, 3, 576, 128, 2},
            {5, 5, 512, 128, 1},
            {0, 5, 512, 128, 1},
            {0, 5, 384, 128, 1},
            {0, 3, 512, 128, 1},
            {0, 3, 512, 128, 1}
        }
    };

    private final Conv2d stem =
            child("conv_stem", Conv2d.of(3, STEM, 3).stride(2).padding(1).noBias());
    private final BatchNorm2d norm = child("bn1", BatchNorm2d.of(STEM));
    private final Sequential blocks;
    private final Conv2d head;
    private final BatchNorm2d headNorm;
    private final Linear classifier;

    private MobileNetV4(int classes) {
        super(WIDTH, "conv_head", "norm_head", "classifier");
        var stages = new ArrayList<Module>();
        stages.add(Sequential.of(halving(STEM, 32), pointwise(32, 32)));
        stages.add(Sequential.of(halving(32, 96), pointwise(96, 64)));
        int in = 64;
        for (int[][] stage : STAGES) {
            var units = new ArrayList<Module>();
            for (int[] row : stage) {
                units.add(new UniversalBottleneck(in, row));
                in = row[3];
            }
            stages.add(Sequential.of(units));
        }
        stages.add(Sequential.of(pointwise(in, WIDTH)));
        blocks = child("blocks", Sequential.of(stages));
        head = child("conv_head", Conv2d.of(WIDTH, HIDDEN, 1).noBias());
        headNorm = child("norm_head", BatchNorm2d.of(HIDDEN));
        classifier = child("classifier", Linear.of(HIDDEN, classes));
    }

    static Architecture architecture() {
        String name = "mobilenetv4-conv-small";
        return Architecture.of(name, PAPER, MobileNetV4::new)
                .weights(PretrainedWeights.hub(name, "mobilenetv4_conv_small.e2400_r224_in1k", 73.756));
    }

    private static ConvNorm halving(int in, int out) {
        return new ConvNorm(Conv2d.of(in, out, 3).stride(2).padding(1), out, "bn1", true);
    }

    private static ConvNorm pointwise(int in, int out) {
        return new ConvNorm(Conv2d.of(in, out, 1), out, "bn1", true);
    }

    @Override
    public Tensor features(Tensor x) {
        x = norm.forward(stem.forward(x)).relu_(); // [N, 32, H / 2, W / 2]
        return blocks.forward(x); // [N, 960, H / 32, W / 32]
    }

    @Override
    public Tensor classify(Tensor features) {
        Tensor pooled = features.mean(true, 2, 3); // [N, 960, 1, 1]
        Tensor hidden = headNorm.forward(head.forward(pooled)).relu_(); // [N, 1280, 1, 1]
        return classifier.forward(hidden.flatten(1, 3)); // [N, classes]
    }

    @Override
    protected void resetParameters(Rng rng) {
        drawAs(Init.normal(0, 0.01), rng);
    }

    /** Convolution without bias, batch norm and maybe ReLU. */
    private static final class ConvNorm extends Module implements FoldBatchNorm.InOrder {
        private final Conv2d conv;
        private final BatchNorm2d bn;
        private final boolean activates;

        ConvNorm(Conv2d convolution, int channels, String name, boolean activates) {
            conv = child("conv", convolution.noBias());
            bn = child(name, BatchNorm2d.of(channels));
            this.activates = activates;
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor y = bn.forward(conv.forward(x));
            return seen(activates ? y.relu_() : y);
        }
    }

    /** Maybe a depthwise convolution, expand, maybe another, project; with the input added where shapes allow. */
    private static final class UniversalBottleneck extends Module {
        private final boolean shortcut;

        UniversalBottleneck(int in, int[] row) {
            int mid = row[2];
            int out = row[3];
            int stride = row[4];
            boolean halvesLater = row[1] > 0;
            depthwise("dw_start", in, row[0], halvesLater ? 1 : stride, false);
            child("pw_exp", new ConvNorm(Conv2d.of(in, mid, 1), mid, "bn", true));
            depthwise("dw_mid", mid, row[1], stride, true);
            child("pw_proj", new ConvNorm(Conv2d.of(mid, out, 1), out, "bn", false));
            shortcut = stride == 1 && in == out;
        }

        private void depthwise(String name, int channels, int kernel, int stride, boolean activates) {
            Optional.of(kernel)
                    .filter(size -> size > 0)
                    .map(size -> Conv2d.depthwise(channels, size).stride(stride).padding(size / 2))
                    .ifPresent(convolution -> child(name, new ConvNorm(convolution, channels, "bn", activates)));
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor y = x;
            for (Module unit : children().values()) {
                y = unit.forward(y);
            }
            return seen(shortcut ? y.add_(x) : y); // [N, out, H / stride, W / stride]
        }
    }
}
