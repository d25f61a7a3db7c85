package espalier.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import espalier.files.AtomicFiles;
import espalier.files.MadeFolders;
import espalier.format.ModelDocument;
import espalier.predict.Predictor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
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
     * A file as it goes into the package.
     *
     * @param isExecutable whether it is a program
     */
    private record Packed(AtomicFiles.Content content, boolean isExecutable) {
        static Packed copy(Path file) {
            return new Packed(out -> Files.copy(file, out), Files.isExecutable(file));
        }
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
            Map<String, Packed> copies = copies();
            var names = new TreeSet<>(copies.keySet());
            names.addAll(templates().keySet());
            var folder = PackageFolder.of(out, names);
            Map<String, String> words = words();
            var made = MadeFolders.make(out);
            try {
                folder.begin();
                for (var copy : copies.entrySet()) {
                    var file = copy.getValue();
                    folder.stage(copy.getKey(), file.content(), file.isExecutable());
                    written.accept(Path.of(copy.getKey()));
                }
                for (var template : templates().entrySet()) {
                    String text = filled(resource(template.getValue()), words);
                    folder.stage(template.getKey(), stream -> stream.write(text.getBytes(UTF_8)), false);
                    written.accept(Path.of(template.getKey()));
                }
                folder.commit();
            } catch (IOException | RuntimeException failure) {
                try {
                    folder.abandon();
                    made.removeEmpty();
                } catch (IOException second) {
                    failure.addSuppressed(second);
                }
                throw failure;
            }
            return names.stream().map(Path::of).toList();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** What is copied. Key: where to, relative to the folder. */
    private Map<String, Packed> copies() throws IOException {
        Map<String, Packed> copies = new TreeMap<>();
        addAll(copies, "bin");
        if (platform.isPresent()) {
            PlatformLibraries.of(application.resolve("lib"), platform.get(), PlatformLibraries.repository())
                    .forEach((name, content) -> copies.put("lib/" + name, new Packed(content, false)));
        } else {
            addAll(copies, "lib");
        }
        copies.put("models/" + served(), Packed.copy(model));
        return copies;
    }

    private void addAll(Map<String, Packed> copies, String folder) throws IOException {
        try (var found = Files.list(application.resolve(folder))) {
            found.filter(Files::isRegularFile)
                    .forEach(file -> copies.put(folder + "/" + file.getFileName(), Packed.copy(file)));
        }
    }

    /** The texts, by the name that each gets. */
    private Map<String, String> templates() {
        return new TreeMap<>(Map.of(
                "Dockerfile",
                "Dockerfile",
                ".dockerignore",
                "dockerignore",
                name() + ".service",
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
        words.put("NAME", name());
        words.put("MODEL", served());
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

    private static String filled(String template, Map<String, String> words) {
        String text = template;
        for (var word : words.entrySet()) {
            text = text.replace("@" + word.getKey() + "@", word.getValue());
        }
        return text;
    }

    /** The model file's own name, or where that cannot be served, as with spaces in it, a plain one. */
    private String served() {
        String own = String.valueOf(model.getFileName());
        String ending = own.endsWith(".onnx") ? ".onnx" : ".safetensors";
        return own.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,60}[.](safetensors|onnx)") ? own : name() + ending;
    }

    /** What images and services may be called: small letters, digits and dashes. */
    private String name() {
        String plain = String.valueOf(model.getFileName())
                .replaceFirst("[.](safetensors|onnx)$", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+|-+$", "");
        return plain.isEmpty() ? "model" : plain.substring(0, Math.min(60, plain.length()));
    }

    private static String resource(String name) throws IOException {
        try (var stream = Objects.requireNonNull(PackageModel.class.getResourceAsStream("packaged/" + name), name)) {
            return new String(stream.readAllBytes(), UTF_8);
        }
    }
}
