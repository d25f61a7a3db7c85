package espalier.files;

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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The right to do something that one program does at a time, as a lock on a small file which says who has it. The
 * system itself takes it back when the program ends, however that is.
 */
public final class ProcessLock implements AutoCloseable {
    /** The locks of this process; the system's are between processes, and are lost when a file is opened twice. */
    private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

    /** The byte that is locked; the others say who has it, and can be read on every system. */
    private static final long BYTE = Long.MAX_VALUE - 1;

    private static final int LONGEST = 500;

    private final Path file;
    private final FileChannel channel;

    private ProcessLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @param file made when missing; its folder must be there
     * @param held makes the exception for when another has it, from a word for who that is
     */
    public static ProcessLock take(Path file, Function<String, CannotWriteException> held) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Path real = folder.toRealPath().resolve(file.getFileName());
        if (!HERE.add(real)) {
            throw held.apply("this program");
        }
        try {
            while (true) {
                var channel = locked(real, held);
                if (channel.isPresent()) {
                    return new ProcessLock(real, channel.get());
                }
            }
        } catch (IOException | RuntimeException failure) {
            HERE.remove(real);
            throw failure;
        }
    }

    /** The locked file; empty when it was removed meanwhile by the one that had it, and is to be made anew. */
    private static Optional<FileChannel> locked(Path file, Function<String, CannotWriteException> held)
            throws IOException {
        var channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        String opened = key(file);
        try {
            if (channel.tryLock(BYTE, 1, false) == null) {
                throw held.apply(text(channel));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(me().getBytes(StandardCharsets.UTF_8)), 0);
            if (opened.equals(key(file))) { // by its number: opening it again would lose the lock
                return Optional.of(channel);
            }
            channel.close();
            return Optional.empty();
        } catch (OverlappingFileLockException here) {
            channel.close();
            throw held.apply("this program");
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    private static String key(Path file) {
        return Stamp.of(file).map(Stamp::key).orElse("gone");
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

    /** Whether it was not given back yet. */
    public boolean isOpen() {
        return channel.isOpen();
    }

    /** Gives the lock back and leaves its file, empty. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.truncate(0);
            channel.close();
            HERE.remove(file);
        }
    }

    /** Gives the lock back and removes its file. */
    public void remove() throws IOException {
        if (channel.isOpen()) {
            Files.deleteIfExists(file); // while it is held: who waits for it makes another
            channel.close();
            HERE.remove(file);
        }
    }
}
