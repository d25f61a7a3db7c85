package espalier.image;

import java.io.IOException;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The strips or tiles of a TIFF, checked before they are decoded: as many as the picture needs, each inside the file,
 * and whole as far as the file can tell. TwelveMonkeys' reader takes what is missing for black.
 */
final class TiffStrips {
    private static final int OFFSETS = 273;
    private static final int FILL_ORDER = 266;
    private static final int GROUP_3_OPTIONS = 292;
    private static final int ROWS_PER_STRIP = 278;
    private static final int BYTE_COUNTS = 279;
    private static final int PLANAR = 284;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTE_COUNTS = 325;
    private static final int SUBSAMPLING = 530;
    private static final int NOT_PACKED = 1;
    private static final int LZW = 5;
    private static final int OLD_JPEG = 6;
    private static final int JPEG = 7;
    private static final int YCBCR = 6;
    private static final int DEFLATE = 8;
    private static final int OLD_DEFLATE = 32946;
    private static final long WHOLE_PICTURE = 0xffff_ffffL;

    private final TiffFile file;
    private final ImageHeader header;
    private final long samples;
    private final long packing;
    private final boolean planes;
    private final boolean tiled;

    private TiffStrips(TiffFile file, ImageHeader header) throws IOException {
        this.file = file;
        this.header = header;
        samples = file.value(TiffFile.SAMPLES, 1);
        packing = file.value(TiffFile.COMPRESSION, NOT_PACKED);
        planes = file.value(PLANAR, 1) == 2;
        tiled = file.count(TILE_OFFSETS) > 0;
    }

    /**
     * Throws when strips or tiles are too few or too many, end outside the file, or hold less than their share.
     *
     * @return what makes it doubtful that the picture is the one that was saved
     */
    static Optional<String> check(TiffFile file, byte[] bytes, ImageHeader header, Deadline deadline)
            throws IOException {
        if (file.value(TiffFile.COMPRESSION, NOT_PACKED) != OLD_JPEG) {
            return new TiffStrips(file, header).check(bytes, deadline);
        } else if (file.value(OFFSETS, 0) + file.value(BYTE_COUNTS, 0) > bytes.length) {
            throw Unreadable.truncated(ImageType.TIFF);
        }
        return Optional.of("a TIFF with JPEG data of the kind that was given up in 1995: its levels may be off");
    }

    private Optional<String> check(byte[] bytes, Deadline deadline) throws IOException {
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
        Optional<String> damage = Optional.empty();
        for (int i = 0; i < file.count(offsets); i++) {
            long last = header.height() - (down - 1) * rows;
            long held = !tiled && i % down == down - 1 ? last : rows;
            long needed = held * rowBytes(width);
            long at = file.value(offsets, i, 0);
            long length = packing == NOT_PACKED ? needed : file.value(counts, i, 0);
            if (at > bytes.length || length > bytes.length - at) {
                throw Unreadable.truncated(ImageType.TIFF);
            }
            deadline.check();
            if (needed == 0 && packing == LZW) {
                needed = shared(i >= plane, width, held);
            }
            var found = damage(bytes, new int[] {(int) at, (int) length}, (int) width, (int) held, needed);
            damage = damage.or(() -> found);
        }
        return damage.map(what -> "damaged TIFF: " + what);
    }

    /** What is wrong with the data of one strip; throws where that leaves no doubt. */
    private Optional<String> damage(byte[] bytes, int[] place, int width, int rows, long needed) throws IOException {
        if (packing == DEFLATE || packing == OLD_DEFLATE) {
            checkDeflated(bytes, place[0], place[1], needed);
        } else if (packing == LZW) {
            return LzwIntegrity.damage(bytes, place[0], place[1], needed);
        } else if (packing >= FaxIntegrity.HUFFMAN && packing <= FaxIntegrity.GROUP_4 && header.bitDepth() == 1) {
            return faxDamage(bytes, place[0], place[1], width, rows);
        }
        return Optional.empty();
    }

    private Optional<String> faxDamage(byte[] bytes, int at, int length, int width, int rows) throws IOException {
        boolean told = length > 0;
        boolean lowFirst = file.value(FILL_ORDER, 1) == 2;
        boolean twoDimensional = (file.value(GROUP_3_OPTIONS, 0) & 1) != 0;
        var bits = new FaxBits(bytes, at, told ? at + length : bytes.length, lowFirst);
        return FaxIntegrity.damage(bits, width, rows, (int) packing, twoDimensional, told);
    }

    /** Bytes of an unpacked row; 0 where colours share samples, which is not worth its own sum. */
    private long rowBytes(long width) throws IOException {
        boolean shared = file.value(TiffFile.PHOTOMETRIC, 1) == YCBCR && file.value(SUBSAMPLING, 2) != 1;
        return shared ? 0 : (width * (planes ? 1 : samples) * header.bitDepth() + 7) / 8;
    }

    /** Bytes of a strip of which colours share samples, in a plane of its own or together with the brightness. */
    private long shared(boolean colours, long width, long rows) throws IOException {
        long across = Math.max(1, file.value(SUBSAMPLING, 0, 2));
        long down = Math.max(1, file.value(SUBSAMPLING, 1, 2));
        long blocks = ((width + across - 1) / across) * ((rows + down - 1) / down);
        return !planes ? blocks * (across * down + 2) : colours ? blocks : width * rows;
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
