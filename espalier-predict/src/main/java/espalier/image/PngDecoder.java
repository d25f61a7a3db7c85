package espalier.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes a PNG's default image to RGB, a row at a time. Text, colour profile and animation chunks are
 * skipped unread, so nothing in them can grow. Transparent pixels come out over white.
 *
 * @paper W3C 2003, "Portable Network Graphics (PNG) Specification, second edition"
 */
final class PngDecoder {

    private static final int[][] ADAM7 = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    private final Deadline deadline;
    private final byte[] bytes;
    private final ImageHeader header;
    private final List<int[]> data = new ArrayList<>();
    private final Inflater inflater = new Inflater();
    private final PngPixels pixels;
    private int nextData;
    private boolean ended;
    private final List<String> warnings = new ArrayList<>(1);

    private PngDecoder(byte[] bytes, ImageHeader header, Deadline deadline) throws Unreadable {
        this.deadline = deadline;
        this.bytes = bytes;
        this.header = header;
        this.pixels = new PngPixels(bytes[25], header.bitDepth());
    }

    /**
     * Decodes.
     *
     * @param grey fills what a truncated file does not cover with grey instead of throwing
     * @throws Unreadable when the file is truncated, or a checksum or anything else is wrong
     */
    static Partial decode(byte[] bytes, ImageHeader header, boolean grey, Deadline deadline) throws IOException {
        var decoder = new PngDecoder(bytes, header, deadline);
        try {
            decoder.walkChunks();
            Partial read = decoder.image(grey);
            if (!decoder.ended && read.whole()) {
                decoder.warnings.add("a PNG without its end, after a whole picture");
            }
            return new Partial(read.image(), read.whole(), List.copyOf(decoder.warnings));
        } finally {
            decoder.inflater.end();
        }
    }

    private void walkChunks() throws Unreadable {
        int at = 8;
        while (at + 12 <= bytes.length) {
            int length = int32(at);
            if (length < 0) {
                throw Unreadable.damaged(ImageType.PNG, "chunk of negative length");
            }
            boolean cut = length > bytes.length - at - 12;
            int type = int32(at + 4);
            if (type == chunk("IDAT")) {
                // A cut chunk still holds rows for those who accept truncated pictures.
                data.add(new int[] {at + 8, cut ? bytes.length - at - 8 : length});
            }
            if (cut) {
                return;
            }
            checkSum(at, length, type);
            if (type == chunk("PLTE")) {
                pixels.palette(bytes, at + 8, length);
            } else if (type == chunk("tRNS")) {
                pixels.transparency(bytes, at + 8, length);
            } else if (type == chunk("IEND")) {
                ended = true;
                return;
            }
            at += 12 + length;
        }
    }

    /** Checks the chunks that make the picture, and whether others are damaged, which may tell of its orientation. */
    private void checkSum(int at, int length, int type) throws Unreadable {
        boolean end = type == chunk("IEND");
        boolean needed = ((type & 0x20000000) == 0 && !end) || type == chunk("tRNS");
        var crc = new CRC32();
        crc.update(bytes, at + 4, length + 4);
        if ((int) crc.getValue() == int32(at + 8 + length)) {
            return;
        } else if (!needed) {
            warnings.add(
                    end ? "a PNG with a damaged end" : "a PNG with a damaged chunk beside its picture, at byte " + at);
        } else {
            throw Unreadable.damaged(ImageType.PNG, "wrong checksum at byte " + at);
        }
    }

