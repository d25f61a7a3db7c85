package espalier.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The names and texts of a package. */
final class PackageTexts {
    private static final int LONGEST = 60;

    private PackageTexts() {}

    /** The model file's own name, or where that cannot be served, as with spaces in it, a plain one. */
    static String served(Path model) {
        String own = String.valueOf(model.getFileName());
        String ending = own.endsWith(".onnx") ? ".onnx" : ".safetensors";
        return own.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,60}[.](safetensors|onnx)") ? own : name(model) + ending;
    }

    /** What images and services may be called: small letters, digits and dashes. */
    static String name(Path model) {
        String plain = String.valueOf(model.getFileName())
                .replaceFirst("[.](safetensors|onnx)$", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+|-+$", "");
        return plain.isEmpty() ? "model" : plain.substring(0, Math.min(LONGEST, plain.length()));
    }

    /**
     * A text of the package, from its template.
     *
     * @param template the name of the resource
     * @param words what stands in the template between two {@code @}, and what is put in its place
     */
    static PackageFolder.Packed filled(String template, Map<String, String> words) throws IOException {
        String text = resource(template);
        for (var word : words.entrySet()) {
            text = text.replace("@" + word.getKey() + "@", word.getValue());
        }
        byte[] bytes = text.getBytes(UTF_8);
        return new PackageFolder.Packed(out -> out.write(bytes), false);
    }

    private static String resource(String name) throws IOException {
        try (var stream = Objects.requireNonNull(PackageTexts.class.getResourceAsStream("packaged/" + name), name)) {
            return new String(stream.readAllBytes(), UTF_8);
        }
    }
}
