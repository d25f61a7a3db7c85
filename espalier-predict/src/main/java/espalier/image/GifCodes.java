package espalier.image;

/**
 * The LZW codes of a GIF frame, in sub-blocks, low bits first, and the table of strings that they define.
 *
 * @paper CompuServe 1990, "Graphics Interchange Format, version 89a", appendix F
 */
final class GifCodes {
    private static final int MOST_CODES = 4096;
    private static final int MOST_BITS = 12;
    private static final int END = -1;

    private final byte[] bytes;
    private final int minBits;
    private final int clear;

    /** String {@code code} is string {@code prefix[code]} and the byte {@code suffix[code]}. */
    private final int[] prefix = new int[MOST_CODES];

    private final byte[] suffix = new byte[MOST_CODES];
    private final int[] lengths = new int[MOST_CODES];
    private int next;
    private int bits;

    private int at;
    private int leftInBlock;
    private int buffer;
    private int filled;

    /** The codes of the frame whose data start at {@code position}, with the byte that tells the code size. */
    GifCodes(byte[] bytes, long position) throws Unreadable {
        this.bytes = bytes;
        this.at = (int) Math.min(position + 1, bytes.length);
        this.minBits = position < bytes.length ? bytes[(int) position] : 8;
        if (minBits < 1 || minBits >= MOST_BITS) {
            throw Unreadable.damaged(ImageType.GIF, "code size " + minBits);
        }
        this.clear = 1 << minBits;
        for (int i = 0; i < clear; i++) {
            suffix[i] = (byte) i;
            lengths[i] = 1;
        }
        reset();
    }

    private void reset() {
        bits = minBits + 1;
        next = clear + 2; // after the codes for "clear" and "end"
    }

    /** Fills {@code out} with palette indices; gives how many there were before the data ended. */
    int unpack(byte[] out) throws Unreadable {
        int previous = END;
        int done = 0;
        while (done < out.length) {
            int code = nextCode();
            if (code == clear) {
                reset();
                previous = END;
                continue;
            }
            if (code == END || code == clear + 1) {
                return done;
            }
            if (code > next || (previous == END && code >= clear)) {
                throw Unreadable.damaged(ImageType.GIF, "code " + code);
            }
            // A code may stand for the very string that it defines: the previous one and its own first byte.
            boolean own = code == next;
            byte first = write(own ? previous : code, out, done);
            done += lengths[own ? previous : code];
            if (own && done < out.length) {
                out[done] = first;
            }
            done += own ? 1 : 0;
            define(previous, first);
            previous = code;
        }
        return out.length;
    }

    private void define(int previous, byte last) {
        if (previous == END || next == MOST_CODES) {
            return;
        }
        prefix[next] = previous;
        suffix[next] = last;
        lengths[next] = lengths[previous] + 1;
        next++;
        if (next == 1 << bits && bits < MOST_BITS) {
            bits++;
        }
    }

    /** Writes the string of {@code code} from its last byte to its first, which it gives. */
    private byte write(int code, byte[] out, int start) {
        byte value = 0;
        for (int i = start + lengths[code] - 1; i >= start; i--) {
            value = suffix[code];
            if (i < out.length) {
                out[i] = value;
            }
            code = prefix[code];
        }
        return value;
    }

    private int nextCode() {
        while (filled < bits) {
            if (leftInBlock == 0) {
                if (at >= bytes.length || bytes[at] == 0) {
                    return END;
                }
                leftInBlock = bytes[at++] & 0xff;
            }
            if (at >= bytes.length) {
                return END;
            }
            buffer |= (bytes[at++] & 0xff) << filled;
            filled += 8;
            leftInBlock--;
        }
        int code = buffer & ((1 << bits) - 1);
        buffer >>>= bits;
        filled -= bits;
        return code;
    }
}
