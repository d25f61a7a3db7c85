package espalier.image;

import java.util.Optional;

/**
 * Whether the LZW data of a TIFF are sound: no code stands before what it means, and they hold as much as they should.
 *
 * @paper Adobe 1992, "TIFF, revision 6.0", section 13
 */
final class LzwIntegrity {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int FIRST = 258;
    private static final int MOST = 4096;

    private LzwIntegrity() {}

    /** What is wrong with the strip of {@code length} bytes at {@code at}, which should hold {@code needed} unpacked. */
    static Optional<String> damage(byte[] bytes, int at, int length, long needed) {
        if (length > 1 && bytes[at] == 0 && (bytes[at + 1] & 1) == 1) {
            return Optional.empty(); // as it was before 1988, with the bits the other way round
        }
        long[] lengths = new long[MOST];
        int next = FIRST;
        int width = 9;
        int before = -1;
        long unpacked = 0;
        long bit = 8L * at;
        long end = bit + 8L * length;
        while (bit + width <= end && (needed == 0 || unpacked < needed)) {
            int code = take(bytes, bit, width);
            bit += width;
            if (code == END) {
                break;
            } else if (code == CLEAR) {
                next = FIRST;
                width = 9;
                before = -1;
                continue;
            } else if (code > next || (code == next && before < 0) || next >= MOST) {
                return Optional.of("LZW data, behind byte " + unpacked);
            }
            long run = code < CLEAR ? 1 : code < next ? lengths[code] : length(lengths, before) + 1;
            unpacked += run;
            if (before >= 0) {
                lengths[next++] = length(lengths, before) + 1;
                width = next >= 2047 ? 12 : next >= 1023 ? 11 : next >= 511 ? 10 : 9;
            }
            before = code;
        }
        return unpacked < needed ? Optional.of("LZW data that hold less than their rows") : Optional.empty();
    }

    private static long length(long[] lengths, int code) {
        return code < CLEAR ? 1 : lengths[code];
    }

    private static int take(byte[] bytes, long bit, int count) {
        int at = (int) (bit >> 3);
        int word = 0;
        for (int i = 0; i < 3; i++) {
            word = word << 8 | (at + i < bytes.length ? bytes[at + i] & 0xff : 0);
        }
        return word >> (24 - (int) (bit & 7) - count) & ((1 << count) - 1);
    }
}
