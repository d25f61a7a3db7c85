package espalier.app;

import espalier.format.ModelDocument;
import espalier.predict.Predictor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The job of making a folder that serves a model: the application, the model, a {@code Dockerfile}, a unit for systemd and
 * a README. It can be copied to any machine of the same kind that has Java.
 *
 * <pre>{@code
 * new PackageModel(Path.of("dogs.safetensors"), Path.of("/opt/espalier"), Path.of("dogs-server"), 8080).run(file -> {});
 * }</pre>
 *
 * @param model the model file; for a platform an ONNX file, or one that no engine computes, such as a linear one of texts
 * @param application the application folder, with {@code bin} and {@code lib}
 * @param out the folder to write: a new one, an empty one, or one that an earlier package went into, whose files this one
 *     then replaces; what the user added there stays
 * @param port at which the README and the unit serve
 * @param platform where it is to run, without libtorch; empty for machines like this one, with libtorch
 */
public record PackageModel(Path model, Path application, Path out, int port, Optional<Platform> platform) {
    /** Says what is out of range. */
    public PackageModel {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port is 1 to 65535, received " + port + ". Maybe 8080 is meant.");
        }
    }

    /** A package for machines like this one, with libtorch. */
    public PackageModel(Path model, Path application, Path out, int port) {
        this(model, application, out, port, Optional.empty());
    }

    /**
     * Writes the folder.
     *
     * @param written is told each file, relative to the folder
     * @return the files, relative to the folder
     * @throws espalier.format.ModelFileException when the model cannot be used
     * @throws IllegalArgumentException when the application folder is none
     * @throws UncheckedIOException when the folder cannot be written, or holds files that are not an earlier package's:
     *     with a {@link espalier.files.CannotWriteException}
     */
    public List<Path> run(Consumer<Path> written) {
        if (!Files.isRegularFile(application.resolve("bin/espalier"))
                || !Files.isDirectory(application.resolve("lib"))) {
            throw new IllegalArgumentException(application + " is no application folder: bin/espalier or lib is"
                    + " missing. Maybe it is espalier-cli/target/espalier after mvn package.");
        }
        try {
            Map<String, PackageFolder.Packed> files = copies();
            Map<String, String> words = words();
            for (var template : templates().entrySet()) {
                files.put(template.getKey(), PackageTexts.filled(template.getValue(), words));
            }
            return PackageFolder.write(out, files, written);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** What is copied. Key: where to, relative to the folder. */
    private Map<String, PackageFolder.Packed> copies() throws IOException {
        Map<String, PackageFolder.Packed> copies = new TreeMap<>();
        addAll(copies, "bin");
        if (platform.isPresent()) {
            PlatformLibraries.of(
                            application.resolve("lib"), jar -> true, platform.get(), PlatformLibraries.repository())
                    .forEach((name, content) -> copies.put("lib/" + name, new PackageFolder.Packed(content, false)));
        } else {
            addAll(copies, "lib");
        }
        copies.put("models/" + PackageTexts.served(model), PackageFolder.Packed.copy(model));
        return copies;
    }

    private void addAll(Map<String, PackageFolder.Packed> copies, String folder) throws IOException {
        try (var found = Files.list(application.resolve(folder))) {
            found.filter(Files::isRegularFile)
                    .forEach(file -> copies.put(folder + "/" + file.getFileName(), PackageFolder.Packed.copy(file)));
        }
    }

    /** The texts, by the name that each gets. */
    private Map<String, String> templates() {
        return new TreeMap<>(Map.of(
                "Dockerfile",
                "Dockerfile",
                ".dockerignore",
                "dockerignore",
                PackageTexts.name(model) + ".service",
                "service",
                "README.md",
                "README.md"));
    }

    private Map<String, String> words() {
        ModelDocument document;
        try (var predictor = Predictor.load(model)) {
            document = predictor.document();
        }
        Map<String, String> words = new LinkedHashMap<>();
        words.put("NAME", PackageTexts.name(model));
        words.put("MODEL", PackageTexts.served(model));
        words.put("PORT", Integer.toString(port));
        words.put("ARCHITECTURE", document.architecture().name());
        words.put("CLASSES", Integer.toString(document.vocabulary().size()));
        words.put("SHA256", document.weightsSha256());
        words.put(
                "PLATFORM",
                platform.map(one -> one.text() + ", without libtorch")
                        .orElse(System.getProperty("os.name") + " " + System.getProperty("os.arch")));
        return words;
    }
}
