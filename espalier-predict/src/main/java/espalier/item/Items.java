package espalier.item;

import espalier.report.DataException;
import espalier.report.Rejected;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Finds the items of a data set. */
@FunctionalInterface
public interface Items {
    /** The endings, in lower case, of the files that are taken for pictures, readable or not. */
    Set<String> IMAGE_ENDINGS = Set.of(
            "apng", "avif", "bmp", "dib", "gif", "heic", "heif", "jfif", "jp2", "jpe", "jpeg", "jpg", "jxl", "mpo",
            "pjpeg", "png", "svg", "tif", "tiff", "webp");

    /**
     * What was found.
     *
     * @param items in the order of their ids' UTF-8 bytes
     * @param rejected what looked like an item and cannot be one
     */
    record Found(List<Item> items, List<Rejected> rejected) {}

    /**
     * Finds the items below {@code root}. The order does not depend on the file system.
     *
     * @throws DataException when {@code root} is missing or cannot be listed
     */
    Found find(Path root);

    /**
     * The files below the root that end as pictures do, and those with any other ending that are pictures by their content.
     * Hidden files and the system's folders are left out. Links are followed, but for those that
     * lead in a circle; pipes, sockets and
     * devices are rejected.
     */
    static Items imageFiles() {
        return root -> new FileWalk(root, IMAGE_ENDINGS, true).run();
    }

    /** The files below the root with one of the given endings (in lower case, without dot), as for pictures. */
    static Items files(Set<String> endings) {
        return root -> new FileWalk(root, endings, false).run();
    }
}
