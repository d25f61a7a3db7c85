package espalier.collect;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Width and height that a picture's header declares, read without decoding anything. */
record PictureSize(long width, long height) {
    long pixels() {
        return width * height;
    }

    long shortSide() {
        return Math.min(width, height);
    }

    /** The declared size; empty when the header is broken. */
    static Optional<PictureSize> of(Path file, FileType type) throws IOException {
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            var size =
                    switch (type) {
                        case JPEG -> jpeg(in);
                        case PNG -> png(in);
                        case GIF -> gif(in);
                        case BMP -> bmp(in);
                        case WEBP -> webp(in);
                        default -> new PictureSize(0, 0);
                    };
            return size.width > 0 && size.height > 0 ? Optional.of(size) : Optional.empty();
        } catch (EOFException cut) {
            return Optional.empty();
        }
    }

    /** Walks the segments to the first frame header (SOF0-15 without DHT, JPG and DAC). */
    private static PictureSize jpeg(DataInputStream in) throws IOException {
        in.skipNBytes(2);
        while (true) {
            int marker = in.readUnsignedByte();
            while (marker != 0xFF) {
                marker = in.readUnsignedByte();
            }
            while (marker == 0xFF) {
                marker = in.readUnsignedByte();
            }
            if (marker == 0xDA || marker == 0xD9) {
                return new PictureSize(0, 0);
            }
            if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7) || marker == 0) {
                continue;
            }
            int length = in.readUnsignedShort();
            if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
                in.skipNBytes(1);
                int height = in.readUnsignedShort();
                return new PictureSize(in.readUnsignedShort(), height);
            }
            in.skipNBytes(Math.max(0, length - 2));
        }
    }

    private static PictureSize png(DataInputStream in) throws IOException {
        in.skipNBytes(16);
        return new PictureSize(in.readInt() & 0xFFFFFFFFL, in.readInt() & 0xFFFFFFFFL);
    }

    private static PictureSize gif(DataInputStream in) throws IOException {
        in.skipNBytes(6);
        return new PictureSize(littleShort(in), littleShort(in));
    }

    private static PictureSize bmp(DataInputStream in) throws IOException {
        in.skipNBytes(18);
        return new PictureSize(littleInt(in), Math.abs((long) littleInt(in)));
    }

    private static PictureSize webp(DataInputStream in) throws IOException {
        in.skipNBytes(12);
        int kind = in.readInt();
        in.skipNBytes(4);
        return switch (kind) {
            case 0x56503820 -> { // "VP8 ": 3 bytes frame tag, 3 bytes start code
                in.skipNBytes(6);
                yield new PictureSize(littleShort(in) & 0x3FFF, littleShort(in) & 0x3FFF);
            }
            case 0x5650384C -> { // "VP8L": signature, then 14 bits each
                in.skipNBytes(1);
                int bits = littleInt(in);
                yield new PictureSize((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
            }
            case 0x56503858 -> { // "VP8X": flags, then 24 bits each
                in.skipNBytes(4);
                int width = littleShort(in) | in.readUnsignedByte() << 16;
                yield new PictureSize(width + 1, (littleShort(in) | in.readUnsignedByte() << 16) + 1);
            }
            default -> new PictureSize(0, 0);
        };
    }

    private static int littleShort(DataInputStream in) throws IOException {
        return in.readUnsignedByte() | in.readUnsignedByte() << 8;
    }

    private static int littleInt(DataInputStream in) throws IOException {
        return littleShort(in) | littleShort(in) << 16;
    }
}
