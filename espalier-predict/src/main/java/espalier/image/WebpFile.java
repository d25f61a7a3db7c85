package espalier.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A WebP file as chunks. Gives the first frame, still or animated, as a plain still file of its own,
 * so that the native decoder meets neither animations nor metadata.
 *
 * @paper RFC 9649 (2024), "WebP Image Format"
 */
final class WebpFile {
    private static final int ALPHA_FLAG = 0x10;
    private static final int ANIMATION_FLAG = 0x02;

    private static final int MOST_XMP = 1 << 20;

    /** Frame's place on the canvas. */
    private final int x;

    private final int y;
    private final byte[] still;

    private WebpFile(int x, int y, byte[] still) {
        this.x = x;
        this.y = y;
        this.still = still;
    }

    int x() {
        return x;
    }

    int y() {
        return y;
    }

    /** The frame as a WebP file without animation and metadata. */
    byte[] still() {
        return still;
    }

    static ImageHeader header(ByteSource in) throws IOException {
        if (!in.has(12, "VP8X")) {
            int[] size = bitstreamSize(in, 12);
            return new ImageHeader(ImageType.WEBP, size[0], size[1], 8, 2 + size[2], 1, 1);
        }
        int flags = in.u8(20);
        int width = 1 + in.u24le(24);
        int height = 1 + in.u24le(27);
        int channels = (flags & ALPHA_FLAG) != 0 ? 4 : 3;
        int frames = 0;
        int exif = 0;
        int xmp = 0;
        for (long at = 30; at + 8 <= in.length(); at = next(in, at)) {
            if (in.has(at, "ANMF")) {
                frames++;
            } else if (in.has(at, "EXIF")) {
                exif = Exif.orientation(in, at + 8, in.u32le(at + 4));
            } else if (in.has(at, "XMP ")) {
                int length = (int) Math.min(MOST_XMP, Math.min(in.u32le(at + 4), in.length() - at - 8));
                xmp = Xmp.orientation(in.bytes(at + 8, length));
            }
        }
        boolean animated = (flags & ANIMATION_FLAG) != 0 && frames > 1;
        return new ImageHeader(
                ImageType.WEBP, width, height, 8, channels, animated ? 2 : 1, Exif.orientation(exif, xmp));
    }

    /** Width, height and 1 or 2 (with alpha) of the VP8 or VP8L chunk at {@code at}. */
    private static int[] bitstreamSize(ByteSource in, long at) throws IOException {
        if (in.has(at, "VP8L")) {
            if (in.u8(at + 8) != 0x2f) {
                throw Unreadable.damaged(ImageType.WEBP, "no lossless signature");
            }
            long bits = in.u32le(at + 9);
            return new int[] {1 + (int) (bits & 0x3fff), 1 + (int) ((bits >> 14) & 0x3fff), 1 + (int) ((bits >> 28) & 1)
            };
        }
        if (in.has(at, "VP8 ")) {
            if (!in.has(at + 11, "\u009d\u0001*")) {
                throw Unreadable.damaged(ImageType.WEBP, "no key frame");
            }
            return new int[] {in.u16le(at + 14) & 0x3fff, in.u16le(at + 16) & 0x3fff, 1};
        }
        throw Unreadable.damaged(ImageType.WEBP, "no picture chunk");
    }

    /**
     * True when the chunks fill the file up to the end that it states. If they do not, bytes were lost or added, maybe
     * within the picture.
     */
    static boolean sound(byte[] bytes) throws IOException {
        var in = ByteSource.of(bytes);
        long stated = 8 + in.u32le(4);
        long at = 12;
        while (at + 8 <= Math.min(stated, in.length())) {
            at = next(in, at);
        }
        return (at == stated || at == stated + 1) && in.length() >= stated;
    }

    /**
     * Finds the first frame.
     *
     * @throws Unreadable when the file ends before the frame does, or the frame does not fit its canvas
     */
    static WebpFile firstFrame(byte[] bytes, ImageHeader header) throws IOException {
        var in = ByteSource.of(bytes);
        if (!in.has(12, "VP8X")) {
            return new WebpFile(0, 0, build(bytes, 12, bytes.length));
        }
        for (long at = 30; at + 8 <= in.length(); at = next(in, at)) {
            if (in.has(at, "ANMF")) {
                int x = 2 * in.u24le(at + 8);
                int y = 2 * in.u24le(at + 11);
                return new WebpFile(x, y, build(bytes, (int) at + 24, end(in, at)));
            }
            if (in.has(at, "ALPH") || in.has(at, "VP8 ") || in.has(at, "VP8L")) {
                byte[] still = build(bytes, (int) at, bytes.length);
                ImageHeader own = header(ByteSource.of(still));
                if (own.width() != header.width() || own.height() != header.height()) {
                    throw Unreadable.damaged(ImageType.WEBP, "picture and canvas differ in size");
                }
                return new WebpFile(0, 0, still);
            }
        }
        throw Unreadable.truncated(ImageType.WEBP);
    }

    /** A still file from the picture chunks between {@code from} and {@code to}. */
    private static byte[] build(byte[] bytes, int from, int to) throws IOException {
        var in = ByteSource.of(bytes);
        byte @Nullable [] alpha = null;
        for (long at = from; at + 8 <= to; at = next(in, at)) {
            int end = end(in, at);
            if (in.has(at, "ALPH")) {
                alpha = Arrays.copyOfRange(bytes, (int) at, end);
            } else if (in.has(at, "VP8 ") || in.has(at, "VP8L")) {
                int[] size = bitstreamSize(in, at);
                byte[] picture = Arrays.copyOfRange(bytes, (int) at, end);
                return in.has(at, "VP8 ") && alpha != null
                        ? riff(extended(size[0], size[1]), alpha, picture)
                        : riff(picture);
            }
        }
        throw Unreadable.truncated(ImageType.WEBP);
    }

    private static byte[] extended(int width, int height) {
        byte[] chunk = new byte[18];
        System.arraycopy("VP8X".getBytes(StandardCharsets.US_ASCII), 0, chunk, 0, 4);
        putLittle(chunk, 4, 10, 4);
        chunk[8] = ALPHA_FLAG;
        putLittle(chunk, 12, width - 1, 3);
        putLittle(chunk, 15, height - 1, 3);
        return chunk;
    }

    private static byte[] riff(byte[]... chunks) {
        var out = new ByteArrayOutputStream();
        out.writeBytes("RIFF\0\0\0\0WEBP".getBytes(StandardCharsets.US_ASCII));
        for (byte[] chunk : chunks) {
            out.writeBytes(chunk);
            if (chunk.length % 2 == 1) {
                out.write(0);
            }
        }
        byte[] file = out.toByteArray();
        putLittle(file, 4, file.length - 8, 4);
        return file;
    }

    private static void putLittle(byte[] bytes, int at, int value, int count) {
        for (int i = 0; i < count; i++) {
            bytes[at + i] = (byte) (value >> (8 * i));
        }
    }

    /** Where the chunk's content ends; it must be inside the file. */
    private static int end(ByteSource in, long at) throws IOException {
        long end = at + 8 + in.u32le(at + 4);
        if (end > in.length()) {
            throw Unreadable.truncated(ImageType.WEBP);
        }
        return (int) end;
    }

    private static long next(ByteSource in, long at) throws IOException {
        long size = in.u32le(at + 4);
        return at + 8 + size + (size & 1);
    }
}
