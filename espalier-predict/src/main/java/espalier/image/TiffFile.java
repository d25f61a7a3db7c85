package espalier.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The first directory of a TIFF or BigTIFF: what a decoder needs of it, and nothing else. {@link #reduced} gives the
 * decoder a file with these entries alone, each of which lies inside the file, so that other directories, metadata and
 * wild counts cannot harm.
 *
 * @paper Adobe 1992, "TIFF, revision 6.0"; AWare Systems, "The BigTIFF File Format"
 */
final class TiffFile {
    static final int BITS = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC = 262;
    static final int SAMPLES = 277;
    static final int EXTRA_SAMPLES = 338;
    static final int SAMPLE_FORMAT = 339;
    static final int TILE_WIDTH = 322;
    static final int TILE_LENGTH = 323;
    private static final int SUBFILE = 254;
    private static final int WIDTH = 256;
    private static final int LENGTH = 257;
    private static final int ORIENTATION = 274;
    private static final int XMP = 700;
    private static final int MOST_XMP = 1 << 20;
    private static final int DNG_VERSION = 50706;
    private static final int SUB_DIRECTORIES = 330;
    /** In order: sizes and layout, then compression's own, JPEG's old and new. */
    private static final int[] NEEDED = {
        WIDTH,
        LENGTH,
        BITS,
        COMPRESSION,
        PHOTOMETRIC,
        266,
        273,
        SAMPLES,
        278,
        279,
        284,
        292,
        293,
        317,
        320,
        TILE_WIDTH,
        TILE_LENGTH,
        324,
        325,
        332,
        EXTRA_SAMPLES,
        SAMPLE_FORMAT,
        347,
        512,
        513,
        514,
        515,
        519,
        520,
        521,
        529,
        530,
        531,
        532
    };

    private static final int[] TYPE_SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    private static final int MOST_ENTRIES = 1000;
    private static final int MOST_DIRECTORIES = 100;

    /** Values of one tag, {@code at} being where they start. */
    private record Entry(int type, long count, long at) {}

    private final ByteSource in;
    private final boolean little;
    private final boolean big;
    private final Map<Integer, Entry> entries = new TreeMap<>();
    private long next;
    /** What takes the place of the file's own word, if not negative. */
    private int photometric = -1;

    private TiffFile(ByteSource in) throws IOException {
        this.in = in;
        little = in.has(0, "I");
        big = in.u8(little ? 2 : 3) == 43;
        next = offset(big ? 8 : 4);
    }

    /** Reads the first directory. */
    static TiffFile parse(ByteSource in) throws IOException {
        var file = new TiffFile(in);
        file.readDirectory();
        return file;
    }

    static ImageHeader header(ByteSource in) throws IOException {
        var file = parse(in);
        boolean preview = (file.value(SUBFILE, 0) & 1) != 0 && file.entries.containsKey(SUB_DIRECTORIES);
        if (preview || file.entries.containsKey(DNG_VERSION)) {
            throw Unreadable.unsupported("camera raw");
        }
        int width = ImageHeader.size(file.value(WIDTH, 0), ImageType.TIFF);
        int height = ImageHeader.size(file.value(LENGTH, 0), ImageType.TIFF);
        int bits = (int) Math.min(64, file.value(BITS, 1));
        long samples = file.value(SAMPLES, Math.max(1, file.count(BITS)));
        long orientation = file.value(ORIENTATION, Exif.orientation(0, file.xmpOrientation()));
        return new ImageHeader(
                ImageType.TIFF,
                width,
                height,
                bits,
                (int) Math.min(samples, 4),
                file.pages(),
                orientation >= 1 && orientation <= 8 ? (int) orientation : 1);
    }

    /** The orientation in an XMP packet, 0 where there is none; it counts where the directory itself states none. */
    private int xmpOrientation() throws IOException {
        Entry packet = entries.get(XMP);
        return packet == null || TYPE_SIZES[packet.type] != 1
                ? 0
                : Xmp.orientation(in.bytes(packet.at, (int) Math.min(MOST_XMP, packet.count)));
    }

    /** 2 when another directory holds a page of its own, rather than a smaller copy or a mask. */
    private int pages() throws IOException {
        for (int i = 0; i < MOST_DIRECTORIES && next > 0 && next < in.length(); i++) {
            entries.clear();
            readDirectory();
            if (!entries.isEmpty() && (value(SUBFILE, 0) & 5) == 0) {
                return 2;
            }
        }
        return 1;
    }

    private void readDirectory() throws IOException {
        long at = next;
        long count = Math.min(MOST_ENTRIES, big ? offset(at) : u16(at));
        int entrySize = big ? 20 : 12;
        long first = at + (big ? 8 : 2);
        for (long entry = first; entry < first + count * entrySize; entry += entrySize) {
            int type = u16(entry + 2);
            long values = big ? offset(entry + 4) : u32(entry + 4);
            int size = type < TYPE_SIZES.length ? TYPE_SIZES[type] : 0;
            long inline = entry + (big ? 12 : 8);
            boolean sound = size > 0 && values > 0 && values <= in.length() / size;
            long where = sound && values * size > (big ? 8 : 4) ? offset(inline) : inline;
            if (sound && where > 0 && where <= in.length() - values * size) {
                entries.putIfAbsent(u16(entry), new Entry(type, values, where));
            }
        }
        long end = first + count * entrySize;
        next = end + (big ? 8 : 4) <= in.length() ? offset(end) : 0;
    }

    /** How many values a tag has. */
    long count(int tag) {
        Entry entry = entries.get(tag);
        return entry == null ? 0 : entry.count;
    }

    /** The first value of a tag of whole numbers, or {@code otherwise}. */
    long value(int tag, long otherwise) throws IOException {
        return value(tag, 0, otherwise);
    }

    /** The value number {@code index} of a tag of whole numbers, or {@code otherwise}. */
    long value(int tag, int index, long otherwise) throws IOException {
        Entry entry = entries.get(tag);
        if (entry == null || index >= entry.count) {
            return otherwise;
        }
        long at = entry.at + (long) index * TYPE_SIZES[entry.type];
        return switch (TYPE_SIZES[entry.type]) {
            case 1 -> in.u8(at);
            case 2 -> u16(at);
            case 4 -> u32(at);
            default -> entry.type >= 16 ? Math.max(0, u64(at)) : otherwise;
        };
    }

    /** Says that the samples mean something else than the file says. */
    void photometric(int value) {
        photometric = value;
    }

    /** The bytes of the file with a directory of the needed entries at their end. */
    byte[] reduced(byte[] bytes) throws IOException {
        entries.keySet().removeIf(tag -> Arrays.binarySearch(NEEDED, tag) < 0);
        int start = bytes.length + (bytes.length & 1);
        int entrySize = big ? 20 : 12;
        var out = ByteBuffer.allocate(start + (big ? 16 : 6) + entries.size() * entrySize)
                .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .put(bytes);
        putOffset(out.position(big ? 8 : 4), start);
        out.position(start);
        if (big) {
            out.putLong(entries.size());
        } else {
            out.putShort((short) entries.size());
        }
        for (var tag : entries.entrySet()) {
            Entry entry = tag.getValue();
            out.putShort(tag.getKey().shortValue()).putShort((short) entry.type);
            putOffset(out, entry.count);
            if (tag.getKey() == PHOTOMETRIC && photometric >= 0) {
                putOffset(out, little || entry.type != 3 ? photometric : (long) photometric << (big ? 48 : 16));
                continue;
            }
            int room = big ? 8 : 4;
            if (entry.count * TYPE_SIZES[entry.type] <= room) {
                out.put(in.bytes(entry.at, room));
            } else {
                putOffset(out, entry.at);
            }
        }
        putOffset(out, 0);
        return out.array();
    }

    private void putOffset(ByteBuffer out, long value) {
        if (big) {
            out.putLong(value);
        } else {
            out.putInt((int) value);
        }
    }

    private long offset(long at) throws IOException {
        return big ? Math.max(0, u64(at)) : u32(at);
    }

    private int u16(long at) throws IOException {
        return little ? in.u16le(at) : in.u16(at);
    }

    private long u32(long at) throws IOException {
        return little ? in.u32le(at) : in.u32(at);
    }

    private long u64(long at) throws IOException {
        return little ? in.u32le(at) | in.u32le(at + 4) << 32 : in.u32(at) << 32 | in.u32(at + 4);
    }
}
