package espalier.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;

/**
 * One thing of a data set, before it is read: where it is, and the name by which it is sorted, split and reported.
 *
 * @param id the path relative to the data set's root with {@code /} between names, on every system the same
 * @param path where the file is
 */
public record Item(String id, Path path) {
    /** Ids in the order of their UTF-8 bytes, which is the same on every file system and in every locale. */
    public static final Comparator<Item> BY_ID = (a, b) ->
            Arrays.compareUnsigned(a.id().getBytes(StandardCharsets.UTF_8), b.id().getBytes(StandardCharsets.UTF_8));

    /** A file of no data set, known by its own path. */
    public static Item of(Path path) {
        return new Item(path.toString(), path);
    }
}
