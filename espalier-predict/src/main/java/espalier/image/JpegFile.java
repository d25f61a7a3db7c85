package espalier.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A JPEG file as a list of segments: where its header is, whether it is whole, and which parts of it a
 * decoder needs. Metadata segments are left out of what the native decoder gets, so junk in them
 * cannot harm.
 *
 * @paper ITU-T T.81 (1992), annex B: marker segments
 */
final class JpegFile {
    private static final int FIRST_MARKER = 0xc0;
    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int APP15 = 0xef;
    private static final int COM = 0xfe;
    /** Progressive files have about ten scans; thousands of them are an attack on the decoder's time. */
    private static final int MOST_SCANS = 300;
    /** Each scan of a progressive file goes over all of the picture: scans times pixels that take some two seconds. */
    private static final long MOST_SCANNED_PIXELS = 1_500_000_000;

    private static final int USUAL_SCANS = 12;

    /** Start and end of each part to keep, in pairs. */
    private final List<int[]> parts = new ArrayList<>();

    private boolean whole;
    private boolean arithmetic;
    private boolean progressive;
    private int scans;
    private long codedBytes;
    /** Where something that is no marker stands in coded data; 0 for nowhere. */
    private int damagedAt;

    private JpegFile() {}

    /** Width, height and the like from the frame header; everything before it is skipped, not read. */
    static ImageHeader header(ByteSource in) throws IOException {
        int exif = 0;
        int xmp = 0;
        long at = 2;
        while (true) {
            int marker = in.u8(at + 1);
            if (in.u8(at) != 0xff || marker == 0xff || marker == 0x00) {
                at++; // a fill byte, or one that does not belong there: decoders look for the next marker
            } else if (marker == SOI || marker == 0x01 || isRestart(marker)) {
                at += 2;
            } else if (isFrame(marker)) {
                return frame(in, at, marker, Exif.orientation(exif, xmp));
            } else if (marker == SOS || marker == EOI) {
                throw Unreadable.damaged(ImageType.JPEG, "no frame header");
            } else {
                int length = segment(in.u16(at + 2));
                if (marker == APP1 && exif == 0 && in.has(at + 4, "Exif\0")) {
                    exif = Exif.orientation(in, at + 10, length - 8L);
                } else if (marker == APP1 && xmp == 0 && in.has(at + 4, Xmp.PREFIX)) {
                    xmp = Xmp.orientation(in.bytes(at + 4, length - 2));
                }
                at += 2 + length;
            }
        }
    }

    private static ImageHeader frame(ByteSource in, long at, int marker, int orientation) throws IOException {
        int bitDepth = in.u8(at + 4);
        int height = in.u16(at + 5);
        int width = in.u16(at + 7);
        int channels = in.u8(at + 9);
        if (bitDepth != 8) {
            throw Unreadable.unsupported("JPEG with " + bitDepth + " bits a sample");
        }
        if (marker == 0xc3 || (marker >= 0xc5 && marker != 0xc9 && marker != 0xca)) {
            throw Unreadable.unsupported(marker == 0xc3 || marker == 0xcb ? "lossless JPEG" : "hierarchical JPEG");
        }
        if (channels != 1 && channels != 3 && channels != 4) {
            throw Unreadable.damaged(ImageType.JPEG, channels + " colour channels");
        }
        return new ImageHeader(ImageType.JPEG, width, height, bitDepth, channels, 1, orientation);
    }

    /** Walks through the whole file without decoding it. */
    static JpegFile parse(byte[] bytes) throws Unreadable {
        var file = new JpegFile();
        file.parts.add(new int[] {0, 2});
        int at = 2;
        while (at + 4 <= bytes.length) {
            int marker = bytes[at + 1] & 0xff;
            if (bytes[at] != (byte) 0xff || marker == 0xff) {
                at++; // fill bytes; decoders skip stray bytes between segments too
            } else if (marker == EOI) {
                break;
            } else if (marker == SOI || marker == 0x00 || marker == 0x01 || isRestart(marker)) {
                at += 2;
            } else {
                int end = at + 2 + segment((bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff));
                if (end > bytes.length) {
                    break;
                }
                if (marker == SOS) {
                    end = file.scan(bytes, end);
                } else if (isFrame(marker)) {
                    file.arithmetic = marker >= 0xc9;
                    file.progressive = (marker & 3) == 2;
                }
                file.keep(marker, at, end);
                at = end;
            }
        }
        file.whole = file.scans > 0 && at + 2 <= bytes.length && (bytes[at + 1] & 0xff) == EOI;
        return file;
    }

    /** The end of the coded data that starts at {@code at}: the next marker that is no restart. */
    private int scan(byte[] bytes, int at) throws Unreadable {
        if (++scans > MOST_SCANS) {
            throw Unreadable.damaged(ImageType.JPEG, "more than " + MOST_SCANS + " scans");
        }
        int end = at;
        while (end + 1 < bytes.length) {
            if (bytes[end] == (byte) 0xff) {
                int marker = bytes[end + 1] & 0xff;
                if (marker > 0x00 && marker < FIRST_MARKER) {
                    damagedAt = end; // decoders go on after the next restart marker
                } else if (marker != 0x00 && marker != 0xff && !isRestart(marker)) {
                    codedBytes += end - at;
                    return end;
                }
            }
            end++;
        }
        codedBytes += bytes.length - at;
        return bytes.length;
    }

    private void keep(int marker, int from, int to) {
        if (marker == COM || (marker > APP0 && marker <= APP15 && marker != APP14)) {
            return;
        }
        parts.add(new int[] {from, to});
    }

    /** True when the end-of-image marker follows the last scan. */
    boolean whole() {
        return whole;
    }

    /**
     * Throws when the file cannot hold the picture that its header announces, or would keep a decoder busy for long.
     * Of each eight by eight pixels a Huffman code takes one bit at the least.
     */
    void checkAgainst(ImageHeader header) throws Unreadable {
        if (whole && !arithmetic && codedBytes < header.pixels() / 512) {
            throw Unreadable.damaged(
                    ImageType.JPEG,
                    codedBytes + " bytes of coded data cannot hold " + header.width() + "x" + header.height()
                            + " pixels");
        }
        if (progressive && scans > USUAL_SCANS && scans * header.pixels() > MOST_SCANNED_PIXELS) {
            throw Unreadable.damaged(ImageType.JPEG, scans + " scans of a large picture");
        }
    }

    /** What decoders overlook. */
    List<String> warnings() {
        return damagedAt == 0 ? List.of() : List.of("damaged JPEG data at byte " + damagedAt + ", decoded around it");
    }

    /** True when all coefficients of the picture must be in memory at once. */
    boolean progressive() {
        return progressive;
    }

    /** True when there is at least the beginning of a picture. */
    boolean hasScan() {
        return scans > 0;
    }

    /** Start and end of each part that a decoder needs, in order, without the end-of-image marker. */
    List<int[]> parts() {
        return parts;
    }

    private static int segment(int length) throws Unreadable {
        if (length < 2) {
            throw Unreadable.damaged(ImageType.JPEG, "segment of length " + length);
        }
        return length;
    }

    private static boolean isRestart(int marker) {
        return marker >= 0xd0 && marker <= 0xd7;
    }

    /** SOF0 to SOF15 without the three other markers among them. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }
}
