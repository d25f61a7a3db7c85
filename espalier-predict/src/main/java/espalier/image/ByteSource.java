package espalier.image;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file by position, seen through a window of 64 KB, or of an array. Header parsers skip
 * in it without reading what they skip. Reading past the end throws {@link EOFException}.
 */
final class ByteSource implements Closeable {
    private static final int WINDOW = 1 << 16;
    private static final int ATTEMPTS = 3;

    private final @Nullable FileChannel channel;
    private final long length;
    private byte[] window;
    private long start;
    private int filled;

    private ByteSource(@Nullable FileChannel channel, long length, byte[] window, int filled) {
        this.channel = channel;
        this.length = length;
        this.window = window;
        this.filled = filled;
    }

    static ByteSource of(byte[] bytes) {
        return new ByteSource(null, bytes.length, bytes, bytes.length);
    }

    /** Opens a regular file; anything else (a pipe, a device, a folder) could block or never end. */
    static ByteSource openRegular(Path file) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new Unreadable(
                    attributes.isDirectory() ? "a directory" : "not a regular file",
                    "Maybe the path of a picture was meant");
        }
        return open(file);
    }

    /** Opens a file that is known to be regular: others may block for ever here. */
    static ByteSource open(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new ByteSource(channel, channel.size(), new byte[0], 0);
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    long length() {
        return length;
    }

    int u8(long position) throws IOException {
        long offset = position - start;
        if (offset < 0 || offset >= filled) {
            load(position);
            offset = 0;
        }
        return window[(int) offset] & 0xff;
    }

    int u16(long position) throws IOException {
        return u8(position) << 8 | u8(position + 1);
    }

    int u16le(long position) throws IOException {
        return u8(position) | u8(position + 1) << 8;
    }

    int u24le(long position) throws IOException {
        return u16le(position) | u8(position + 2) << 16;
    }

    long u32(long position) throws IOException {
        return (long) u16(position) << 16 | u16(position + 2);
    }

    long u32le(long position) throws IOException {
        return u16le(position) | (long) u16le(position + 2) << 16;
    }

    /** True when the bytes at {@code position} are those of {@code ascii} (each char one byte). */
    boolean has(long position, String ascii) throws IOException {
        if (position < 0 || position + ascii.length() > length) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (u8(position + i) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The {@code count} bytes at {@code position}. */
    byte[] bytes(long position, int count) throws IOException {
        byte[] bytes = new byte[(int) Math.max(0, Math.min(count, length - position))];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) u8(position + i);
        }
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }

    /** The first {@code count} bytes, or all when there are fewer. */
    byte[] prefix(long count) throws IOException {
        int size = Math.toIntExact(Math.min(count, length));
        if (channel == null) {
            return size == window.length ? window : Arrays.copyOf(window, size);
        }
        byte[] bytes = new byte[size];
        int read = readFully(ByteBuffer.wrap(bytes), 0);
        return read == size ? bytes : Arrays.copyOf(bytes, read);
    }

    private void load(long position) throws IOException {
        if (channel == null || position < 0 || position >= length) {
            throw new EOFException();
        }
        if (window.length == 0) {
            window = new byte[(int) Math.min(WINDOW, length)];
        }
        filled = 0;
        int read = readFully(ByteBuffer.wrap(window), position);
        if (read == 0) {
            throw new EOFException(); // the file has shrunk meanwhile
        }
        start = position;
        filled = read;
    }

    /** Fills the buffer as far as the file goes; network file systems get two more attempts after an I/O error. */
    private int readFully(ByteBuffer buffer, long position) throws IOException {
        FileChannel file = Objects.requireNonNull(channel);
        int failures = 0;
        while (buffer.hasRemaining()) {
            try {
                if (file.read(buffer, position + buffer.position()) < 0) {
                    break;
                }
            } catch (ClosedChannelException closed) {
                throw closed; // by an interrupt: no sense in going on
            } catch (IOException failure) {
                if (++failures == ATTEMPTS) {
                    throw failure;
                }
            }
        }
        return buffer.position();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
