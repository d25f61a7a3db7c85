package espalier.vision.model;

import espalier.nn.Conv2d;
import espalier.nn.Dropout;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.MaxPool2d;
import espalier.nn.Module;
import espalier.rng.Rng;
import espalier.tensor.Pooling;
import espalier.tensor.Pooling.Windows;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Inception-v3 with torchvision's parameter names, for pictures of 299 and of 75 or more. The auxiliary classifier is
 * there for the published file, but does not run.
 *
 * @paper Szegedy, Vanhoucke, Ioffe, Shlens and Wojna 2015, "Rethinking the Inception architecture for computer vision",
 *     table 1 and figures 5 to 7
 */
final class InceptionV3 extends Backbone {
    private static final String PAPER = "Szegedy, Vanhoucke, Ioffe, Shlens and Wojna 2015, Rethinking the Inception"
            + " architecture for computer vision, https://arxiv.org/abs/1512.00567";
    private static final int WIDTH = 2048;
    private static final int SIZE = 299;

    private final Dropout dropout;
    private final Linear fc;

    private InceptionV3(int classes) {
        super(WIDTH, "AuxLogits", "dropout", "fc");
        child("Conv2d_1a_3x3", halving(3, 32));
        child("Conv2d_2a_3x3", BasicConv2d.of(Conv2d.of(32, 32, 3)));
        child("Conv2d_2b_3x3", BasicConv2d.same(32, 64, 3));
        child("maxpool1", MaxPool2d.of(3).stride(2));
        child("Conv2d_3b_1x1", BasicConv2d.same(64, 80, 1));
        child("Conv2d_4a_3x3", BasicConv2d.of(Conv2d.of(80, 192, 3)));
        child("maxpool2", MaxPool2d.of(3).stride(2));
        child("Mixed_5b", a(192, 32));
        child("Mixed_5c", a(256, 64));
        child("Mixed_5d", a(288, 64));
        child("Mixed_6a", b(288));
        child("Mixed_6b", c(768, 128));
        child("Mixed_6c", c(768, 160));
        child("Mixed_6d", c(768, 160));
        child("Mixed_6e", c(768, 192));
        child("AuxLogits", new Auxiliary(classes));
        child("Mixed_7a", d(768));
        child("Mixed_7b", new E(1280));
        child("Mixed_7c", new E(WIDTH));
        dropout = child("dropout", Dropout.of(0.5));
        fc = child("fc", Linear.of(WIDTH, classes));
    }

    /** The published weights want inputs from -1 to 1, to which torchvision turns those of ImageNet's statistics. */
    static Architecture architecture() {
        String name = "inception-v3";
        return Architecture.of(name, PAPER, InceptionV3::new)
                .inputSize(SIZE)
                .weights(PretrainedWeights.torchvision(name, "imagenet1k-v1", "inception_v3_google-0cc3c7bd", 77.294)
                        .sizes(SIZE, 342)
                        .statistics(0.5, 0.5));
    }

    private static BasicConv2d halving(int in, int out) {
        return BasicConv2d.of(Conv2d.of(in, out, 3).stride(2));
    }

    @Override
    public Tensor classify(Tensor features) {
        return fc.forward(dropout.forward(means(features)));
    }

    @Override
    protected void resetParameters(Rng rng) {
        drawWeights(Init.truncatedNormal(0.1), rng);
    }

    /** The units of figure 5. */
    private static Mixed a(int in, int pooled) {
        return new Mixed(true)
                .branch("branch1x1", BasicConv2d.same(in, 64, 1))
                .branch("branch5x5", BasicConv2d.same(in, 48, 1), BasicConv2d.same(48, 64, 5))
                .branch(
                        "branch3x3dbl",
                        BasicConv2d.same(in, 64, 1),
                        BasicConv2d.same(64, 96, 3),
                        BasicConv2d.same(96, 96, 3))
                .branch("branch_pool", BasicConv2d.same(in, pooled, 1));
    }

    /** Halves the sides. */
    private static Mixed b(int in) {
        return new Mixed(false)
                .branch("branch3x3", halving(in, 384))
                .branch("branch3x3dbl", BasicConv2d.same(in, 64, 1), BasicConv2d.same(64, 96, 3), halving(96, 96));
    }

