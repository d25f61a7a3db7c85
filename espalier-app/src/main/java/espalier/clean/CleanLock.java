package espalier.clean;

import espalier.files.CannotWriteException;
import espalier.files.Destination;
import espalier.files.Journal;
import espalier.files.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The right to clean a data set, which one program has at a time: two cleaners would forget each other's choices, and
 * a page would not show what was undone beside it. The system itself takes it back when the program ends, however
 * that is. Looking needs no lock.
 */
public final class CleanLock implements AutoCloseable {
    private final ProcessLock lock;

    private CleanLock(ProcessLock lock) {
        this.lock = lock;
    }

    /**
     * Takes the lock of the data set {@code data}.
     *
     * @throws CannotWriteException when another cleaner has it, or the data set cannot be written
     */
    public static CleanLock take(Path data) throws IOException {
        Path folder = Destination.unlinked(data.resolve(Journal.FOLDER));
        try {
            Files.createDirectories(folder);
            return new CleanLock(ProcessLock.take(folder.resolve("cleaner.lock"), who -> held(folder, who)));
        } catch (IOException failure) {
            throw CannotWriteException.of(folder, failure);
        }
    }

    private static CannotWriteException held(Path folder, String who) {
        return CannotWriteException.refused(
                folder,
                "the data set is open in a cleaner: " + who,
                "Maybe go on in that cleaner's page, where everything can be undone too, or stop it first.");
    }

    boolean isOpen() {
        return lock.isOpen();
    }

    /** Gives the lock back. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
