package espalier.data;

import java.nio.file.Path;

/**
 * One thing of a data set, before it is read: where it is, and the name by which it is sorted, split and reported.
 *
 * @param id the path relative to the data set's root with {@code /} between names, on every system the same
 * @param path where the file is
 */
public record Item(String id, Path path) {
    /** A file of no data set, known by its own path. */
    public static Item of(Path path) {
        return new Item(path.toString(), path);
    }
}
