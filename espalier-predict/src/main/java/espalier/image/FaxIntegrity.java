package espalier.image;

import java.util.Arrays;
import java.util.Optional;

/**
 * Whether fax data (CCITT groups 3 and 4, in TIFF) are sound: each row has its width, and as many rows come as should. They have no
 * checksum, and a decoder goes on behind a damage with whatever it takes the bits for.
 *
 * @paper ITU-T T.4 (2003), 4.1 and 4.2: group 3; T.6 (1988), 2.2: group 4
 */
final class FaxIntegrity {
    static final int HUFFMAN = 2;
    static final int GROUP_3 = 3;
    static final int GROUP_4 = 4;
    private static final int PASS = 1;
    private static final int HORIZONTAL = 2;
    private static final int VERTICAL = 8;
    /** So much may follow the last row without an end mark: fill to a whole word. */
    private static final int PADDING = 32;

    private final FaxBits bits;
    private final int width;
    private int[] above = new int[0];
    private int[] row;
    private int changes;

    private FaxIntegrity(FaxBits bits, int width) {
        this.bits = bits;
        this.width = width;
        this.row = new int[width + 4];
    }

    /**
     * What is wrong.
     *
     * @param kind {@link #HUFFMAN}, {@link #GROUP_3} or {@link #GROUP_4}
     * @param twoDimensional whether rows of group 3 may be told by the row above
     * @param toTheEnd whether nothing but padding may follow
     */
    static Optional<String> damage(
            FaxBits bits, int width, int rows, int kind, boolean twoDimensional, boolean toTheEnd) {
        var fax = new FaxIntegrity(bits, width);
        for (int y = 0; y < rows; y++) {
            if (!fax.next(kind, twoDimensional) || bits.left() < 0) {
                return Optional.of("fax data, from row " + y + " of " + rows + " on");
            }
        }
        boolean ends = kind != GROUP_4 || bits.peek(24) == 0x001001 || !toTheEnd || bits.left() < PADDING;
        return ends ? Optional.empty() : Optional.of("fax data, which go on behind the last row");
    }

    private boolean next(int kind, boolean twoDimensional) {
        above = Arrays.copyOf(row, changes);
        changes = 0;
        if (kind == GROUP_4) {
            return byRowAbove();
        }
        boolean plain = true;
        if (kind == GROUP_3) {
            boolean mark = bits.endOfLine();
            if (twoDimensional) {
                plain = bits.peek(1) == 1;
                bits.skip(1);
                if (!mark) {
                    return false;
                }
            }
        } else {
            bits.align();
        }
        return plain ? byRuns() : byRowAbove();
    }

    private boolean byRuns() {
        boolean black = false;
        for (int x = 0; x < width; black = !black) {
            int run = bits.run(black);
            if (run == FaxBits.NONE || x + run > width) {
                return false;
            }
            x += run;
            add(x);
        }
        return true;
    }

    private boolean byRowAbove() {
        boolean black = false;
        for (int x = -1; x < width; ) {
            int mode = mode();
            int first = changeAbove(x, black);
            if (mode == PASS) {
                x = above(first + 1);
            } else if (mode == HORIZONTAL) {
                for (int i = 0; i < 2; i++, black = !black) {
                    int run = bits.run(black);
                    if (run == FaxBits.NONE || Math.max(0, x) + run > width) {
                        return false;
                    }
                    x = Math.max(0, x) + run;
                    add(x);
                }
            } else {
                int to = above(first) + mode - VERTICAL;
                if (mode == FaxBits.NONE || to > width || to < Math.max(0, x)) {
                    return false;
                }
                x = to;
                add(x);
                black = !black;
            }
        }
        return true;
    }

    /** Notes a change of colour; two at one place are none. */
    private void add(int x) {
        if (changes > 0 && row[changes - 1] == x) {
            changes--;
        } else {
            row[changes++] = x;
        }
    }

    /** The first change of the row above behind {@code x} that goes from the colour to the other one. */
    private int changeAbove(int x, boolean black) {
        int i = black ? 1 : 0;
        while (i < above.length && above[i] <= x) {
            i += 2;
        }
        return i;
    }

    private int above(int change) {
        return change < above.length ? above[change] : width;
    }

    /** PASS, HORIZONTAL, or VERTICAL with a shift of -3 to 3. */
    private int mode() {
        int seven = bits.peek(7);
        int length = Integer.numberOfLeadingZeros(seven) - 24; // up to the first 1, which counts
        int mode =
                switch (length) {
                    case 1 -> VERTICAL;
                    case 2 -> VERTICAL + side(seven >> 4);
                    case 3 -> HORIZONTAL;
                    case 4 -> PASS;
                    case 5 -> VERTICAL + 2 * side(seven >> 1);
                    case 6 -> VERTICAL + 3 * side(seven);
                    default -> FaxBits.NONE;
                };
        bits.skip(length == 2 || length == 5 || length == 6 ? length + 1 : length);
        return mode;
    }

    private static int side(int bits) {
        return (bits & 1) == 1 ? 1 : -1;
    }
}
