package espalier.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * The one place that writes files: to a temporary file in the same directory, forced to disk, then
 * renamed over the target, then the directory forced. After a crash, a full disk or a kill at any
 * instant, the target holds either its old content or the whole new one.
 */
public final class AtomicFiles {
    private AtomicFiles() {}

    /** Writes the content of one file. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything to {@code out}; need not close it. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes the content of one file through a channel, for what must seek or map. */
    @FunctionalInterface
    public interface ChannelContent {
        /** Writes everything to {@code channel}; must not close it. */
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes {@code target} as a whole, or the file that it links to; missing parent directories are made.
     *
     * @throws CannotWriteException when nothing can be written there, or {@code target} is a folder, a device, a pipe
     *     or a link to nothing
     * @throws IOException when anything else fails; the target is then what it was, and no temporary file stays
     */
    public static void write(Path target, Content content) throws IOException {
        writeChannel(target, channel -> {
            var out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            content.writeTo(out);
            out.flush();
        });
    }

    /** Writes {@code bytes} as the whole content of {@code target}. See {@link #write(Path, Content)}. */
    public static void writeBytes(Path target, byte[] bytes) throws IOException {
        write(target, out -> out.write(bytes));
    }

    /** Writes {@code text} in UTF-8 as the whole content of {@code target}. See {@link #write(Path, Content)}. */
    public static void writeString(Path target, String text) throws IOException {
        writeBytes(target, text.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #write(Path, Content)}, with the open channel of the temporary file. */
    public static void writeChannel(Path target, ChannelContent content) throws IOException {
        Path file = Destination.resolved(target);
        Path directory = Objects.requireNonNull(file.getParent());
        Path temporary = temporaryFile(target, directory);
        try {
            try (var channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                content.writeTo(channel);
                channel.force(true);
            } catch (IOException failure) {
                throw CannotWriteException.isFull(failure) ? CannotWriteException.of(target, failure) : failure;
            }
            replace(target, file, temporary);
        } catch (Throwable failure) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
        forceDirectory(directory);
    }

    private static Path temporaryFile(Path target, Path directory) throws CannotWriteException {
        try {
            Files.createDirectories(directory);
            return Files.createTempFile(directory, CannotWriteException.TEMPORARY, ".tmp");
        } catch (IOException failure) {
            throw CannotWriteException.of(target, failure);
        }
    }

    private static void replace(Path target, Path file, Path temporary) throws CannotWriteException {
        try {
            widenPermissions(temporary, file);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw CannotWriteException.of(target, failure);
        }
    }

    /** Temporary files are private; a file that replaces one or is new gets the usual permissions. */
    private static void widenPermissions(Path temporary, Path target) throws IOException {
        if (!Files.getFileStore(temporary).supportsFileAttributeView("posix")) {
            return;
        }
        var permissions = Files.exists(target)
                ? Files.getPosixFilePermissions(target)
                : java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--");
        Files.setPosixFilePermissions(temporary, permissions);
    }

    static void forceDirectory(Path directory) throws IOException {
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            return; // directories cannot be opened there
        }
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
