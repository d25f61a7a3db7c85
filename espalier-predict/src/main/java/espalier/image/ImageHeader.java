package espalier.image;

import espalier.report.DataException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a picture's file says about itself before any pixel is decoded. Parsed in Java from the bytes
 * that matter, at most 64 KB of them in memory at a time; nothing is decompressed.
 *
 * @param type the format by the file's first bytes, whatever its name says
 * @param width columns as stored, before the orientation is applied, at least 1
 * @param height rows as stored, at least 1
 * @param bitDepth bits a sample: 1, 2, 4, 6, 8, 10, 12, 14 or 16
 * @param channels samples a pixel: 1 grey or palette, 2 grey and alpha, 3 colour, 4 with alpha or CMYK
 * @param frames 1, or for an animation the number it declares (PNG), or 2 for "more than one" (GIF, WebP, pages of a TIFF)
 * @param orientation EXIF orientation 1 to 8; 1 (upright) when absent or out of range
 */
public record ImageHeader(
        ImageType type, int width, int height, int bitDepth, int channels, int frames, int orientation) {

    /**
     * Parses the header of a picture in memory.
     *
     * @throws DataException when the bytes are not a picture of a supported format, or its header is broken
     */
    public static ImageHeader of(byte[] bytes) {
        try (var source = ByteSource.of(bytes)) {
            return parse(source);
        } catch (IOException failure) {
            throw Unreadable.rejected("the picture", failure);
        }
    }

    /**
     * Parses the header of a file.
     *
     * @throws DataException when the file is missing, not regular, not a picture of a supported format, or broken
     */
    public static ImageHeader read(Path file) {
        try (var source = ByteSource.openRegular(file)) {
            return parse(source);
        } catch (IOException failure) {
            throw Unreadable.rejected(file.toString(), failure);
        }
    }

    /** Pixels of one frame: width times height. */
    public long pixels() {
        return (long) width * height;
    }

    /** True when the orientation exchanges rows and columns, so that the upright picture has width {@link #height()}. */
    public boolean sideways() {
        return orientation >= 5;
    }

    static ImageHeader parse(ByteSource in) throws IOException {
        ImageType type = Magic.type(in);
        try {
            ImageHeader header =
                    switch (type) {
                        case BMP -> BmpFile.header(in);
                        case GIF -> GifDecoder.header(in);
                        case JPEG -> JpegFile.header(in);
                        case PNG -> png(in);
                        case TIFF -> TiffFile.header(in);
                        case WEBP -> WebpFile.header(in);
                    };
            if (header.width < 1 || header.height < 1) {
                throw Unreadable.damaged(type, "size " + header.width + "x" + header.height);
            }
            return header;
        } catch (EOFException end) {
            throw Unreadable.truncated(type);
        }
    }

    private static ImageHeader png(ByteSource in) throws IOException {
        if (!in.has(12, "IHDR")) {
            throw Unreadable.damaged(ImageType.PNG, "no header chunk first");
        }
        int width = size(in.u32(16), ImageType.PNG);
        int height = size(in.u32(20), ImageType.PNG);
        int bitDepth = in.u8(24);
        int channels =
                switch (in.u8(25)) {
                    case 0, 3 -> 1;
                    case 2 -> 3;
                    case 4 -> 2;
                    case 6 -> 4;
                    default -> throw Unreadable.damaged(ImageType.PNG, "colour type " + in.u8(25));
                };
        if (in.u8(26) != 0 || in.u8(27) != 0) {
            throw Unreadable.damaged(ImageType.PNG, "header");
        }
        in.u8(32); // the end of the header chunk: cut within it, nothing can be decoded
        int frames = 1;
        var orientation = new PngOrientation();
        // Missing tail chunks are the decoder's business: the header is whole.
        for (long at = 33; at + 12 <= in.length() && !in.has(at + 4, "IEND"); at += 12 + in.u32(at)) {
            if (in.has(at + 4, "acTL")) {
                frames = (int) Math.max(1, Math.min(Integer.MAX_VALUE, in.u32(at + 8)));
            } else {
                orientation.look(in, at, Math.min(in.u32(at), in.length() - at - 8));
            }
        }
        return new ImageHeader(ImageType.PNG, width, height, bitDepth, channels, frames, orientation.value());
    }

    static int size(long value, ImageType type) throws Unreadable {
        if (value < 1 || value > Integer.MAX_VALUE) {
            throw Unreadable.damaged(type, "side of " + value + " pixels");
        }
        return (int) value;
    }
}
