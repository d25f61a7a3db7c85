package espalier.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Set;

/**
 * A BMP of any of its versions: palettes, run lengths, channels in any bits of a pixel. Alpha counts only where the
 * header states a mask for it and some pixel is not clear: many writers leave it at zero.
 *
 * @paper Microsoft, "Bitmap Storage" (BITMAPCOREHEADER to BITMAPV5HEADER); IBM OS/2 2.0, BITMAPINFOHEADER2
 */
final class BmpFile {
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int BIT_FIELDS = 3;
    private static final int ALPHA_BIT_FIELDS = 6;
    private static final int OLD = 12;
    private static final int PLAIN = 40;
    /** The sizes that the header has in its versions; of another one it is not known where the palette starts. */
    private static final Set<Integer> HEADER_SIZES = Set.of(OLD, 16, PLAIN, 48, 52, 56, 64, 108, 124);

    private final ByteSource in;
    /** Where the header starts: 14 in a file, 0 for a headless one. */
    private final int base;

    private final int headerSize;
    private final int bits;
    private final long compression;
    private final boolean fromTop;
    private boolean alphaIgnored;

    private BmpFile(ByteSource in) throws IOException {
        this.in = in;
        base = in.has(0, "BM") ? 14 : 0;
        headerSize = (int) Math.min(Integer.MAX_VALUE, in.u32le(base));
        if (!HEADER_SIZES.contains(headerSize)) {
            throw Unreadable.damaged(ImageType.BMP, "header of " + headerSize + " bytes");
        }
        boolean old = headerSize == OLD;
        bits = in.u16le(base + (old ? 10 : 14));
        compression = headerSize >= 20 ? in.u32le(base + 16) : 0;
        fromTop = !old && (int) in.u32le(base + 8) < 0;
    }

    /** True for a device-independent bitmap without the 14 bytes before it, as clipboards and resources have it. */
    static boolean headless(ByteSource in) throws IOException {
        if (in.length() < PLAIN) {
            return false;
        }
        long size = in.u32le(0);
        int bits = in.u16le(14);
        boolean known = size == PLAIN || size == 52 || size == 56 || size == 108 || size == 124;
        return known && in.u16le(12) == 1 && bits > 0 && bits <= 32 && in.u32le(16) <= ALPHA_BIT_FIELDS;
    }

    static ImageHeader header(ByteSource in) throws IOException {
        var file = new BmpFile(in);
        boolean old = file.headerSize == OLD;
        long width = old ? in.u16le(file.base + 4) : (int) in.u32le(file.base + 4);
        long height = old ? in.u16le(file.base + 6) : Math.abs((long) (int) in.u32le(file.base + 8));
        int channels = file.bits <= 8 ? 1 : file.bits == 32 ? 4 : 3;
        return new ImageHeader(
                ImageType.BMP,
                ImageHeader.size(width, ImageType.BMP),
                ImageHeader.size(height, ImageType.BMP),
                Math.min(file.bits, 8),
                channels,
                1,
                1);
    }

    /**
     * Decodes.
     *
     * @param grey fills what a truncated file does not cover with grey instead of throwing
     */
    static Partial decode(byte[] bytes, ImageHeader header, boolean grey) throws IOException {
        var file = new BmpFile(ByteSource.of(bytes));
        boolean runs = file.compression == RLE8 || file.compression == RLE4;
        boolean fields = file.hasMasks();
        if (file.compression != 0 && !runs && !(fields && file.bits >= 16)) {
            throw Unreadable.unsupported("BMP with compression " + file.compression);
        }
        boolean sound = runs
                ? file.bits == (file.compression == RLE8 ? 8 : 4)
                : Arrays.binarySearch(new int[] {1, 2, 4, 8, 16, 24, 32}, file.bits) >= 0;
        if (!sound) {
            throw Unreadable.damaged(ImageType.BMP, file.bits + " bits a pixel");
        }
        int masks = file.headerSize != PLAIN || !fields ? 0 : file.compression == BIT_FIELDS ? 12 : 16;
        int paletteAt = file.base + file.headerSize + masks;
        long pixelsAt = file.base == 0 ? 0 : file.in.u32le(10);
        byte[] palette = file.bits <= 8 ? file.palette(paletteAt, pixelsAt) : new byte[0];
        if (pixelsAt < paletteAt || (pixelsAt == paletteAt && file.bits <= 8)) {
            pixelsAt = paletteAt + (file.bits <= 8 ? file.colours() * file.entrySize() : 0);
        }
        byte[] out = new byte[Math.toIntExact(3 * header.pixels())];
        Arrays.fill(out, Partial.GREY);
        int width = header.width();
        var coded = new BmpRuns(bytes, pixelsAt, width, header.height(), file.bits);
        boolean whole = runs ? coded.paint(palette, out) : file.rows(bytes, pixelsAt, header, palette, out);
        if (!whole && !grey) {
            throw Unreadable.truncated(ImageType.BMP);
        }
        Image image = Image.of(width, header.height(), out);
        boolean astray = runs ? coded.astray() : file.longerThanStated(bytes.length);
        var warnings = new ArrayList<String>();
        if (astray) {
            warnings.add(runs ? "a BMP whose runs do not fit its rows" : "a BMP that is longer than it says");
        }
        if (file.alphaIgnored) {
            warnings.add("a BMP whose alpha is 0 everywhere, which is ignored");
        }
        return new Partial(file.fromTop ? image : image.orient(4), whole, warnings);
    }

