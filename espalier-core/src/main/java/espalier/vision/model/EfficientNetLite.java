package espalier.vision.model;

import espalier.format.ModelDocument;
import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.Dropout;
import espalier.nn.FoldBatchNorm;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU6;
import espalier.nn.Sequential;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;

/**
 * EfficientNet-Lite0 to 2: EfficientNet without squeeze-and-excitation and with ReLU6, for processors and quantising.
 * Parameter names are those of the published weights, {@code _conv_stem.weight} and so on; padding is TensorFlow's
 * "same", batch norms have eps 1e-3 and momentum 0.01. Stem, head and the repeats of the first and last stage do not
 * scale.
 *
 * @paper Tan and Le 2019, "EfficientNet: rethinking model scaling for convolutional neural networks"; the Lite variant
 *     is TensorFlow's of 2020
 */
public final class EfficientNetLite extends Backbone implements FoldBatchNorm.InOrder {
    private static final int STEM = 32;
    private static final int[] SIZES = {224, 240, 260};
    private static final int WIDTH = 1280;
    /** Repeats, kernel, stride, expansion and channels of each stage. */
    private static final int[][] STAGES = {
        {1, 3, 1, 1, 16},
        {2, 3, 2, 6, 24},
        {2, 5, 2, 6, 40},
        {3, 3, 2, 6, 80},
        {3, 5, 1, 6, 112},
        {4, 5, 2, 6, 192},
        {1, 3, 1, 6, 320}
    };

    private final Conv2d stem =
            child("_conv_stem", convolution(Conv2d.of(3, STEM, 3).stride(2)));
    private final BatchNorm2d stemNorm = child("_bn0", norm(STEM));
    private final ReLU6 activation = ReLU6.of().inPlace();
    private final Sequential blocks;
    private final Conv2d head;
    private final BatchNorm2d headNorm;
    private final Linear fc;

    private EfficientNetLite(double width, double depth, double drop, int classes) {
        super(WIDTH, "_dropout", "_fc");
        var units = new ArrayList<Module>();
        int in = STEM;
        for (int stage = 0; stage < STAGES.length; stage++) {
            int[] plan = STAGES[stage];
            int out = Units.multipleOf8(plan[4] * width);
            boolean scaled = stage > 0 && stage < STAGES.length - 1;
            int repeats = scaled ? (int) Math.ceil(plan[0] * depth) : plan[0];
            for (int i = 0; i < repeats; i++) {
                units.add(new Block(in, out, plan[1], i == 0 ? plan[2] : 1, plan[3]));
                in = out;
            }
        }
        blocks = child("_blocks", Sequential.of(units));
        head = child("_conv_head", convolution(Conv2d.of(in, WIDTH, 1)));
        headNorm = child("_bn1", norm(WIDTH));
        child("_dropout", Dropout.of(drop));
        fc = child("_fc", Linear.of(WIDTH, classes));
    }

    /** Variant 0, 1 or 2. */
    static Architecture architecture(int variant) {
        var plain = Architecture.of("efficientnet-lite" + variant, EfficientNet.PAPER, classes -> of(variant, classes))
                .inputSize(SIZES[variant]);
        return variant == 0 ? plain.weights(published()) : plain;
    }

    /**
     * Published for PyTorch without a rule for resizing. On a sample of 59 photos bilinear does no worse (56 right;
     * bicubic 54: within chance), and it is the faster and the more usual of the two.
     */
    private static PretrainedWeights published() {
        var statistics = new ModelDocument.Normalisation(
                Collections.nCopies(3, 127 / 255.0), Collections.nCopies(3, 128 / 255.0));
        return new PretrainedWeights(
                "efficientnet-lite0",
                "imagenet1k-v1",
                "efficientnet-lite0-57934424.pth",
                Optional.empty(),
                "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
                224,
                256,
                "bilinear",
                statistics,
                "Apache-2.0",
                75.1,
                PretrainedWeights.CLASSES);
    }

    private static EfficientNetLite of(int variant, int classes) {
        return switch (variant) {
            case 0 -> new EfficientNetLite(1, 1, 0.2, classes);
            case 1 -> new EfficientNetLite(1, 1.1, 0.2, classes);
            case 2 -> new EfficientNetLite(1.1, 1.2, 0.3, classes);
            default -> throw new IllegalArgumentException("EfficientNet-Lite is 0, 1 or 2 here, received " + variant);
        };
    }

    private static Conv2d convolution(Conv2d plain) {
        return plain.samePadding().mirrored().noBias();
    }

    private static BatchNorm2d norm(int channels) {
        return BatchNorm2d.of(channels).eps(1e-3).momentum(0.01);
    }

    @Override
    public Tensor features(Tensor x) {
        // All convolutions are mirrored, so that "same" padding copies nothing; see Conv2d.mirrored.
        x = x.flip(2, 3); // [N, 3, H, W]
        x = activation.forward(stemNorm.forward(stem.forward(x))); // [N, 32, H / 2, W / 2]
        x = blocks.forward(x); // [N, 320 * width, H / 32, W / 32]
        x = activation.forward(headNorm.forward(head.forward(x))); // [N, 1280, H / 32, W / 32]
        return x.flip(2, 3);
    }

    @Override
    protected void resetParameters(Rng rng) {
        double bound = 1 / Math.sqrt(fc.weight().size(0));
        drawAs(Init.uniform(-bound, bound), rng);
    }

    /** Expand, depthwise convolution, project without activation; with the input added where shapes allow. */
    private static final class Block extends Module implements FoldBatchNorm.InOrder {
        private final ReLU6 activation = ReLU6.of().inPlace();
        private final Optional<Conv2d> expand;
        private final Optional<BatchNorm2d> expandNorm;
        private final Conv2d depthwise;
        private final BatchNorm2d depthwiseNorm;
        private final Conv2d project;
        private final BatchNorm2d projectNorm;
        private final boolean shortcut;

        Block(int in, int out, int kernel, int stride, int expansion) {
            int mid = in * expansion;
            boolean expands = expansion > 1;
            expand =
                    expands ? Optional.of(child("_expand_conv", convolution(Conv2d.of(in, mid, 1)))) : Optional.empty();
            expandNorm = expands ? Optional.of(child("_bn0", norm(mid))) : Optional.empty();
            depthwise = child(
                    "_depthwise_conv", convolution(Conv2d.depthwise(mid, kernel).stride(stride)));
            depthwiseNorm = child("_bn1", norm(mid));
            project = child("_project_conv", convolution(Conv2d.of(mid, out, 1)));
            projectNorm = child("_bn2", norm(out));
            shortcut = stride == 1 && in == out;
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor y = x;
            if (expand.isPresent() && expandNorm.isPresent()) {
                y = activation.forward(expandNorm.get().forward(expand.get().forward(y))); // [N, mid, H, W]
            }
            y = activation.forward(depthwiseNorm.forward(depthwise.forward(y))); // [N, mid, H / stride, W / stride]
            y = projectNorm.forward(project.forward(y)); // [N, out, H / stride, W / stride]
            return seen(shortcut ? y.add_(x) : y);
        }
    }
}
