package espalier.vision.model;

import espalier.nn.AvgPool2d;
import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.FoldBatchNorm;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.MaxPool2d;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.List;
import java.util.regex.Pattern;

/**
 * DenseNet-121 with torchvision's parameter names: each layer sees the maps of all before it in its block. Norms come
 * before convolutions, so that only those inside of a layer can be folded.
 *
 * @paper Huang, Liu, van der Maaten and Weinberger 2016, "Densely connected convolutional networks", table 1
 */
final class DenseNet extends Backbone {
    private static final String PAPER =
            "Huang, Liu, van der Maaten and Weinberger 2016, Densely connected convolutional"
                    + " networks, https://arxiv.org/abs/1608.06993";
    private static final int GROWTH = 32;
    private static final int BOTTLENECK = 4 * GROWTH;
    private static final int WIDTH = 1024;
    private static final int[] BLOCKS = {6, 12, 24, 16};
    /** The published file says {@code norm.1} for {@code norm1}, as module names could hold dots once. */
    private static final Pattern OLD = Pattern.compile("(.*denselayer\\d+\\.(?:norm|conv))\\.([12]\\..*)");

    private final Features features = child("features", new Features());
    private final Linear classifier;

    private DenseNet(int classes) {
        super(WIDTH, "classifier");
        classifier = child("classifier", Linear.of(WIDTH, classes));
    }

    static Architecture architecture() {
        String name = "densenet121";
        return Architecture.of(name, PAPER, DenseNet::new)
                .weights(PretrainedWeights.torchvision(name, "imagenet1k-v1", "densenet121-a639ec97", 74.434));
    }

    @Override
    protected String renamed(String published) {
        return OLD.matcher(published).replaceFirst("$1$2");
    }

    @Override
    public Tensor features(Tensor x) {
        return features.forward(x).relu_(); // [N, 1024, H / 32, W / 32]
    }

    /** Two groups, as in fastai: up to the second block, and the rest. */
    @Override
    public List<List<Module>> groups() {
        return split(features, 7);
    }

    @Override
    protected void resetParameters(Rng rng) {
        int position = 0;
        for (Module module : modules().values()) {
            position++;
            if (module instanceof Conv2d convolution) {
                Init.kaimingNormal().apply(convolution.weight(), rng.derive(position));
            }
        }
        classifier.bias().ifPresent(bias -> Init.constant(0).apply(bias, rng));
    }

    /** Children one after the other, under names of their own. */
    private abstract static class Named extends Module implements FoldBatchNorm.InOrder {
        @Override
        public Tensor forward(Tensor x) {
            for (Module module : children().values()) {
                x = module.forward(x);
            }
            return seen(x);
        }
    }

    /** Stem, blocks, and between them transitions that halve channels and sides. */
    private static final class Features extends Named {
        Features() {
            child("conv0", Conv2d.of(3, 2 * GROWTH, 7).stride(2).padding(3).noBias());
            child("norm0", BatchNorm2d.of(2 * GROWTH));
            child("relu0", ReLU.of().inPlace());
            child("pool0", MaxPool2d.of(3).stride(2).padding(1));
            int channels = 2 * GROWTH;
            for (int i = 0; i < BLOCKS.length; i++) {
                child("denseblock" + (i + 1), new Block(channels, BLOCKS[i]));
                channels += GROWTH * BLOCKS[i];
                if (i < BLOCKS.length - 1) {
                    child("transition" + (i + 1), new Transition(channels));
                    channels /= 2;
                }
            }
            child("norm5", BatchNorm2d.of(channels));
        }
    }

    /** Layers of which each adds its maps to those that it was given. */
    private static final class Block extends Named {
        Block(int in, int layers) {
            for (int i = 0; i < layers; i++) {
                child("denselayer" + (i + 1), new Layer(in + i * GROWTH));
            }
        }
    }

    private static final class Layer extends Named {
        Layer(int in) {
            child("norm1", BatchNorm2d.of(in));
            child("relu1", ReLU.of().inPlace());
            child("conv1", Conv2d.of(in, BOTTLENECK, 1).noBias());
            child("norm2", BatchNorm2d.of(BOTTLENECK));
            child("relu2", ReLU.of().inPlace());
            child("conv2", Conv2d.of(BOTTLENECK, GROWTH, 3).padding(1).noBias());
        }

        @Override
        public Tensor forward(Tensor x) {
            return Tensor.cat(List.of(x, super.forward(x)), 1); // [N, in + 32, H, W]
        }
    }

    private static final class Transition extends Named {
        Transition(int in) {
            child("norm", BatchNorm2d.of(in));
            child("relu", ReLU.of().inPlace());
            child("conv", Conv2d.of(in, in / 2, 1).noBias());
            child("pool", AvgPool2d.of(2));
        }
    }
}
