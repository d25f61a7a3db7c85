package espalier.image;

import java.io.EOFException;
import java.io.IOException;

/**
 * The one EXIF tag that changes what a picture shows: its orientation. Looks at the first directory's
 * entries only and follows no offset but the first, so that loops and wild offsets cost nothing.
 */
final class Exif {
    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int MOST_ENTRIES = 1000;

    private Exif() {}

    /** The orientation of a picture by what its EXIF and its XMP state, each 1 to 8 or 0 for nothing: EXIF comes first. */
    static int orientation(int exif, int xmp) {
        return exif != 0 ? exif : Math.max(1, xmp);
    }

    /** The orientation in a TIFF structure of {@code length} bytes at {@code start}: 1 to 8, or 0 when there is none. */
    static int orientation(ByteSource in, long start, long length) throws IOException {
        long base = in.has(start, "Exif\0") ? start + 6 : start; // some writers keep JPEG's prefix elsewhere too
        long end = start + length;
        try {
            boolean little = in.has(base, "II*\0");
            if (!little && !in.has(base, "MM\0*")) {
                return 0;
            }
            long directory = base + (little ? in.u32le(base + 4) : in.u32(base + 4));
            if (directory + 2 > end) {
                return 0;
            }
            int entries = Math.min(MOST_ENTRIES, little ? in.u16le(directory) : in.u16(directory));
            for (int i = 0; i < entries; i++) {
                long at = directory + 2 + 12L * i;
                if (at + 12 > end) {
                    return 0;
                }
                if ((little ? in.u16le(at) : in.u16(at)) == ORIENTATION) {
                    return value(in, at, little);
                }
            }
            return 0;
        } catch (EOFException cut) {
            return 0; // junk metadata does not make a picture unreadable
        }
    }

    private static int value(ByteSource in, long entry, boolean little) throws IOException {
        int type = little ? in.u16le(entry + 2) : in.u16(entry + 2);
        long value =
                switch (type) {
                    case SHORT -> little ? in.u16le(entry + 8) : in.u16(entry + 8);
                    case LONG -> little ? in.u32le(entry + 8) : in.u32(entry + 8);
                    default -> 1;
                };
        return value >= 1 && value <= 8 ? (int) value : 1;
    }
}
