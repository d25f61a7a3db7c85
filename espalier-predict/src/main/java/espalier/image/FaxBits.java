package espalier.image;

/**
 * The codes of fax data, bit by bit.
 *
 * @paper ITU-T T.4 (2003), tables 2, 3a and 3b: runs of white and of black; T.6 (1988), table 1: modes
 */
final class FaxBits {
    /** No such code. */
    static final int NONE = -1;

    private static final int LONGEST = 13;
    private static final int MAKE_UP = 64;
    private static final int[] WHITE = table(
            "00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 101010"
                    + " 101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000"
                    + " 00000010 00000011 00011010 00011011 00010010 00010011 00010100 00010101 00010110 00010111"
                    + " 00101000 00101001 00101010 00101011 00101100 00101101 00000100 00000101 00001010 00001011"
                    + " 01010010 01010011 01010100 01010101 00100100 00100101 01011000 01011001 01011010 01011011"
                    + " 01001010 01001011 00110010 00110011 00110100",
            "11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101"
                    + " 011010010 011010011 011010100 011010101 011010110 011010111 011011000 011011001 011011010"
                    + " 011011011 010011000 010011001 010011010 011000 010011011");
    private static final int[] BLACK = table(
            "0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111"
                    + " 000011000 0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111"
                    + " 00000101000 00000010111 00000011000 000011001010 000011001011 000011001100 000011001101"
                    + " 000001101000 000001101001 000001101010 000001101011 000011010010 000011010011 000011010100"
                    + " 000011010101 000011010110 000011010111 000001101100 000001101101 000011011010 000011011011"
                    + " 000001010100 000001010101 000001010110 000001010111 000001100100 000001100101 000001010010"
                    + " 000001010011 000000100100 000000110111 000000111000 000000100111 000000101000 000001011000"
                    + " 000001011001 000000101011 000000101100 000001011010 000001100110 000001100111",
            "0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100"
                    + " 0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010"
                    + " 0000001110011 0000001110100 0000001110101 0000001110110 0000001110111 0000001010010"
                    + " 0000001010011 0000001010100 0000001010101 0000001011010 0000001011011 0000001100100"
                    + " 0000001100101");
    private static final String LONG_RUNS = "00000001000 00000001100 00000001101 000000010010 000000010011 000000010100"
            + " 000000010101 000000010110 000000010111 000000011100 000000011101 000000011110 000000011111";

    private final byte[] bytes;
    private final long end;
    private final boolean lowFirst;
    private long at;

    /** The bits from byte {@code from} to before byte {@code to}; {@code lowFirst}: each byte's lowest bit comes first. */
    FaxBits(byte[] bytes, int from, int to, boolean lowFirst) {
        this.bytes = bytes;
        this.at = 8L * from;
        this.end = 8L * to;
        this.lowFirst = lowFirst;
    }

    /** For each 13 bits the length of the code that they begin with times 65,536, and its run; 0 for none. */
    private static int[] table(String runs, String longer) {
        int[] table = new int[1 << LONGEST];
        String[] codes = runs.split(" ");
        for (int i = 0; i < codes.length; i++) {
            put(table, codes[i], i);
        }
        String[] more = (longer + " " + LONG_RUNS).split(" ");
        for (int i = 0; i < more.length; i++) {
            put(table, more[i], MAKE_UP * (i + 1));
        }
        return table;
    }

    private static void put(int[] table, String code, int run) {
        int free = LONGEST - code.length();
        int first = Integer.parseInt(code, 2) << free;
        for (int i = 0; i < 1 << free; i++) {
            table[first + i] = code.length() << 16 | run;
        }
    }

    /** The next bits, which stay; zeros behind the end. */
    int peek(int count) {
        int bits = 0;
        for (int i = 0; i < count; i++) {
            long position = at + i;
            int bit = 0;
            if (position < end) {
                int shift = (int) (lowFirst ? position & 7 : 7 - (position & 7));
                bit = bytes[(int) (position >> 3)] >> shift & 1;
            }
            bits = bits << 1 | bit;
        }
        return bits;
    }

    void skip(int count) {
        at += count;
    }

    /** Goes to the beginning of a byte. */
    void align() {
        at = at + 7 & ~7L;
    }

    /** How many bits are left; negative when more were taken than there are. */
    long left() {
        return end - at;
    }

    /** Goes behind an end of line, with any number of zeros before it; false, and nowhere, where there is none. */
    boolean endOfLine() {
        long start = at;
        while (left() > 0 && peek(1) == 0) {
            at++;
        }
        if (at - start >= 11 && left() > 0) {
            at++;
            return true;
        }
        at = start;
        return false;
    }

    /** The length of the next run of a colour, or {@link #NONE}. */
    int run(boolean black) {
        int[] table = black ? BLACK : WHITE;
        for (int sum = 0; ; ) {
            int found = table[peek(LONGEST)];
            if (found == 0) {
                return NONE;
            }
            skip(found >> 16);
            sum += found & 0xffff;
            if ((found & 0xffff) < MAKE_UP) {
                return sum;
            }
        }
    }
}
