package espalier.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that others read while it grows, as a log; what must never be seen half is for {@link AtomicFiles}. */
public final class GrowingFile {
    private GrowingFile() {}

    /**
     * A new file for {@code target}, whose folder is made when missing; whoever opens it closes it, and flushes what is to be
     * seen before.
     *
     * @throws CannotWriteException when the folder cannot be made or written
     * @throws IOException when there is a file of that name already, or it cannot be made
     */
    public static OutputStream create(Path target) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(Destination.folder(folder));
        }
        return new BufferedOutputStream(Files.newOutputStream(target, StandardOpenOption.CREATE_NEW));
    }
}
