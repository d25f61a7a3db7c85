package espalier.vision.model;

import espalier.nn.AdaptiveAvgPool2d;
import espalier.nn.Conv2d;
import espalier.nn.Dropout;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.MaxPool2d;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * VGG of 16 layers without batch norm, with torchvision's parameter names. Nine tenths of its 138 million parameters are
 * in the classifier, which transfer learning leaves out.
 *
 * @paper Simonyan and Zisserman 2014, "Very deep convolutional networks for large-scale image recognition", table 1, D
 */
final class Vgg extends Backbone {
    private static final String PAPER = "Simonyan and Zisserman 2014, Very deep convolutional networks for large-scale"
            + " image recognition, https://arxiv.org/abs/1409.1556";
    private static final int WIDTH = 512;
    private static final int GRID = 7;
    private static final int HIDDEN = 4096;
    /** Channels of the convolutions of each stage, which a pool ends. */
    private static final int[][] STAGES = {{64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, WIDTH}};

    private final Sequential features;
    private final AdaptiveAvgPool2d avgpool;
    private final Sequential classifier;

    private Vgg(int classes) {
        super(WIDTH, "avgpool", "classifier");
        var layers = new ArrayList<Module>();
        int in = 3;
        for (int[] stage : STAGES) {
            for (int out : stage) {
                layers.add(Conv2d.of(in, out, 3).padding(1));
                layers.add(ReLU.of().inPlace());
                in = out;
            }
            layers.add(MaxPool2d.of(2));
        }
        features = child("features", Sequential.of(layers));
        avgpool = child("avgpool", AdaptiveAvgPool2d.of(GRID));
        classifier = child(
                "classifier",
                Sequential.of(
                        Linear.of(WIDTH * GRID * GRID, HIDDEN),
                        ReLU.of().inPlace(),
                        Dropout.of(0.5),
                        Linear.of(HIDDEN, HIDDEN),
                        ReLU.of().inPlace(),
                        Dropout.of(0.5),
                        Linear.of(HIDDEN, classes)));
    }

    static Architecture architecture() {
        return Architecture.of("vgg16", PAPER, Vgg::new)
                .weights(PretrainedWeights.torchvision("vgg16", "imagenet1k-v1", "vgg16-397923af", 71.592));
    }

    @Override
    public Tensor classify(Tensor features) {
        Tensor grid = avgpool.forward(features); // [N, 512, 7, 7]
        return classifier.forward(grid.flatten(1, 3)); // [N, classes]
    }

    /** Two groups, as in fastai: up to the second convolution of the fourth stage, and the rest. */
    @Override
    public List<List<Module>> groups() {
        return split(features, 22);
    }

    @Override
    protected void resetParameters(Rng rng) {
        drawAs(Init.normal(0, 0.01), rng);
    }
}
