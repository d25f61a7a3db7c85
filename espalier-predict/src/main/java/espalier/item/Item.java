package espalier.item;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;

/**
 * One thing of a data set, before it is read: where it is, and the name by which it is sorted, split and reported.
 *
 * @param id the path relative to the data set's root with {@code /} between names, on every system the same
 * @param path where the file is
 * @param key what decides when parts are drawn: items of one key are never torn apart. By default the id; for a picture that
 *     was cleaned the path that it had before, so that cleaning moves nothing between parts
 */
public record Item(String id, Path path, String key) {
    /** Ids in the order of their UTF-8 bytes, which is the same on every file system and in every locale. */
    public static final Comparator<Item> BY_ID = (a, b) ->
            Arrays.compareUnsigned(a.id().getBytes(StandardCharsets.UTF_8), b.id().getBytes(StandardCharsets.UTF_8));

    /** An item that is drawn by its id. */
    public Item(String id, Path path) {
        this(id, path, id);
    }

    /** A copy that is drawn by another key. */
    public Item key(String key) {
        return new Item(id, path, key);
    }

    /** The id of a file below {@code root}: its path from there with {@code /} between names. */
    public static String id(Path root, Path file) {
        String path = root.relativize(file).toString();
        String between = file.getFileSystem().getSeparator();
        return between.equals("/") ? path : path.replace(between, "/"); // a backslash may be part of a name
    }

    /** A file of no data set, known by its own path. */
    public static Item of(Path path) {
        return new Item(path.toString(), path);
    }
}
