package espalier.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The folders that a piece of work made on its way to its target, so that a refusal leaves none of them. */
public final class MadeFolders {
    private final List<Path> made;

    private MadeFolders(List<Path> made) {
        this.made = made;
    }

    /**
     * Makes {@code folder} and the parents that are missing.
     *
     * @throws CannotWriteException when it is a file or nothing can be written there
     */
    public static MadeFolders make(Path folder) throws CannotWriteException {
        Destination.folder(folder);
        var missing = new ArrayList<Path>();
        for (Path at = folder.toAbsolutePath(); at != null && !Files.exists(at); at = at.getParent()) {
            if (!at.endsWith(".") && !at.endsWith("..")) { // other words for a folder that has a name
                missing.add(at);
            }
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException failure) {
            throw CannotWriteException.of(folder, failure);
        }
        return new MadeFolders(missing);
    }

    /** Removes those of them that are empty. */
    public void removeEmpty() {
        for (Path folder : made) {
            try {
                Files.deleteIfExists(folder);
            } catch (IOException inUse) {
                return; // something lies there: it stays, and its parents with it
            }
        }
    }
}
