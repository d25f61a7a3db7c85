package espalier.examples.book;

import espalier.nn.AdaptiveAvgPool2d;
import espalier.nn.Conv2d;
import espalier.nn.Dropout;
import espalier.nn.Linear;
import espalier.nn.MaxPool2d;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.tensor.Tensor;

/** A convolutional network of AlexNet's shape, with a smaller head. */
// region network
public final class CNNNet extends Module {
    private final Sequential features = child(
            "features",
            Sequential.of(
                    Conv2d.of(3, 64, 11).stride(4).padding(2), // [N, 64, 15, 15] for 64 pixels
                    ReLU.of(),
                    MaxPool2d.of(3).stride(2), // [N, 64, 7, 7]
                    Conv2d.of(64, 192, 5).padding(2),
                    ReLU.of(),
                    MaxPool2d.of(3).stride(2), // [N, 192, 3, 3]
                    Conv2d.of(192, 384, 3).padding(1),
                    ReLU.of(),
                    Conv2d.of(384, 256, 3).padding(1),
                    ReLU.of(),
                    Conv2d.of(256, 256, 3).padding(1),
                    ReLU.of(),
                    MaxPool2d.of(3).stride(2))); // [N, 256, 1, 1]
    private final AdaptiveAvgPool2d avgpool = child("avgpool", AdaptiveAvgPool2d.of(6)); // [N, 256, 6, 6]
    private final Sequential classifier;

    /** A network for so many classes; {@code dropout} 0.5 is the usual. */
    public CNNNet(int classes, double dropout) {
        classifier = child(
                "classifier",
                Sequential.of(
                        Dropout.of(dropout),
                        Linear.of(256 * 6 * 6, 512),
                        ReLU.of(),
                        Dropout.of(dropout),
                        Linear.of(512, 256),
                        ReLU.of(),
                        Linear.of(256, classes)));
    }

    @Override
    public Tensor forward(Tensor x) { // [N, 3, 64, 64]
        x = avgpool.forward(features.forward(x)); // [N, 256, 6, 6]
        return classifier.forward(x.flatten(1, -1)); // [N, classes]
    }
}
// endregion
