package espalier.vision.model;

import espalier.nn.AdaptiveAvgPool2d;
import espalier.nn.Conv2d;
import espalier.nn.Dropout;
import espalier.nn.Linear;
import espalier.nn.MaxPool2d;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.List;

/**
 * AlexNet with torchvision's parameter names and its widths, which are those of the second paper: one column, no local
 * response normalisation. Pictures need 63 pixels a side or more.
 *
 * @paper Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks"
 */
final class AlexNet extends Backbone {
    private static final String PAPER = "Krizhevsky 2014, One weird trick for parallelizing convolutional neural"
            + " networks, https://arxiv.org/abs/1404.5997";
    private static final int WIDTH = 256;
    private static final int GRID = 6;
    private static final int HIDDEN = 4096;

    private final Sequential features = child(
            "features",
            Sequential.of(
                    Conv2d.of(3, 64, 11).stride(4).padding(2),
                    ReLU.of().inPlace(),
                    MaxPool2d.of(3).stride(2),
                    Conv2d.of(64, 192, 5).padding(2),
                    ReLU.of().inPlace(),
                    MaxPool2d.of(3).stride(2),
                    Conv2d.of(192, 384, 3).padding(1),
                    ReLU.of().inPlace(),
                    Conv2d.of(384, 256, 3).padding(1),
                    ReLU.of().inPlace(),
                    Conv2d.of(256, WIDTH, 3).padding(1),
                    ReLU.of().inPlace(),
                    MaxPool2d.of(3).stride(2)));
    private final AdaptiveAvgPool2d avgpool = child("avgpool", AdaptiveAvgPool2d.of(GRID));
    private final Sequential classifier;

    private AlexNet(int classes) {
        super(WIDTH, "avgpool", "classifier");
        classifier = child(
                "classifier",
                Sequential.of(
                        Dropout.of(0.5),
                        Linear.of(WIDTH * GRID * GRID, HIDDEN),
                        ReLU.of().inPlace(),
                        Dropout.of(0.5),
                        Linear.of(HIDDEN, HIDDEN),
                        ReLU.of().inPlace(),
                        Linear.of(HIDDEN, classes)));
    }

    static Architecture architecture() {
        return Architecture.of("alexnet", PAPER, AlexNet::new)
                .weights(PretrainedWeights.torchvision("alexnet", "imagenet1k-v1", "alexnet-owt-7be5be79", 56.522));
    }

    @Override
    public Tensor classify(Tensor features) {
        Tensor grid = avgpool.forward(features); // [N, 256, 6, 6]
        return classifier.forward(grid.flatten(1, 3)); // [N, classes]
    }

    /** Two groups, as in fastai: the first two convolutions, and the other three. */
    @Override
    public List<List<Module>> groups() {
        return split(features, 6);
    }

    @Override
    protected void resetParameters(Rng rng) {
        // The layers draw their own parameters, as torchvision's do.
    }
}
