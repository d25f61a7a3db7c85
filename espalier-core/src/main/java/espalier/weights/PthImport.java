package espalier.weights;

import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.format.Safetensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The conversion of PyTorch's weight files to safetensors: same names, same values, no pickle. */
public final class PthImport {
    private static final String SOURCE_SHA256 = "source_sha256";
    private static final String DATA_SHA256 = "data_sha256";

    private PthImport() {}

    /**
     * Converts a {@code .pth} file. The new file's metadata holds the name and SHA-256 of the old one and the
     * SHA-256 of the tensors' bytes.
     *
     * @return the tensors that were written
     * @throws ModelFileException when the file cannot be read, asks to run anything, or the new one cannot be written
     */
    public static Map<String, RawTensor> convert(Path pth, Path safetensors) {
        return convert(pth, safetensors, Map.of());
    }

    /** As {@link #convert(Path, Path)}, with further metadata, such as the licence. */
    public static Map<String, RawTensor> convert(Path pth, Path safetensors, Map<String, String> metadata) {
        Map<String, RawTensor> tensors = PthReader.read(pth);
        Map<String, String> all = new LinkedHashMap<>(metadata);
        all.put("format", "pt"); // what other readers of safetensors expect
        all.put("source_file", Objects.requireNonNull(pth.getFileName()).toString());
        all.put(SOURCE_SHA256, WeightCache.sha256(pth));
        all.put(DATA_SHA256, Safetensors.sha256(tensors));
        Safetensors.write(safetensors, tensors, all);
        return tensors;
    }

    /**
     * Checks that a converted file was made from a certain {@code .pth} and that its tensors are unchanged.
     *
     * @param sourceSha256 the first digits of the SHA-256 of the {@code .pth}
     * @throws ModelFileException when either is not so
     */
    static void verify(Safetensors file, String sourceSha256, String name) {
        String source = file.metadata().getOrDefault(SOURCE_SHA256, "unknown");
        String expected = file.metadata().getOrDefault(DATA_SHA256, "unknown");
        String actual = file.sha256();
        if (!source.startsWith(sourceSha256) || !actual.equals(expected)) {
            throw new ModelFileException(
                    ("%s: the weights are damaged or others: their SHA-256 is %s, but should be %s;"
                                    + " they are of the file with %s, but should be of %s. Maybe install the application again.")
                            .formatted(name, actual, expected, source, sourceSha256));
        }
    }
}
