package espalier.examples.book;

import espalier.item.Items;
import java.nio.file.Path;

/** The pictures of a folder. */
final class ImageFiles {
    private ImageFiles() {}

    /** The first one by its name. */
    static Path first(Path folder) {
        return Items.imageFiles().find(folder).items().get(0).path();
    }

    /** The last one by its name. */
    static Path last(Path folder) {
        var items = Items.imageFiles().find(folder).items();
        return items.get(items.size() - 1).path();
    }
}
