package espalier.image;

import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The strips or tiles of a TIFF, checked before they are decoded: as many as the picture needs, each inside the file,
 * and whole as far as the file can tell. TwelveMonkeys' reader takes what is missing for black.
 */
final class TiffStrips {
    private static final int OFFSETS = 273;
    private static final int ROWS_PER_STRIP = 278;
    private static final int BYTE_COUNTS = 279;
    private static final int PLANAR = 284;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTE_COUNTS = 325;
    private static final int SUBSAMPLING = 530;
    private static final int NOT_PACKED = 1;
    private static final int OLD_JPEG = 6;
    private static final int JPEG = 7;
    private static final int YCBCR = 6;
    private static final int DEFLATE = 8;
    private static final int OLD_DEFLATE = 32946;
    private static final long WHOLE_PICTURE = 0xffff_ffffL;

    private final TiffFile file;
    private final ImageHeader header;
    private final long samples;
    private final boolean planes;
    private final boolean tiled;

    private TiffStrips(TiffFile file, ImageHeader header) throws IOException {
        this.file = file;
        this.header = header;
        samples = file.value(TiffFile.SAMPLES, 1);
        planes = file.value(PLANAR, 1) == 2;
        tiled = file.count(TILE_OFFSETS) > 0;
    }

    /** Throws when strips or tiles are too few or too many, end outside the file, or hold less than their share. */
    static void check(TiffFile file, byte[] bytes, ImageHeader header, Deadline deadline) throws IOException {
        if (file.value(TiffFile.COMPRESSION, NOT_PACKED) != OLD_JPEG) {
            new TiffStrips(file, header).check(bytes, deadline);
        } else if (file.value(OFFSETS, 0) + file.value(BYTE_COUNTS, 0) > bytes.length) {
            throw Unreadable.truncated(ImageType.TIFF);
        }
    }

    private void check(byte[] bytes, Deadline deadline) throws IOException {
        int offsets = tiled ? TILE_OFFSETS : OFFSETS;
        int counts = tiled ? TILE_BYTE_COUNTS : BYTE_COUNTS;
        long width = tiled ? file.value(TiffFile.TILE_WIDTH, 0) : header.width();
        long rows = tiled
                ? file.value(TiffFile.TILE_LENGTH, 0)
                : Math.min(header.height(), file.value(ROWS_PER_STRIP, WHOLE_PICTURE));
        if (width < 1 || rows < 1) {
            throw Unreadable.damaged(ImageType.TIFF, "strips without rows");
        }
        long down = (header.height() + rows - 1) / rows;
        long plane = (header.width() + width - 1) / width * down;
        if (file.count(offsets) != plane * (planes ? samples : 1)) {
            throw Unreadable.damaged(
                    ImageType.TIFF,
                    file.count(offsets) + " strips or tiles, where its size needs " + plane * (planes ? samples : 1));
        }
        long packing = file.value(TiffFile.COMPRESSION, NOT_PACKED);
        for (int i = 0; i < file.count(offsets); i++) {
            long last = header.height() - (down - 1) * rows;
            long held = !tiled && i % down == down - 1 ? last : rows;
            long needed = held * rowBytes(width);
            long at = file.value(offsets, i, 0);
            long length = packing == NOT_PACKED ? needed : file.value(counts, i, 0);
            if (at > bytes.length || length > bytes.length - at) {
                throw Unreadable.truncated(ImageType.TIFF);
            }
            if (packing == DEFLATE || packing == OLD_DEFLATE) {
                deadline.check();
                checkDeflated(bytes, (int) at, (int) length, needed);
            }
        }
    }

    /** Bytes of an unpacked row; 0 where colours share samples, which is not worth its own sum. */
    private long rowBytes(long width) throws IOException {
        boolean shared = file.value(TiffFile.PHOTOMETRIC, 1) == YCBCR && file.value(SUBSAMPLING, 2) != 1;
        return shared ? 0 : (width * (planes ? 1 : samples) * header.bitDepth() + 7) / 8;
    }

    /**
     * Numbers the colours of JPEG strips as JFIF does. Some scanners begin with 0, which the reader takes for red,
     * green and blue, whatever the directory says.
     *
     * @param copy the file's bytes, which are changed
     */
    static void renumber(TiffFile file, byte[] copy) throws IOException {
        if (file.value(TiffFile.COMPRESSION, NOT_PACKED) != JPEG || file.value(TiffFile.PHOTOMETRIC, 1) != YCBCR) {
            return;
        }
        int offsets = file.count(TILE_OFFSETS) > 0 ? TILE_OFFSETS : OFFSETS;
        for (int i = 0; i < file.count(offsets); i++) {
            renumber(copy, (int) Math.min(Integer.MAX_VALUE, file.value(offsets, i, 0)));
        }
    }

    private static void renumber(byte[] bytes, int start) {
        for (int at = start + 2; at + 18 < bytes.length && bytes[at] == (byte) 0xff; ) {
            int marker = bytes[at + 1] & 0xff;
            int length = (bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff);
            boolean scan = marker == 0xda;
            if (scan || (marker >= 0xc0 && marker <= 0xc2)) {
                int first = at + (scan ? 5 : 10);
                int step = scan ? 2 : 3;
                boolean three = bytes[first - 1] == 3;
                for (int c = 0; c < 3 && three && bytes[first + c * step] == c; c++) {
                    bytes[first + c * step] = (byte) (c + 1);
                }
            }
            if (scan) {
                return;
            }
            at += 2 + length;
        }
    }

    /** Unpacks for the checksum at the end, which nobody else looks at. */
    private static void checkDeflated(byte[] bytes, int at, int length, long needed) throws IOException {
        var inflater = new Inflater();
        byte[] out = new byte[1 << 16];
        try {
            inflater.setInput(bytes, at, length);
            long unpacked = 0;
            while (!inflater.finished()) {
                int some = inflater.inflate(out);
                unpacked += some;
                if (some == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
                    break;
                }
                if (unpacked > 2 * needed + out.length) {
                    return; // more than its share: the reader stops when it has that
                }
            }
            if (unpacked < needed) {
                throw Unreadable.damaged(ImageType.TIFF, "strip that holds less than its rows");
            }
        } catch (DataFormatException wrong) {
            throw Unreadable.damaged(ImageType.TIFF, "packed data: " + wrong.getMessage());
        } finally {
            inflater.end();
        }
    }
}
