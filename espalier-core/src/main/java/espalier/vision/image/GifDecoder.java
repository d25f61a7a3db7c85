package espalier.vision.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Decodes the first frame of a GIF onto its white canvas; what follows the first frame is not looked at.
 *
 * @paper CompuServe 1990, "Graphics Interchange Format, version 89a"
 */
final class GifDecoder {
    private static final int EXTENSION = 0x21;
    private static final int FRAME = 0x2c;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int MOST_CODES = 4096;
    private static final int[] PASS_START = {0, 4, 2, 1};
    private static final int[] PASS_STEP = {8, 8, 4, 2};

    private final byte[] bytes;
    private final ByteSource in;
    private int transparent = -1;

    private GifDecoder(byte[] bytes) {
        this.bytes = bytes;
        this.in = ByteSource.of(bytes);
    }

    /** True when a second image descriptor follows the first frame. */
    static boolean hasSecondFrame(ByteSource in) throws IOException {
        try {
            long at = afterScreen(in);
            for (int frames = 0; ; ) {
                int block = in.u8(at);
                if (block == FRAME) {
                    if (++frames == 2) {
                        return true;
                    }
                    at = afterSubBlocks(in, at + 10 + tableBytes(in.u8(at + 9)) + 1);
                } else if (block == EXTENSION) {
                    at = afterSubBlocks(in, at + 2);
                } else {
                    return false;
                }
            }
        } catch (EOFException end) {
            return false; // whether the first frame is whole is for its decoder to say
        }
    }

    /**
     * Decodes.
     *
     * @param grey fills what a truncated file does not cover with grey instead of throwing
     */
    static Partial decode(byte[] bytes, ImageHeader header, boolean grey) throws IOException {
        byte[] canvas = new byte[Math.toIntExact(3 * header.pixels())];
        Arrays.fill(canvas, (byte) 0xff);
        boolean whole = new GifDecoder(bytes).firstFrame(canvas, header.width(), header.height(), grey);
        return new Partial(Image.of(header.width(), header.height(), canvas), whole);
    }

    private boolean firstFrame(byte[] canvas, int width, int height, boolean grey) throws IOException {
        long at = afterScreen(in);
        while (in.u8(at) != FRAME) {
            if (in.u8(at) != EXTENSION) {
                throw Unreadable.damaged(ImageType.GIF, "no frame");
            }
            if (in.u8(at + 1) == GRAPHIC_CONTROL && (in.u8(at + 3) & 1) != 0) {
                transparent = in.u8(at + 6);
            }
            at = afterSubBlocks(in, at + 2);
        }
        int left = in.u16le(at + 1);
        int top = in.u16le(at + 3);
        int frameWidth = in.u16le(at + 5);
        int frameHeight = in.u16le(at + 7);
        int flags = in.u8(at + 9);
        if (left + frameWidth > width || top + frameHeight > height) {
            throw Unreadable.damaged(ImageType.GIF, "frame larger than its screen");
        }
        byte[] indices = new byte[frameWidth * frameHeight];
        long data = at + 10 + tableBytes(flags);
        int decoded = unpack(indices, data);
        if (decoded < indices.length && !grey) {
            throw Unreadable.truncated(ImageType.GIF);
        }
        long table = tableBytes(flags) > 0 ? at + 10 : 13;
        byte[] palette = palette(table, tableBytes(flags) > 0 ? flags : in.u8(10));
        boolean interlaced = (flags & 0x40) != 0;
        int row = 0;
        for (int pass = interlaced ? 0 : 3; pass < 4; pass++) {
            int step = interlaced ? PASS_STEP[pass] : 1;
            for (int y = interlaced ? PASS_START[pass] : 0; y < frameHeight; y += step, row++) {
                int to = 3 * ((top + y) * width + left);
                paint(indices, row * frameWidth, decoded, palette, canvas, to, frameWidth);
            }
        }
        return decoded == indices.length;
    }

