package espalier.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Links on the way from a data set's folder to a file: what lies behind one is read, and never changed. */
public final class Links {
    private Links() {}

    /** The first link on the way from {@code root} to {@code id}, the file itself included; empty when there is none. */
    public static Optional<String> on(Path root, String id) {
        Path at = root;
        for (Path name : root.getFileSystem().getPath(id)) {
            at = at.resolve(name);
            if (Files.isSymbolicLink(at)) {
                return Optional.of(root.relativize(at).toString());
            }
        }
        return Optional.empty();
    }
}
