package espalier.files;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Bytes that can be read at any position: a file or a buffer.
 *
 * <p>Files are read, not mapped: when somebody truncates a mapped file, touching the lost pages kills the
 * whole process with SIGBUS, while a read ends with an exception. For 19 MB the copy costs about 5 ms.
 */
public interface Bytes {
    /** The number of bytes. */
    long size();

    /**
     * Fills {@code target} up to its limit with the bytes from {@code position} on.
     *
     * @throws EOFException when there are fewer, as when the file was cut short meanwhile
     */
    void read(long position, ByteBuffer target) throws IOException;

    /** The bytes of an open file; its size is the size of this moment. */
    static Bytes of(FileChannel channel) throws IOException {
        long size = channel.size();
        return new Bytes() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public void read(long position, ByteBuffer target) throws IOException {
                long at = position;
                while (target.hasRemaining()) {
                    int count = channel.read(target, at);
                    if (count < 0) {
                        throw new EOFException("the file ends at byte " + at);
                    }
                    at += count;
                }
            }
        };
    }

    /** The bytes of a buffer from its position to its limit. */
    static Bytes of(ByteBuffer bytes) {
        ByteBuffer content = bytes.slice();
        return new Bytes() {
            @Override
            public long size() {
                return content.limit();
            }

            @Override
            public void read(long position, ByteBuffer target) throws IOException {
                if (position < 0 || position > content.limit() - target.remaining()) {
                    throw new EOFException("the content ends at byte " + content.limit());
                }
                target.put(content.slice((int) position, target.remaining()));
            }
        };
    }
}
