package espalier.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Decodes the first frame of a GIF onto its white canvas; what follows the first frame is not looked at.
 *
 * @paper CompuServe 1990, "Graphics Interchange Format, version 89a"
 */
final class GifDecoder {
    private static final int EXTENSION = 0x21;
    private static final int FRAME = 0x2c;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int[] PASS_START = {0, 4, 2, 1};
    private static final int[] PASS_STEP = {8, 8, 4, 2};

    private final byte[] bytes;
    private final ByteSource in;
    private int transparent = -1;
    private long covered;

    private GifDecoder(byte[] bytes, ByteSource in) {
        this.bytes = bytes;
        this.in = in;
    }

    /** True when a second image descriptor follows the first frame. */
    private static boolean hasSecondFrame(ByteSource in) throws IOException {
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

    /** Width and height of the screen, or of the first frame where that reaches beyond it, as Pillow has it. */
    static ImageHeader header(ByteSource in) throws IOException {
        int width = in.u16le(6);
        int height = in.u16le(8);
        try {
            long frame = new GifDecoder(new byte[0], in).seekFirstFrame();
            width = Math.max(width, in.u16le(frame + 1) + in.u16le(frame + 5));
            height = Math.max(height, in.u16le(frame + 3) + in.u16le(frame + 7));
        } catch (EOFException cut) {
            // cut before its first frame: the decoder says so
        }
        return new ImageHeader(ImageType.GIF, width, height, 8, 1, hasSecondFrame(in) ? 2 : 1, 1);
    }

    /** Where the first frame's descriptor is; notes on the way which colour is transparent in it. */
    private long seekFirstFrame() throws IOException {
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
        return at;
    }

    /**
     * Decodes.
     *
     * @param grey fills what a truncated file does not cover with grey instead of throwing
     */
    static Partial decode(byte[] bytes, ImageHeader header, boolean grey) throws IOException {
        byte[] canvas = new byte[Math.toIntExact(3 * header.pixels())];
        Arrays.fill(canvas, (byte) 0xff);
        var decoder = new GifDecoder(bytes, ByteSource.of(bytes));
        boolean whole = decoder.firstFrame(canvas, header.width(), grey);
        List<String> warnings = decoder.covered < header.pixels()
                ? List.of("a GIF whose first frame leaves a part of its screen free, which is white here")
                : List.of();
        return new Partial(Image.of(header.width(), header.height(), canvas), whole, warnings);
    }

    private boolean firstFrame(byte[] canvas, int width, boolean grey) throws IOException {
        long at = seekFirstFrame();
        int left = in.u16le(at + 1);
        int top = in.u16le(at + 3);
        int frameWidth = in.u16le(at + 5);
        int frameHeight = in.u16le(at + 7);
        int flags = in.u8(at + 9);
        covered = (long) frameWidth * frameHeight;
        byte[] indices = new byte[frameWidth * frameHeight];
        long data = at + 10 + tableBytes(flags);
        int decoded = new GifCodes(bytes, data).unpack(indices);
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
                Arrays.fill(canvas, out, out + 3, Partial.GREY);
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
}
