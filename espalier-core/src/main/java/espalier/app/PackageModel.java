package espalier.app;

import espalier.files.AtomicFiles;
import espalier.model.ModelDocument;
import espalier.model.Predictor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The job of making a folder that serves a model: the application, the model, a {@code Dockerfile}, a unit for systemd and
 * a README. It can be copied to any machine of the same kind that has Java.
 *
 * <pre>{@code
 * new PackageModel(Path.of("dogs.safetensors"), Path.of("/opt/espalier"), Path.of("dogs-server"), 8080).run(file -> {});
 * }</pre>
 *
 * @param model the model file
 * @param application the application folder, with {@code bin} and {@code lib}
 * @param out the folder to write, which may exist and then keeps its other files
 * @param port at which the README and the unit serve
 */
public record PackageModel(Path model, Path application, Path out, int port) {
    /** Says what is out of range. */
    public PackageModel {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port is 1 to 65535, received " + port + ".");
        }
    }

    /**
     * Writes the folder.
     *
     * @param written is told each file, relative to the folder
     * @return the files, relative to the folder
     * @throws espalier.model.ModelFileException when the model cannot be used
     * @throws IllegalArgumentException when the application folder is none
     * @throws UncheckedIOException when the folder cannot be written
     */
    public List<Path> run(Consumer<Path> written) {
        ModelDocument document;
        try (var predictor = Predictor.load(model)) {
            document = predictor.document();
        }
        if (!Files.isRegularFile(application.resolve("bin/espalier"))
                || !Files.isDirectory(application.resolve("lib"))) {
            throw new IllegalArgumentException(application + " is no application folder: bin/espalier or lib is"
                    + " missing. Maybe it is espalier-cli/target/espalier after mvn package.");
        }
        var files = new ArrayList<Path>();
        Consumer<Path> note = file -> {
            files.add(file);
            written.accept(file);
        };
        try {
            copyAll("bin", note);
            copyAll("lib", note);
            copy(model, Path.of("models", served()), note);
            texts(document, note);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        return List.copyOf(files);
    }

    private void copyAll(String folder, Consumer<Path> note) throws IOException {
        List<Path> files;
        try (var found = Files.list(application.resolve(folder))) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            copy(file, Path.of(folder, String.valueOf(file.getFileName())), note);
        }
    }

    private void copy(Path from, Path to, Consumer<Path> note) throws IOException {
        Path target = out.resolve(to);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        AtomicFiles.write(target, stream -> Files.copy(from, stream));
        if (Files.isExecutable(from) && !target.toFile().setExecutable(true, false)) {
            throw new IOException(target + " cannot be made executable");
        }
        note.accept(to);
    }

    private void texts(ModelDocument document, Consumer<Path> note) throws IOException {
        String name = name();
        Map<String, String> words = new LinkedHashMap<>();
        words.put("NAME", name);
        words.put("MODEL", served());
        words.put("PORT", Integer.toString(port));
        words.put("ARCHITECTURE", document.architecture().name());
        words.put("CLASSES", Integer.toString(document.vocabulary().size()));
        words.put("SHA256", document.weightsSha256());
        words.put("PLATFORM", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        for (var file : Map.of(
                        "Dockerfile",
                        "Dockerfile",
                        ".dockerignore",
                        "dockerignore",
                        name + ".service",
                        "service",
                        "README.md",
                        "README.md")
                .entrySet()) {
            String text = resource(file.getValue());
            for (var word : words.entrySet()) {
                text = text.replace("@" + word.getKey() + "@", word.getValue());
            }
            AtomicFiles.writeString(out.resolve(file.getKey()), text);
            note.accept(Path.of(file.getKey()));
        }
    }

    /** The model file's own name, or where that cannot be served, as with spaces in it, a plain one. */
    private String served() {
        String own = String.valueOf(model.getFileName());
        return own.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,60}[.]safetensors") ? own : name() + ".safetensors";
    }

    /** What images and services may be called: small letters, digits and dashes. */
    private String name() {
        String plain = String.valueOf(model.getFileName())
                .replaceFirst("[.]safetensors$", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+|-+$", "");
        return plain.isEmpty() ? "model" : plain.substring(0, Math.min(60, plain.length()));
    }

    private static String resource(String name) throws IOException {
        try (var stream = Objects.requireNonNull(PackageModel.class.getResourceAsStream("packaged/" + name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
