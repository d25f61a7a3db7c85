package espalier.vision.model;

import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.FoldBatchNorm;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.MaxPool2d;
import espalier.nn.Module;
import espalier.nn.Sequential;
import espalier.tensor.Rng;
import espalier.tensor.Tensor;
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
    private final Conv2d conv1 =
            child("conv1", Conv2d.of(3, 64, 7).stride(2).padding(3).noBias());
    private final BatchNorm2d bn1 = child("bn1", BatchNorm2d.of(64));
    private final MaxPool2d maxpool = child("maxpool", MaxPool2d.of(3).stride(2).padding(1));
    private final List<Sequential> layers = new ArrayList<>();
    private final int width;
    private final Linear fc;

    private ResNet(boolean bottleneck, List<Integer> blocks, int classes) {
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
        width = in;
        fc = child("fc", Linear.of(width, classes));
    }

    /** With basic blocks, as many in each of the four stages as {@code blocks} says. */
    static ResNet basic(int classes, Integer... blocks) {
        return new ResNet(false, List.of(blocks), classes);
    }

    /** With bottlenecks, as many in each of the four stages as {@code blocks} says. */
    static ResNet bottlenecks(int classes, Integer... blocks) {
        return new ResNet(true, List.of(blocks), classes);
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

    @Override
    public Tensor classify(Tensor pooled) {
        return fc.forward(pooled);
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public List<String> classifierNames() {
        return List.of("fc");
    }

    /** Two groups, as in fastai: up to the second stage, and the other two. */
    @Override
    public List<List<Module>> groups() {
        return List.of(List.of(conv1, bn1, maxpool, layers.get(0), layers.get(1)), List.copyOf(layers.subList(2, 4)));
    }

    @Override
    protected void resetParameters(Rng rng) {
        double bound = 1 / Math.sqrt(width);
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
