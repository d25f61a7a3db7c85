package espalier.app;

import espalier.model.ImageNetClasses;
import espalier.model.ModelDocument;
import espalier.model.ModelFile;
import espalier.model.ModelFileException;
import espalier.model.PretrainedWeights;
import espalier.model.PthReader;
import espalier.model.RawTensor;
import espalier.model.Weights;
import espalier.vision.ImageTask;
import espalier.vision.model.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The job of turning a {@code .pth} file of PyTorch's into a model file that predicts. Nothing in the file is run;
 * every name and shape must fit the architecture, or nothing is written.
 *
 * @param pth the file with a state dict, in PyTorch's zip or legacy format
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
        var tensors = PthReader.read(pth);
        int outputs = outputs(tensors);
        var names = names(outputs);
        try (var network = architecture.create(outputs)) {
            Weights.load(network, tensors, pth.toString());
        }
        String digest = sha256(pth);
        var weights = published(architecture.name(), digest);
        boolean known = digest.startsWith(weights.sha256());
        var document = ImageTask.document(weights, names)
                .provenance(
                        known
                                ? weights.provenance()
                                : new ModelDocument.Provenance(
                                        String.valueOf(pth.getFileName()), "unknown", pth.toString(), digest));
        return new Result(ModelFile.save(out, document, tensors), tensors.size());
    }

    /** The published weights that the file is, or the default ones, whose preparation of pictures is then assumed. */
    private static PretrainedWeights published(String architecture, String digest) {
        return PretrainedWeights.all().stream()
                .filter(weights -> weights.model().equals(architecture) && digest.startsWith(weights.sha256()))
                .findFirst()
                .orElseGet(() -> PretrainedWeights.of(architecture));
    }

    /** The rows of the last matrix: that of the classifier in every architecture of the catalogue. */
    private int outputs(Map<String, RawTensor> tensors) {
        return tensors.values().stream()
                .filter(tensor -> tensor.shape().length == 2)
                .reduce((first, second) -> second)
                .map(tensor -> (int) tensor.shape()[0])
                .orElseThrow(() -> new ModelFileException(pth + ": there is no matrix among its " + tensors.size()
                        + " tensors, so no classifier. Maybe it holds the body of a network alone."));
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
    static String sha256(Path file) {
        try (var in = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[1 << 20];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
