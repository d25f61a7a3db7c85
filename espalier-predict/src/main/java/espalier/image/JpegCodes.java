package espalier.image;

/**
 * A Huffman table of a JPEG.
 *
 * @paper ITU-T T.81 (1992), annex C and F.2.2.3: codes in the order of their lengths, the procedure DECODE
 */
final class JpegCodes {
    private static final int FAST = 10;

    /** By the next ten bits: length and symbol of the code; 0 for longer ones. */
    private final short[] fast = new short[1 << FAST];
    /** By length: the code after the last, as 16 bits. */
    private final int[] limit = new int[18];
    /** By length: what to add to a code for its place among the symbols. */
    private final int[] offset = new int[17];

    private final byte[] symbols;

    /** The table whose 16 counts lie at {@code at}, its symbols behind them. */
    JpegCodes(byte[] bytes, int at) {
        int total = 0;
        int code = 0;
        symbols = new byte[Math.min(256, bytes.length - at - 16)];
        System.arraycopy(bytes, at + 16, symbols, 0, symbols.length);
        for (int length = 1; length <= 16; length++) {
            int codes = bytes[at + length - 1] & 0xff;
            offset[length] = total - code;
            for (int i = 0; i < codes && length <= FAST && total + i < symbols.length; i++) {
                int first = (code + i) << (FAST - length);
                for (int j = 0; j < 1 << (FAST - length) && first + j < fast.length; j++) {
                    fast[first + j] = (short) (length << 8 | (symbols[total + i] & 0xff));
                }
            }
            code += codes;
            total += codes;
            limit[length] = code << (16 - length);
            code <<= 1;
        }
    }

    /** The next symbol, 0 to 255; -1 when no code begins with the next bits. */
    int next(JpegBits bits) {
        bits.fill();
        int found = find(bits.peek16());
        bits.skip(found >> 8);
        return found < 0 ? -1 : found & 0xff;
    }

    /** The code that the 16 bits {@code peeked} begin with: its length times 256, and its symbol; -1 for none. */
    int find(int peeked) {
        int entry = fast[peeked >>> (16 - FAST)];
        return entry != 0 ? entry : findLong(peeked);
    }

    private int findLong(int peeked) {
        for (int length = FAST + 1; length <= 16; length++) {
            if (peeked < limit[length]) {
                int place = (peeked >>> (16 - length)) + offset[length];
                return place >= 0 && place < symbols.length ? length << 8 | (symbols[place] & 0xff) : -1;
            }
        }
        return -1;
    }
}
