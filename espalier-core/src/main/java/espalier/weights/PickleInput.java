package espalier.weights;

import espalier.files.Bytes;
import espalier.weights.Pickle.PickleException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A cursor over a stretch of bytes that refuses to go past its end, for the parts of a pickle. */
final class PickleInput {
    private static final int CHUNK = 1 << 16;

    private final Bytes source;
    private final long end;
    private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    private long next;

    /** A cursor at {@code begin} that may go up to before {@code end}. */
    PickleInput(Bytes source, long begin, long end) {
        this.source = source;
        this.next = begin;
        this.end = end;
        buffer.limit(0);
    }

    /** How many bytes of the source come before the cursor. */
    long position() {
        return next - buffer.remaining();
    }

    int uint8() throws IOException, PickleException {
        return have(1).get() & 0xff;
    }

    int uint16() throws IOException, PickleException {
        return have(2).getShort() & 0xffff;
    }

    int int32() throws IOException, PickleException {
        return have(4).getInt();
    }

    long int64() throws IOException, PickleException {
        return have(8).getLong();
    }

    /** A double, which pickles hold big-endian. */
    double float64() throws IOException, PickleException {
        return Double.longBitsToDouble(Long.reverseBytes(have(8).getLong()));
    }

    /** The next {@code count} bytes, at most {@code limit}. */
    byte[] bytes(long count, int limit) throws IOException, PickleException {
        if (count < 0 || count > limit || count > end - position()) {
            throw new PickleException("a piece of %d bytes is announced; at most %d are possible here"
                    .formatted(count, Math.min(limit, end - position())));
        }
        byte[] bytes = new byte[(int) count];
        int buffered = Math.min(bytes.length, buffer.remaining());
        buffer.get(bytes, 0, buffered);
        if (buffered < bytes.length) {
            source.read(next, ByteBuffer.wrap(bytes, buffered, bytes.length - buffered));
            next += bytes.length - buffered;
        }
        return bytes;
    }

    /** The next {@code count} bytes as UTF-8 text. */
    String text(long count, int limit) throws IOException, PickleException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(count, limit)))
                    .toString();
        } catch (CharacterCodingException wrong) {
            throw new PickleException("a text is not valid UTF-8");
        }
    }

    /** The text up to the next line feed, which is taken too. */
    String line(int limit) throws IOException, PickleException {
        var line = new StringBuilder();
        for (int c = uint8(); c != '\n'; c = uint8()) {
            if (line.length() == limit) {
                throw new PickleException("a line has more than " + limit + " characters");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private ByteBuffer have(int count) throws IOException, PickleException {
        if (buffer.remaining() < count) {
            if (end - position() < count) {
                throw new PickleException("it ends at byte " + end + " in the middle of an instruction");
            }
            buffer.compact();
            buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + end - next));
            int before = buffer.position();
            source.read(next, buffer);
            next += buffer.position() - before;
            buffer.flip();
        }
        return buffer;
    }
}
