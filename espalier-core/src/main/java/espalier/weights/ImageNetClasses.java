package espalier.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The names of the 1,000 classes of ImageNet-1K, in the order of the scores of all published weights. */
public final class ImageNetClasses {
    private static final List<String> LABELS = read();

    private ImageNetClasses() {}

    /** The names by index, from 0 {@code "tench"} to 999 {@code "toilet tissue"}; all differ. */
    public static List<String> labels() {
        return LABELS;
    }

    private static List<String> read() {
        try (InputStream in = ImageNetClasses.class.getResourceAsStream("imagenet-classes.txt")) {
            if (in == null) {
                throw new IllegalStateException("the resource imagenet-classes.txt is missing from the library");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