    /** True when bytes were added, maybe within the pixels. A few at the end are usual. */
    private boolean longerThanStated(int length) throws IOException {
        long stated = base == 0 ? 0 : in.u32le(2);
        return stated > PLAIN && length - stated > 4;
    }

    private boolean hasMasks() {
        return compression == BIT_FIELDS || compression == ALPHA_BIT_FIELDS;
    }

    private int entrySize() {
        return headerSize == OLD ? 3 : 4;
    }

    private long colours() throws IOException {
        long stated = headerSize >= 36 ? in.u32le(base + 32) : 0;
        return stated > 0 && stated <= 256 ? stated : 1L << bits;
    }

    /** Red, green and blue of 256 colours; the ones that the file does not have are black. */
    private byte[] palette(int at, long pixelsAt) throws IOException {
        byte[] palette = new byte[768];
        int size = entrySize();
        // The room before the pixels tells better than the number of colours, which many writers get wrong.
        long room = pixelsAt > at ? (pixelsAt - at) / size : colours();
        for (int i = 0; i < Math.min(256, room); i++) {
            for (int c = 0; c < 3; c++) {
                palette[3 * i + c] = (byte) in.u8(at + (long) size * i + 2 - c);
            }
        }
        return palette;
    }

    /** Writes rows of fixed size, in the file's order; false when the file ends before they do. */
    private boolean rows(byte[] bytes, long start, ImageHeader header, byte[] palette, byte[] out) throws IOException {
        int width = header.width();
        long rowBytes = ((long) width * bits + 31) / 32 * 4;
        long unpadded = ((long) width * bits + 7) / 8;
        long needed = start + rowBytes * (header.height() - 1) + unpadded;
        if (bytes.length < start || start < 0) {
            throw new EOFException();
        }
        var pixels = bits <= 8 ? null : pixels();
        for (int y = 0; y < header.height(); y++) {
            long row = start + y * rowBytes;
            int available = (int) Math.min(width, Math.max(0, bytes.length - row) * 8 / bits);
            int to = 3 * y * width;
            if (pixels != null) {
                pixels.write(bytes, (int) row, available, out, to);
                continue;
            }
            for (int x = 0; x < available; x++) {
                int bit = x * bits;
                int index = (bytes[(int) row + (bit >> 3)] & 0xff) >> (8 - bits - (bit & 7)) & ((1 << bits) - 1);
                System.arraycopy(palette, 3 * index, out, to + 3 * x, 3);
            }
        }
        if (pixels != null) {
            alphaIgnored = pixels.isAllTransparent();
            pixels.overWhite(out);
        }
        return bytes.length >= needed;
    }

    private BmpPixels pixels() throws IOException {
        int[] masks = bits == 16 ? new int[] {0x7c00, 0x3e0, 0x1f, 0} : new int[] {0xff0000, 0xff00, 0xff, 0};
        boolean withAlpha = headerSize >= 56 || compression == ALPHA_BIT_FIELDS;
        for (int c = 0; c < (withAlpha ? 4 : 3) && hasMasks(); c++) {
            masks[c] = (int) in.u32le(base + PLAIN + 4L * c);
        }
        return new BmpPixels(bits / 8, masks);
    }
}