    private void paint(byte[] indices, int from, int decoded, byte[] palette, byte[] canvas, int to, int count) {
        for (int i = 0; i < count; i++) {
            int index = indices[from + i] & 0xff;
            int out = to + 3 * i;
            if (from + i >= decoded) {
                Arrays.fill(canvas, out, out + 3, (byte) PngDecoder.GREY);
            } else if (index != transparent) {
                System.arraycopy(palette, 3 * index, canvas, out, 3);
            }
        }
    }

    /** 256 colours; the ones that the table does not have are black. */
    private byte[] palette(long at, int flags) throws IOException {
        byte[] palette = new byte[768];
        int size = tableBytes(flags);
        for (int i = 0; i < size; i++) {
            palette[i] = (byte) in.u8(at + i);
        }
        return palette;
    }

    /** Undoes LZW into {@code indices}; gives how many it got before the data ended. */
    private int unpack(byte[] indices, long at) throws IOException {
        int minBits = at < bytes.length ? in.u8(at) : 8;
        if (minBits < 1 || minBits > 8) {
            throw Unreadable.damaged(ImageType.GIF, "code size " + minBits);
        }
        int clear = 1 << minBits;
        int[] prefix = new int[MOST_CODES];
        byte[] suffix = new byte[MOST_CODES];
        int[] lengths = new int[MOST_CODES];
        for (int i = 0; i < clear; i++) {
            suffix[i] = (byte) i;
            lengths[i] = 1;
        }
        var codes = new Codes((int) Math.min(at + 1, bytes.length));
        int bits = minBits + 1;
        int next = clear + 2;
        int previous = -1;
        int done = 0;
        while (done < indices.length) {
            int code = codes.next(bits);
            if (code == clear) {
                bits = minBits + 1;
                next = clear + 2;
                previous = -1;
                continue;
            }
            if (code < 0 || code == clear + 1) {
                return done; // no more data
            }
            if (code > next || (previous < 0 && code >= clear)) {
                throw Unreadable.damaged(ImageType.GIF, "code " + code);
            }
            int known = code < next ? code : previous;
            int length = lengths[known];
            byte first = write(indices, done, known, length, prefix, suffix);
            done += length;
            if (code == next && done < indices.length) {
                indices[done] = first; // the string that is being defined: previous + its own first
            }
            done += code == next ? 1 : 0;
            if (previous >= 0 && next < MOST_CODES) {
                prefix[next] = previous;
                suffix[next] = first;
                lengths[next] = lengths[previous] + 1;
                next++;
                bits += next == 1 << bits && bits < 12 ? 1 : 0;
            }
            previous = code;
        }
        return indices.length;
    }

    /** Writes the string of {@code code}, from its last byte to its first, which it gives. */
    private static byte write(byte[] out, int at, int code, int length, int[] prefix, byte[] suffix) {
        byte value = 0;
        for (int i = at + length - 1; i >= at; i--) {
            value = suffix[code];
            if (i < out.length) {
                out[i] = value;
            }
            code = prefix[code];
        }
        return value;
    }

    private static long afterScreen(ByteSource in) throws IOException {
        return 13L + tableBytes(in.u8(10));
    }

    private static int tableBytes(int flags) {
        return (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;
    }

    private static long afterSubBlocks(ByteSource in, long at) throws IOException {
        for (int size = in.u8(at); size > 0; size = in.u8(at)) {
            at += 1 + size;
        }
        return at + 1;
    }

    /** The bit stream inside the sub-blocks, low bits first. */
    private final class Codes {
        private int at;
        private int left;
        private int buffer;
        private int filled;

        private Codes(int at) {
            this.at = at;
        }

        /** The next code, or -1 at the end of the data. */
        int next(int bits) {
            while (filled < bits) {
                if (left == 0) {
                    if (at >= bytes.length || bytes[at] == 0) {
                        return -1;
                    }
                    left = bytes[at++] & 0xff;
                }
                if (at >= bytes.length) {
                    return -1;
                }
                buffer |= (bytes[at++] & 0xff) << filled;
                filled += 8;
                left--;
            }
            int code = buffer & ((1 << bits) - 1);
            buffer >>>= bits;
            filled -= bits;
            return code;
        }
    }
}
