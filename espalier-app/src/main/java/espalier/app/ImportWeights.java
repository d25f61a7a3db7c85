package espalier.app;

import espalier.files.Sha256;
import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.vision.PublishedNetwork;
import espalier.vision.model.Architecture;
import espalier.vision.model.Models;
import espalier.weights.ImageNetClasses;
import espalier.weights.PretrainedWeights;
import espalier.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The job of turning a {@code .pth} file of PyTorch's, or safetensors of timm's, into a model file that predicts. Nothing in the file is run;
 * every name and shape must fit the architecture, or nothing is written.
 *
 * @param pth the file with a state dict, in PyTorch's zip or legacy format or in safetensors
 * @param model the architecture's name
 * @param out the model file to write
 * @param classes what the outputs are called; empty: ImageNet's labels for 1,000 outputs, else {@code "0", "1" ...}
 */
public record ImportWeights(Path pth, String model, Path out, List<String> classes) {
    /** With the usual names of classes. */
    public static ImportWeights of(Path pth, String model, Path out) {
        return new ImportWeights(pth, model, out, List.of());
    }

    /** A copy with names for the classes, in the order of the outputs. */
    public ImportWeights classes(List<String> names) {
        return new ImportWeights(pth, model, out, List.copyOf(names));
    }

    /**
     * What was written.
     *
     * @param document what the file says about the model
     * @param tensors how many tensors it has
     */
    public record Result(ModelDocument document, int tensors) {}

    /**
     * Converts.
     *
     * @throws ModelFileException when the file cannot be read, asks to run anything, or does not fit
     * @throws IllegalArgumentException when there is no such architecture, or as many classes as names are not there
     */
    public Result run() {
        var architecture = Models.named(model);
        var published = Weights.read(pth);
        int outputs = outputs(architecture, published);
        var names = names(outputs);
        Map<String, RawTensor> tensors;
        try (var network = architecture.create(outputs)) {
            tensors = network.renamed(published);
            Weights.load(network, tensors, pth.toString());
        }
        String digest = sha256(pth);
        var weights = published(architecture, digest);
        boolean known = weights.isOf(digest);
        var document = PublishedNetwork.document(weights, names)
                .provenance(
                        known
                                ? weights.provenance()
                                : new ModelDocument.Provenance(
                                        String.valueOf(pth.getFileName()), "unknown", pth.toString(), digest));
        return new Result(ModelFile.save(out, document, tensors), tensors.size());
    }

    /** The published weights that the file is, or the default ones, whose preparation of pictures is then assumed. */
    private static PretrainedWeights published(Architecture architecture, String digest) {
        return architecture.weights().stream()
                .filter(weights -> weights.isOf(digest))
                .findFirst()
                .orElseGet(architecture::published);
    }

    /** The number of values of the network's last tensor: the classifier's bias in every architecture of the catalogue. */
    private int outputs(Architecture architecture, Map<String, RawTensor> published) {
        try (var network = architecture.create(1)) {
            String last = network.parameters().keySet().stream()
                    .reduce((first, second) -> second)
                    .orElseThrow();
            var tensor = network.renamed(published).get(last);
            if (tensor == null || tensor.shape().length != 1) {
                network.load(published, pth.toString()); // says all that does not fit
                throw new IllegalStateException(architecture.name() + " has no bias " + last);
            }
            return (int) tensor.shape()[0];
        }
    }

    private List<String> names(int outputs) {
        if (classes.isEmpty()) {
            return outputs == PretrainedWeights.CLASSES
                    ? ImageNetClasses.labels()
                    : IntStream.range(0, outputs).mapToObj(Integer::toString).toList();
        }
        if (classes.size() != outputs) {
            throw new IllegalArgumentException(pth + " has " + outputs + " outputs, but there are " + classes.size()
                    + " names of classes. Maybe the list belongs to another model.");
        }
        return classes;
    }

    /** The SHA-256 of a file's content, in hexadecimal digits. */
    private static String sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
