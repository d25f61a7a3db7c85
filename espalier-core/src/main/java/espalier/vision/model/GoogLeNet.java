package espalier.vision.model;

import espalier.nn.Conv2d;
import espalier.nn.Dropout;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.MaxPool2d;
import espalier.nn.Module;
import espalier.nn.Sequential;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;

/**
 * GoogLeNet, the first Inception, with torchvision's parameter names, batch norms and 3x3 in place of 5x5 convolutions.
 * The two auxiliary classifiers are there for the published file, but do not run: they help to train from scratch
 * without batch norm, which this network has.
 *
 * @paper Szegedy et al. 2014, "Going deeper with convolutions", table 1
 */
final class GoogLeNet extends Backbone {
    private static final String PAPER =
            "Szegedy et al. 2014, Going deeper with convolutions, https://arxiv.org/abs/1409.4842";
    private static final int WIDTH = 1024;

    private final Dropout dropout;
    private final Linear fc;

    private GoogLeNet(int classes) {
        super(WIDTH, "aux1", "aux2", "dropout", "fc");
        child("conv1", BasicConv2d.of(Conv2d.of(3, 64, 7).stride(2).padding(3)));
        child("maxpool1", MaxPool2d.of(3).stride(2).ceil());
        child("conv2", BasicConv2d.same(64, 64, 1));
        child("conv3", BasicConv2d.same(64, 192, 3));
        child("maxpool2", MaxPool2d.of(3).stride(2).ceil());
        child("inception3a", new Inception(192, 64, 96, 128, 16, 32, 32));
        child("inception3b", new Inception(256, 128, 128, 192, 32, 96, 64));
        child("maxpool3", MaxPool2d.of(3).stride(2).ceil());
        child("inception4a", new Inception(480, 192, 96, 208, 16, 48, 64));
        child("inception4b", new Inception(512, 160, 112, 224, 24, 64, 64));
        child("inception4c", new Inception(512, 128, 128, 256, 24, 64, 64));
        child("inception4d", new Inception(512, 112, 144, 288, 32, 64, 64));
        child("inception4e", new Inception(528, 256, 160, 320, 32, 128, 128));
        child("maxpool4", MaxPool2d.of(2).ceil());
        child("inception5a", new Inception(832, 256, 160, 320, 32, 128, 128));
        child("inception5b", new Inception(832, 384, 192, 384, 48, 128, 128));
        child("aux1", new Auxiliary(512, classes));
        child("aux2", new Auxiliary(528, classes));
        dropout = child("dropout", Dropout.of(0.2));
        fc = child("fc", Linear.of(WIDTH, classes));
    }

    /** The published weights want inputs from -1 to 1, to which torchvision turns those of ImageNet's statistics. */
    static Architecture architecture() {
        String name = "googlenet";
        return Architecture.of(name, PAPER, GoogLeNet::new)
                .weights(PretrainedWeights.torchvision(name, "imagenet1k-v1", "googlenet-1378be20", 69.778)
                        .statistics(0.5, 0.5));
    }

    @Override
    public Tensor classify(Tensor features) {
        return fc.forward(dropout.forward(means(features)));
    }

    @Override
    protected void resetParameters(Rng rng) {
        drawWeights(Init.truncatedNormal(0.01), rng);
    }

    /** Convolutions of 1x1, of 3x3 twice, and a pool beside each other, joined. */
    private static final class Inception extends Module {
        Inception(int in, int one, int reduced3, int three, int reduced5, int five, int pooled) {
            child("branch1", BasicConv2d.same(in, one, 1));
            child("branch2", Sequential.of(BasicConv2d.same(in, reduced3, 1), BasicConv2d.same(reduced3, three, 3)));
            child("branch3", Sequential.of(BasicConv2d.same(in, reduced5, 1), BasicConv2d.same(reduced5, five, 3)));
            child(
                    "branch4",
                    Sequential.of(MaxPool2d.of(3).stride(1).padding(1).ceil(), BasicConv2d.same(in, pooled, 1)));
        }

        @Override
        public Tensor forward(Tensor x) {
            var branches = children().values().stream()
                    .map(branch -> branch.forward(x))
                    .toList();
            return seen(Tensor.cat(branches, 1)); // [N, one + three + five + pooled, H, W]
        }
    }

    /** The parameters of an auxiliary classifier. */
    private static final class Auxiliary extends Module {
        Auxiliary(int in, int classes) {
            child("conv", BasicConv2d.same(in, 128, 1));
            child("fc1", Linear.of(2048, 1024));
            child("fc2", Linear.of(1024, classes));
        }

        @Override
        public Tensor forward(Tensor x) {
            throw new UnsupportedOperationException("the auxiliary classifiers do not run");
        }
    }
}
