package espalier.clean;

import espalier.files.CannotWriteException;
import espalier.files.Journal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to clean a data set, which one program has at a time: two cleaners would forget each other's choices, and
 * a page would not show what was undone beside it. The system itself takes it back when the program ends, however
 * that is. Looking needs no lock.
 */
public final class CleanLock implements AutoCloseable {
    /** The locks of this process; the system's are between processes, and are lost when a file is opened twice. */
    private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

    /** The byte that is locked; the others say who has it, and can be read on every system. */
    private static final long BYTE = Long.MAX_VALUE - 1;

    private static final int LONGEST = 500;

    private final Path root;
    private final FileChannel channel;

    private CleanLock(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /**
     * Takes the lock of the data set {@code data}.
     *
     * @throws CannotWriteException when another cleaner has it, or the data set cannot be written
     */
    public static CleanLock take(Path data) throws IOException {
        Path folder = data.resolve(Journal.FOLDER);
        try {
            if (Files.isSymbolicLink(folder)) {
                throw CannotWriteException.refused(
                        folder, "it is a link, and links are not followed", "Maybe remove it.");
            }
            Path root = data.toRealPath();
            Files.createDirectories(folder);
            if (!HERE.add(root)) {
                throw held(data, "this program");
            }
            try {
                return new CleanLock(root, locked(data, folder.resolve("cleaner.lock")));
            } catch (IOException | RuntimeException failure) {
                HERE.remove(root);
                throw failure;
            }
        } catch (IOException failure) {
            throw CannotWriteException.of(folder, failure);
        }
    }

    private static FileChannel locked(Path data, Path file) throws IOException {
        var channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        try {
            if (channel.tryLock(BYTE, 1, false) == null) {
                throw held(data, text(channel));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(me().getBytes(StandardCharsets.UTF_8)), 0);
            return channel;
        } catch (OverlappingFileLockException here) {
            channel.close();
            throw held(data, "this program");
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    private static String me() {
        String process = "process " + ProcessHandle.current().pid();
        try {
            return process + " on " + InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return process;
        }
    }

    /** Who has it, as the file says: one line of plain letters, whatever is in it. */
    private static String text(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(LONGEST);
        channel.read(bytes, 0);
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        String plain = text.replaceAll("[^\\p{L}\\p{N} ._-]", "").strip();
        return plain.isEmpty() ? "another program" : plain;
    }

    private static CannotWriteException held(Path data, String who) {
        return CannotWriteException.refused(
                data.resolve(Journal.FOLDER),
                "the data set is open in a cleaner: " + who,
                "Maybe go on in that cleaner's page, where everything can be undone too, or stop it first.");
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Gives the lock back. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.truncate(0);
            channel.close();
            HERE.remove(root);
        }
    }
}
