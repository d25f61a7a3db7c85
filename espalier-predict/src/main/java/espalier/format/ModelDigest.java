package espalier.format;

import espalier.files.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * The digest by which a model file is known to be whole: of its document (with the digest itself left out), of the
 * name, type and shape of each tensor, and of all their bytes. Files of before it have the digest of the bytes alone,
 * and keep loading.
 */
final class ModelDigest {
    private ModelDigest() {}

    /** The digest of a file that is to be written with these tensors and this document, whose digest is empty. */
    static String of(Map<String, RawTensor> tensors, String json) {
        var digest = new Sha256();
        SafetensorsHeader header = SafetensorsHeader.layout(tensors, Map.of());
        describe(digest, header, json);
        header.byPlace()
                .forEach(name ->
                        digest.add(Objects.requireNonNull(tensors.get(name)).data()));
        return digest.hex();
    }

    /** Whether {@code expected} is the digest of a file whose document reads {@code json}. */
    static boolean isOf(String expected, Safetensors file, String json) {
        if (!expected.matches("[0-9a-f]{64}")) {
            return false;
        }
        var digest = new Sha256();
        describe(digest, file.header(), json.replace(expected, ""));
        file.update(digest);
        return expected.equals(digest.hex()) || expected.equals(file.sha256());
    }

    /** Adds the document, and the name, type and shape of each tensor. */
    static void describe(Sha256 digest, SafetensorsHeader header, String json) {
        text(digest, json);
        for (String name : header.byPlace()) {
            var entry = Objects.requireNonNull(header.entries().get(name));
            text(digest, name);
            text(digest, entry.dtype() + Arrays.toString(entry.dims()));
        }
    }

    /** The text after its length, so that no two lists of texts give the same bytes. */
    private static void text(Sha256 digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.add(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.add(bytes);
    }
}
