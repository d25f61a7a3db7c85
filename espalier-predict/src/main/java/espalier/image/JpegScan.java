package espalier.image;

import org.jspecify.annotations.Nullable;

/**
 * One scan of a JPEG: reads block by block what coefficients there are, without their values.
 *
 * @paper ITU-T T.81 (1992), F.2.2 and G.1.2: decoding of coefficients, their first bits and the further ones
 */
final class JpegScan {
    /** In place of a change of brightness: there is no such code. */
    static final int DAMAGE = Integer.MIN_VALUE / 4;

    final JpegBits bits;
    /** The first coefficient, 0 for brightness. */
    final int first;
    /** By how many bits values are shifted. */
    final int shift;

    private final int last;
    private final int refined;
    private final @Nullable JpegCodes[] dc = new JpegCodes[4];
    private final @Nullable JpegCodes[] ac = new JpegCodes[4];
    private int emptyBlocks;

    /** The scan whose last three parameters lie at {@code at}; they count in progressive files only. */
    JpegScan(JpegBits bits, boolean progressive, byte[] bytes, int at) {
        this.bits = bits;
        this.first = progressive ? bytes[at] & 0xff : 0;
        this.last = progressive ? bytes[at + 1] & 0xff : 63;
        this.refined = progressive ? (bytes[at + 2] & 0xff) >> 4 : 0;
        this.shift = progressive ? bytes[at + 2] & 15 : 0;
    }

    /** Takes the tables of the channel number {@code index}; false when one that is needed is missing. */
    boolean tables(int index, @Nullable JpegCodes forDc, @Nullable JpegCodes forAc) {
        if (index >= dc.length || last > 63) {
            return false;
        }
        dc[index] = forDc;
        ac[index] = forAc;
        boolean needsDc = first == 0 && !refining();
        boolean needsAc = last > 0;
        return (forDc != null || !needsDc) && (forAc != null || !needsAc);
    }

    boolean refining() {
        return refined > 0;
    }

    /** Goes behind the next restart marker; false when what lies before it, or its number, is not as it should be. */
    boolean restart(int number) {
        emptyBlocks = 0;
        return !bits.hasRest() && bits.restart(number);
    }

    private static int next(@Nullable JpegCodes codes, JpegBits bits) {
        return codes == null ? -1 : codes.next(bits);
    }

    /** The change of brightness from the block before. */
    int dcChange(int index) {
        int size = next(dc[index], bits);
        if (size < 0 || size > 15) {
            return DAMAGE;
        }
        int value = bits.take(size);
        return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    /** The other 63 coefficients of a block of a sequential file; false for damage. */
    boolean sequentialAc(int index) {
        JpegCodes codes = ac[index];
        return codes != null && bits.skipCoefficients(codes);
    }

    /** The first bits of a block's coefficients in a progressive file; false for damage. */
    boolean firstAc(int index, long[] nonZero, int block) {
        if (emptyBlocks > 0) {
            emptyBlocks--;
            return true;
        }
        for (int k = first; k <= last; k++) {
            int symbol = next(ac[index], bits);
            int size = symbol & 15;
            if (symbol < 0) {
                return false;
            } else if (size == 0 && symbol != 0xf0) {
                emptyBlocks = (1 << (symbol >> 4)) - 1 + bits.take(symbol >> 4);
                return true;
            }
            k += symbol >> 4;
            if (size > 0) {
                if (k > last) {
                    return false;
                }
                bits.skip(size);
                nonZero[block] |= 1L << k;
            }
        }
        return true;
    }

    /** A further bit of a block's coefficients in a progressive file; false for damage. */
    boolean refineAc(int index, long[] nonZero, int block) {
        long known = nonZero[block];
        int k = first;
        while (emptyBlocks == 0 && k <= last) {
            int symbol = next(ac[index], bits);
            int size = symbol & 15;
            if (symbol < 0 || size > 1) {
                return false;
            } else if (size == 0 && symbol != 0xf0) {
                emptyBlocks = (1 << (symbol >> 4)) + bits.take(symbol >> 4);
                break;
            }
            bits.skip(size); // the sign
            for (int zeros = symbol >> 4; k <= last; k++) {
                if ((known >> k & 1) != 0) {
                    bits.bit();
                } else if (--zeros < 0) {
                    break;
                }
            }
            if (size > 0) {
                if (k > last) {
                    return false;
                }
                nonZero[block] |= 1L << k;
            }
            k++;
        }
        if (emptyBlocks > 0) {
            for (; k <= last; k++) {
                if ((known >> k & 1) != 0) {
                    bits.bit();
                }
            }
            emptyBlocks--;
        }
        return true;
    }
}