    /** The units of figure 6, with kernels of 7. */
    private static Mixed c(int in, int mid) {
        return new Mixed(true)
                .branch("branch1x1", BasicConv2d.same(in, 192, 1))
                .branch(
                        "branch7x7",
                        BasicConv2d.same(in, mid, 1),
                        BasicConv2d.same(mid, mid, 1, 7),
                        BasicConv2d.same(mid, 192, 7, 1))
                .branch(
                        "branch7x7dbl",
                        BasicConv2d.same(in, mid, 1),
                        BasicConv2d.same(mid, mid, 7, 1),
                        BasicConv2d.same(mid, mid, 1, 7),
                        BasicConv2d.same(mid, mid, 7, 1),
                        BasicConv2d.same(mid, 192, 1, 7))
                .branch("branch_pool", BasicConv2d.same(in, 192, 1));
    }

    /** Halves the sides. */
    private static Mixed d(int in) {
        return new Mixed(false)
                .branch("branch3x3", BasicConv2d.same(in, 192, 1), halving(192, 320))
                .branch(
                        "branch7x7x3",
                        BasicConv2d.same(in, 192, 1),
                        BasicConv2d.same(192, 192, 1, 7),
                        BasicConv2d.same(192, 192, 7, 1),
                        halving(192, 192));
    }

    /** Branches of convolutions beside a pool, all of the same input, joined. */
    private static final class Mixed extends Module {
        private final List<List<Module>> branches = new ArrayList<>();
        private final boolean keepsSize;

        /** The last branch pools by means and keeps the size, or by largest values and halves it. */
        Mixed(boolean keepsSize) {
            this.keepsSize = keepsSize;
        }

        /** Adds a branch; several convolutions are numbered from 1. */
        Mixed branch(String name, BasicConv2d... convolutions) {
            for (int i = 0; i < convolutions.length; i++) {
                child(name + (convolutions.length == 1 ? "" : "_" + (i + 1)), convolutions[i]);
            }
            branches.add(List.of(convolutions));
            return this;
        }

        @Override
        public Tensor forward(Tensor x) {
            var results = new ArrayList<Tensor>();
            for (int i = 0; i < branches.size(); i++) {
                boolean pools = keepsSize && i == branches.size() - 1;
                Tensor y = pools ? means(x) : x;
                for (Module convolution : branches.get(i)) {
                    y = convolution.forward(y);
                }
                results.add(y);
            }
            if (!keepsSize) {
                results.add(Pooling.max2d(x, new Windows(3, 2, 0, false)));
            }
            return seen(Tensor.cat(results, 1));
        }

        private static Tensor means(Tensor x) {
            return Pooling.avg2d(x, new Windows(3, 1, 1, false), true);
        }
    }

    /** The units of figure 7: the last convolutions of two branches are two beside each other. */
    private static final class E extends Module {
        private final Map<String, BasicConv2d> own = new HashMap<>();

        E(int in) {
            enter("branch1x1", BasicConv2d.same(in, 320, 1));
            enter("branch3x3_1", BasicConv2d.same(in, 384, 1));
            enter("branch3x3_2a", BasicConv2d.same(384, 384, 1, 3));
            enter("branch3x3_2b", BasicConv2d.same(384, 384, 3, 1));
            enter("branch3x3dbl_1", BasicConv2d.same(in, 448, 1));
            enter("branch3x3dbl_2", BasicConv2d.same(448, 384, 3));
            enter("branch3x3dbl_3a", BasicConv2d.same(384, 384, 1, 3));
            enter("branch3x3dbl_3b", BasicConv2d.same(384, 384, 3, 1));
            enter("branch_pool", BasicConv2d.same(in, 192, 1));
        }

        private void enter(String name, BasicConv2d convolution) {
            own.put(name, child(name, convolution));
        }

        private Tensor run(String name, Tensor x) {
            return Objects.requireNonNull(own.get(name)).forward(x);
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor single = run("branch3x3_1", x); // [N, 384, H, W]
            Tensor twice = run("branch3x3dbl_2", run("branch3x3dbl_1", x)); // [N, 384, H, W]
            return seen(Tensor.cat(
                    List.of(
                            run("branch1x1", x),
                            run("branch3x3_2a", single),
                            run("branch3x3_2b", single),
                            run("branch3x3dbl_3a", twice),
                            run("branch3x3dbl_3b", twice),
                            run("branch_pool", Mixed.means(x))),
                    1)); // [N, 2048, H, W]
        }
    }

    /** The parameters of the auxiliary classifier. */
    private static final class Auxiliary extends Module {
        Auxiliary(int classes) {
            child("conv0", BasicConv2d.same(768, 128, 1));
            child("conv1", BasicConv2d.of(Conv2d.of(128, 768, 5)));
            child("fc", Linear.of(768, classes));
        }

        @Override
        public Tensor forward(Tensor x) {
            throw new UnsupportedOperationException("the auxiliary classifier does not run");
        }
    }
}
