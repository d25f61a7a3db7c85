package espalier.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;

/** Folders as a whole. */
public final class Folders {
    private Folders() {}

    /**
     * Deletes a folder with all that is in it; links are deleted, not followed. Nothing happens where there is none.
     *
     * @throws IOException when something in it cannot be deleted; what was deleted before that is gone
     */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var inside = Files.walk(folder)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
