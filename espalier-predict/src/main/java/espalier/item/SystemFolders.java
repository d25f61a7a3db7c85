package espalier.item;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Folders that systems and programs make beside people's own: thumbnails, deleted files, copies. */
public final class SystemFolders {
    private static final Set<String> NAMES = Set.of(
            "@eadir",
            "@recently-snapshot",
            "@recycle",
            "@sharebin",
            "@tmp",
            "#recycle",
            "#snapshot",
            "~snapshot",
            ".@__thumb",
            ".appledouble",
            "__macosx",
            ".ipynb_checkpoints",
            "$recycle.bin",
            "recycler",
            "system volume information",
            "network trash folder",
            "temporary items",
            "lost+found");

    private SystemFolders() {}

    /** Whether a folder has the name of one. */
    public static boolean has(Path folder) {
        return NAMES.contains(String.valueOf(folder.getFileName()).toLowerCase(Locale.ROOT));
    }
}
