package espalier.vision;

import espalier.format.ModelDocument;
import espalier.format.ModelFileException;
import espalier.image.Interpolation;
import espalier.image.ResizeShortSide;
import espalier.loss.Activation;
import espalier.predict.ImageTask;
import espalier.vision.model.Models;
import espalier.weights.ImageNetClasses;
import espalier.weights.PretrainedWeights;
import espalier.weights.WeightCache;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Networks as they were published, with their own heads. */
public final class PublishedNetwork {
    private PublishedNetwork() {}

    /**
     * ImageNet's 1,000 classes by an architecture's published weights.
     *
     * @throws IllegalArgumentException when these have no classifier
     * @throws ModelFileException when the weights are neither bundled nor cached and cannot be downloaded
     */
    public static ImageTask task(String architecture, WeightCache cache) {
        var weights = Models.named(architecture).published();
        if (weights.classes() == 0) {
            throw new IllegalArgumentException(
                    "the published weights of %s have no classifier: they say nothing of a".formatted(weights.model())
                            + " picture by themselves. Maybe train one on top of them (espalier train image).");
        }
        var tensors = cache.load(weights);
        var document = document(cache.identified(weights), ImageNetClasses.labels());
        return new ImageTask(document, ImageNetwork.of(document, tensors, weights.file()), Optional.empty());
    }

    /**
     * The document of a model file with a network as it was published, its own head included.
     *
     * @param weights whose preparation of pictures is written down
     * @param classes what the network's outputs are called
     */
    public static ModelDocument document(PretrainedWeights weights, List<String> classes) {
        var resize = new ResizeShortSide(
                weights.resizeSize(),
                weights.inputSize(),
                Interpolation.valueOf(weights.interpolation().toUpperCase(Locale.ROOT)));
        return ModelDocument.of(
                        VisionExporter.CLASSIFICATION,
                        new ModelDocument.Architecture(weights.model(), Map.of("head", ImageNetwork.PUBLISHED)),
                        classes)
                .transforms(List.of(new ModelDocument.Step(resize.name(), resize.parameters())))
                .normalisation(weights.normalisation())
                .activation(Activation.SOFTMAX.modelName())
                .provenance(weights.provenance());
    }
}
