package espalier.image;

/**
 * The bits of a JPEG's entropy-coded data: stuffing is taken out, and a marker ends them, after which zeros are given
 * and counted.
 *
 * @paper ITU-T T.81 (1992), F.2.2.5: the procedure NEXTBIT
 */
final class JpegBits {
    private final byte[] bytes;
    private final int end;
    private int at;
    private long buffer;
    private int count;
    private int padded;
    private boolean marker;

    /** The bits of {@code bytes} from {@code at} to before {@code end}. */
    JpegBits(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    /** Makes sure that 32 bits can be taken. */
    void fill() {
        while (count < 32) {
            if (!marker && at + 4 <= end && !anyMarker()) {
                buffer = buffer << 32 | word();
                at += 4;
                count += 32;
                return;
            }
            int value = marker ? -1 : next();
            if (value < 0) {
                marker = true;
                padded += 8;
            }
            buffer = buffer << 8 | Math.max(0, value);
            count += 8;
        }
    }

    private long word() {
        return (bytes[at] & 0xffL) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }

    /** Whether there is a marker, or stuffing, in the next four bytes. */
    private boolean anyMarker() {
        return bytes[at] == -1 || bytes[at + 1] == -1 || bytes[at + 2] == -1 || bytes[at + 3] == -1;
    }

    /** The next byte; -1 at a marker or the end. */
    private int next() {
        while (at < end) {
            int value = bytes[at] & 0xff;
            if (value != 0xff) {
                at++;
                return value;
            }
            int second = at + 1 < end ? bytes[at + 1] & 0xff : -1;
            if (second == 0) {
                at += 2;
                return value;
            } else if (second != 0xff) {
                return -1;
            }
            at++; // a fill byte
        }
        return -1;
    }

    /** The next 16 bits, which stay. */
    int peek16() {
        return (int) (buffer >>> (count - 16)) & 0xffff;
    }

    void skip(int bits) {
        count -= bits;
    }

    /** Takes up to 16 bits. */
    int take(int bits) {
        count -= bits;
        return (int) (buffer >>> count) & ((1 << bits) - 1);
    }

    /** Takes one bit, filling up as needed: where many follow each other. */
    int bit() {
        if (count < 1) {
            fill();
        }
        return take(1);
    }

    /**
     * Skips the coefficients 1 to 63 of a block of a sequential file; false for codes that do not exist or overfill the
     * block. Most of the time goes here, so the state is in local variables.
     */
    boolean skipCoefficients(JpegCodes codes) {
        long word = buffer;
        int left = count;
        int k = 0;
        boolean sound = true;
        while (k < 63) {
            if (left < 32) {
                count = left;
                fill();
                word = buffer;
                left = count;
            }
            int found = codes.find((int) (word >>> (left - 16)) & 0xffff);
            int size = found & 15;
            left -= (found >> 8) + size;
            k += (found >> 4 & 15) + 1;
            if (size == 0) {
                if ((found & 0xff) != 0xf0) {
                    break; // the rest of the block is zero
                }
            } else if (found < 0 || k > 63) {
                sound = false;
                break;
            }
        }
        count = left;
        return sound;
    }

    /** Whether more bits were taken than there are. */
    boolean overrun() {
        return count < padded;
    }

    /** Whether more is left up to the marker than the padding of the last byte, which is all ones or all zeros. */
    boolean hasRest() {
        int left = Math.max(0, count - padded);
        long ones = left == 0 ? 0 : (1L << left) - 1;
        long rest = buffer >>> Math.min(63, padded) & ones;
        boolean high = left == 0 || rest == ones;
        boolean low = rest == 0;
        for (int value = marker ? -1 : next(); value >= 0; value = next()) {
            high &= value == 0xff;
            low &= value == 0;
        }
        return !high && !low;
    }

    private boolean isMarker(int position) {
        return bytes[position] == (byte) 0xff
                && (position + 1 >= end || (bytes[position + 1] != 0 && bytes[position + 1] != (byte) 0xff));
    }

    /** Goes behind the restart marker number {@code expected}, 0 to 7; false when that is not the next marker. */
    boolean restart(int expected) {
        while (at < end && !isMarker(at)) {
            at++;
        }
        if (at + 1 >= end || (bytes[at + 1] & 0xff) != 0xd0 + expected) {
            return false;
        }
        at += 2;
        buffer = 0;
        count = 0;
        padded = 0;
        marker = false;
        return true;
    }
}
