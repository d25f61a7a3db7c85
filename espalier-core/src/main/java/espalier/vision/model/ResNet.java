package espalier.vision.model;

import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.FoldBatchNorm;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.MaxPool2d;
import espalier.nn.Module;
import espalier.nn.Sequential;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Residual networks of 18 to 152 layers, with torchvision's parameter names. As there the stride of a bottleneck is in
 * its 3x3 convolution, not in the first 1x1 as in the paper.
 *
 * @paper He, Zhang, Ren and Sun 2015, "Deep residual learning for image recognition", table 1
 */
public final class ResNet extends Backbone implements FoldBatchNorm.InOrder {
    private static final String PAPER = "He, Zhang, Ren and Sun 2015, Deep residual learning for image recognition,"
            + " https://arxiv.org/abs/1512.03385";

    private final Conv2d conv1 =
            child("conv1", Conv2d.of(3, 64, 7).stride(2).padding(3).noBias());
    private final BatchNorm2d bn1 = child("bn1", BatchNorm2d.of(64));
    private final MaxPool2d maxpool = child("maxpool", MaxPool2d.of(3).stride(2).padding(1));
    private final List<Sequential> layers = new ArrayList<>();

    private ResNet(boolean bottleneck, List<Integer> blocks, int classes) {
        super(bottleneck ? 2048 : 512, "fc");
        int in = 64;
        for (int stage = 0; stage < blocks.size(); stage++) {
            int mid = 64 << stage;
            var units = new ArrayList<Module>();
            for (int i = 0; i < blocks.get(stage); i++) {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                units.add(bottleneck ? new Bottleneck(in, mid, stride) : new Basic(in, mid, stride));
                in = bottleneck ? 4 * mid : mid;
            }
            layers.add(child("layer" + (stage + 1), Sequential.of(units)));
        }
        child("fc", Linear.of(in, classes));
    }

    /** The network of so many layers, pictures of 224. */
    static Architecture architecture(int layers) {
        String name = "resnet" + layers;
        return Architecture.of(name, PAPER, classes -> of(layers, classes)).weights(published(name, layers));
    }

    private static PretrainedWeights[] published(String name, int layers) {
        return switch (layers) {
            case 18 -> new PretrainedWeights[] {v1(name, "f37072fd", 69.758)};
            case 34 -> new PretrainedWeights[] {v1(name, "b627a593", 73.314)};
            case 50 -> new PretrainedWeights[] {v2(name, "11ad3fa6", 80.858), v1(name, "0676ba61", 76.13)};
            case 101 -> new PretrainedWeights[] {v2(name, "cd907fc2", 81.886), v1(name, "63fe2227", 77.374)};
            default -> new PretrainedWeights[] {v2(name, "f82ba261", 82.284), v1(name, "394f9c45", 78.312)};
        };
    }

    private static PretrainedWeights v1(String name, String hash, double top1) {
        return PretrainedWeights.torchvision(name, "imagenet1k-v1", name + "-" + hash, top1);
    }

    private static PretrainedWeights v2(String name, String hash, double top1) {
        return PretrainedWeights.torchvision(name, "imagenet1k-v2", name + "-" + hash, top1)
                .sizes(224, 232);
    }

    private static ResNet of(int layers, int classes) {
        return switch (layers) {
            case 18 -> new ResNet(false, List.of(2, 2, 2, 2), classes);
            case 34 -> new ResNet(false, List.of(3, 4, 6, 3), classes);
            case 50 -> new ResNet(true, List.of(3, 4, 6, 3), classes);
            case 101 -> new ResNet(true, List.of(3, 4, 23, 3), classes);
            case 152 -> new ResNet(true, List.of(3, 8, 36, 3), classes);
            default ->
                throw new IllegalArgumentException("ResNet has 18, 34, 50, 101 or 152 layers, received " + layers);
        };
    }

    @Override
    public Tensor features(Tensor x) {
        x = bn1.forward(conv1.forward(x)).relu_(); // [N, 64, H / 2, W / 2]
        x = maxpool.forward(x); // [N, 64, H / 4, W / 4]
        for (Sequential layer : layers) {
            x = layer.forward(x);
        }
        return x; // [N, width, H / 32, W / 32]
    }

    /** Two groups, as in fastai: up to the second stage, and the other two. */
    @Override
    public List<List<Module>> groups() {
        return List.of(List.of(conv1, bn1, maxpool, layers.get(0), layers.get(1)), List.copyOf(layers.subList(2, 4)));
    }

    @Override
    protected void resetParameters(Rng rng) {
        double bound = 1 / Math.sqrt(width());
        drawAs(Init.uniform(-bound, bound), rng);
    }

    /** The shortcut's projection where the shape changes. */
    private static Optional<Sequential> projection(int in, int out, int stride) {
        return in == out && stride == 1
                ? Optional.empty()
                : Optional.of(Sequential.of(Conv2d.of(in, out, 1).stride(stride).noBias(), BatchNorm2d.of(out)));
    }

    /** Two 3x3 convolutions beside a shortcut. */
    private static final class Basic extends Module implements FoldBatchNorm.InOrder {
        private final Conv2d conv1;
        private final BatchNorm2d bn1;
        private final Conv2d conv2;
        private final BatchNorm2d bn2;
        private final Optional<Sequential> downsample;

        Basic(int in, int out, int stride) {
            conv1 = child(
                    "conv1", Conv2d.of(in, out, 3).stride(stride).padding(1).noBias());
            bn1 = child("bn1", BatchNorm2d.of(out));
            conv2 = child("conv2", Conv2d.of(out, out, 3).padding(1).noBias());
            bn2 = child("bn2", BatchNorm2d.of(out));
            downsample = projection(in, out, stride).map(unit -> child("downsample", unit));
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor y = bn1.forward(conv1.forward(x)).relu_();
            y = bn2.forward(conv2.forward(y));
            Tensor shortcut = downsample.isPresent() ? downsample.get().forward(x) : x;
            return seen(y.add_(shortcut).relu_()); // [N, out, H / stride, W / stride]
        }
    }

    /** A 3x3 convolution between two 1x1 ones beside a shortcut; four times as many channels come out. */
    private static final class Bottleneck extends Module implements FoldBatchNorm.InOrder {
        private final Conv2d conv1;
        private final BatchNorm2d bn1;
        private final Conv2d conv2;
        private final BatchNorm2d bn2;
        private final Conv2d conv3;
        private final BatchNorm2d bn3;
        private final Optional<Sequential> downsample;

        Bottleneck(int in, int mid, int stride) {
            conv1 = child("conv1", Conv2d.of(in, mid, 1).noBias());
            bn1 = child("bn1", BatchNorm2d.of(mid));
            conv2 = child(
                    "conv2", Conv2d.of(mid, mid, 3).stride(stride).padding(1).noBias());
            bn2 = child("bn2", BatchNorm2d.of(mid));
            conv3 = child("conv3", Conv2d.of(mid, 4 * mid, 1).noBias());
            bn3 = child("bn3", BatchNorm2d.of(4 * mid));
            downsample = projection(in, 4 * mid, stride).map(unit -> child("downsample", unit));
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor y = bn1.forward(conv1.forward(x)).relu_();
            y = bn2.forward(conv2.forward(y)).relu_(); // [N, mid, H / stride, W / stride]
            y = bn3.forward(conv3.forward(y)); // [N, 4 mid, H / stride, W / stride]
            Tensor shortcut = downsample.isPresent() ? downsample.get().forward(x) : x;
            return seen(y.add_(shortcut).relu_());
        }
    }
}
