package espalier.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** The right to make one file, for work that takes long: of two programs that want to, the second is told at once. */
public final class OutputLock implements AutoCloseable {
    private final ProcessLock lock;
    private final MadeFolders made;

    private OutputLock(ProcessLock lock, MadeFolders made) {
        this.lock = lock;
        this.made = made;
    }

    /**
     * Takes the right to make {@code target}, by a hidden file beside it that is gone afterwards. Folders on the way are made.
     *
     * @throws CannotWriteException when another program makes it, or nothing can be written there
     */
    public static OutputLock take(Path target) throws IOException {
        Path folder = Objects.requireNonNull(target.toAbsolutePath().getParent());
        var made = MadeFolders.make(folder);
        try {
            Path file = folder.resolve("." + target.getFileName() + ".lock");
            return new OutputLock(ProcessLock.take(file, who -> held(target, who)), made);
        } catch (IOException failure) {
            made.removeEmpty();
            throw CannotWriteException.of(target, failure);
        }
    }

    private static CannotWriteException held(Path target, String who) {
        return CannotWriteException.refused(
                target, "it is being made by another run: " + who, "Maybe wait for that one, or name another file.");
    }

    /** Gives the right back; folders that were made for nothing are removed. */
    @Override
    public void close() throws IOException {
        lock.remove();
        made.removeEmpty();
    }
}