    private Partial image(boolean grey) throws Unreadable {
        int depth = header.bitDepth();
        boolean deep = depth == 8 || (depth == 16 && bytes[25] != 3);
        boolean shallow = (depth == 1 || depth == 2 || depth == 4) && header.channels() == 1;
        if (!(deep || shallow) || bytes[28] < 0 || bytes[28] > 1) {
            throw Unreadable.damaged(ImageType.PNG, "header");
        }
        byte[] out = new byte[Math.toIntExact(3 * header.pixels())];
        if (grey) {
            Arrays.fill(out, Partial.GREY);
        }
        boolean whole = true;
        if (bytes[28] == 0) {
            whole = pass(out, 0, 0, 1, 1);
        } else {
            for (int i = 0; i < ADAM7.length && whole; i++) {
                whole = pass(out, ADAM7[i][0], ADAM7[i][1], ADAM7[i][2], ADAM7[i][3]);
            }
        }
        if (!whole && !grey) {
            throw Unreadable.truncated(ImageType.PNG);
        }
        return new Partial(Image.of(header.width(), header.height(), out), whole);
    }

    /** Decodes one pass of an interlaced picture, or the whole of another; false when the data ended before. */
    private boolean pass(byte[] out, int left, int top, int stepX, int stepY) throws Unreadable {
        int columns = (header.width() - left + stepX - 1) / stepX;
        int rows = (header.height() - top + stepY - 1) / stepY;
        if (columns <= 0 || rows <= 0) {
            return true;
        }
        int bitsPerPixel = header.channels() * header.bitDepth();
        int rowBytes = (int) (((long) columns * bitsPerPixel + 7) / 8);
        int back = Math.max(1, bitsPerPixel / 8);
        byte[] row = new byte[1 + rowBytes];
        byte[] above = new byte[1 + rowBytes];
        for (int y = 0; y < rows; y++) {
            deadline.check();
            if (!fill(row)) {
                return false;
            }
            unfilter(row, above, back);
            int at = 3 * ((top + y * stepY) * header.width() + left);
            pixels.write(row, columns, out, at, 3 * stepX);
            byte[] swap = above;
            above = row;
            row = swap;
        }
        return true;
    }

    /** Inflates the next row; false when the file's data end before. */
    private boolean fill(byte[] row) throws Unreadable {
        int filled = 0;
        try {
            while (filled < row.length) {
                int count = inflater.inflate(row, filled, row.length - filled);
                filled += count;
                if (count == 0) {
                    if (inflater.finished() || inflater.needsDictionary() || nextData == data.size()) {
                        return false;
                    }
                    int[] part = data.get(nextData++);
                    inflater.setInput(bytes, part[0], part[1]);
                }
            }
            return true;
        } catch (DataFormatException wrong) {
            throw Unreadable.damaged(ImageType.PNG, "compressed data");
        }
    }

    /** Undoes the row's filter in place; byte 0 of a row is its filter type, {@code back} the bytes of one pixel. */
    private static void unfilter(byte[] row, byte[] above, int back) throws Unreadable {
        int n = row.length;
        switch (row[0]) {
            case 0 -> {}
            case 1 -> {
                for (int i = 1 + back; i < n; i++) {
                    row[i] += row[i - back];
                }
            }
            case 2 -> {
                for (int i = 1; i < n; i++) {
                    row[i] += above[i];
                }
            }
            case 3 -> {
                for (int i = 1; i < n; i++) {
                    int left = i > back ? row[i - back] & 0xff : 0;
                    row[i] += (byte) ((left + (above[i] & 0xff)) >> 1);
                }
            }
            case 4 -> paeth(row, above, back);
            default -> throw Unreadable.damaged(ImageType.PNG, "filter " + row[0]);
        }
    }

    private static void paeth(byte[] row, byte[] above, int back) {
        for (int i = 1; i < Math.min(row.length, 1 + back); i++) {
            row[i] += above[i];
        }
        for (int i = 1 + back; i < row.length; i++) {
            int a = row[i - back] & 0xff;
            int b = above[i] & 0xff;
            int c = above[i - back] & 0xff;
            int toA = Math.abs(b - c);
            int toB = Math.abs(a - c);
            int toC = Math.abs(a + b - 2 * c);
            row[i] += (byte) (toA <= toB && toA <= toC ? a : toB <= toC ? b : c);
        }
    }

    private int int32(int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff);
    }

    private static int chunk(String name) {
        return name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3);
    }
}
