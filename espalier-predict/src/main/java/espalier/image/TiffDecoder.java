package espalier.image;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageReader;

/**
 * Decodes the first page of a TIFF by TwelveMonkeys' reader, which is written in Java, and brings its samples to 8-bit
 * RGB as the other decoders do: 16 bits by full range, grey as it is stored, alpha over white, no colour profile.
 */
final class TiffDecoder {
    private static final int WHITE_IS_ZERO = 0;
    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int CIE_LAB = 8;
    private static final int ASSOCIATED_ALPHA = 1;
    private static final int UNASSOCIATED_ALPHA = 2;
    private static final int UNSIGNED = 1;
    private static final int MOST_TILE_PIXELS = 1 << 26;

    /** What is known and not decoded. */
    private static final Map<Long, String> UNSUPPORTED = Map.of(
            34661L,
            "JBIG",
            34712L,
            "JPEG 2000",
            34887L,
            "LERC",
            34925L,
            "LZMA",
            50000L,
            "Zstandard",
            50001L,
            "WebP",
            50002L,
            "JPEG XL");

    private TiffDecoder() {}

    static Partial decode(byte[] bytes, ImageHeader header, Deadline deadline) throws IOException {
        var file = TiffFile.parse(ByteSource.of(bytes));
        check(file, header);
        List<String> doubts =
                TiffStrips.check(file, bytes, header, deadline).map(List::of).orElse(List.of());
        boolean lab = file.value(TiffFile.PHOTOMETRIC, BLACK_IS_ZERO) == CIE_LAB
                && header.bitDepth() == 8
                && header.channels() == 3;
        if (lab) {
            file.photometric(RGB); // so that the reader leaves the samples as they are
        }
        ImageReader reader = new TIFFImageReaderSpi().createReaderInstance(null);
        byte[] reduced = file.reduced(bytes);
        TiffStrips.renumber(file, reduced);
        try (var stream = new TimedStream(reduced, deadline)) {
            reader.setInput(stream, true, true);
            BufferedImage image = reader.read(0);
            if (image.getWidth() != header.width() || image.getHeight() != header.height()) {
                throw Unreadable.damaged(ImageType.TIFF, "picture data");
            }
            Image read = rgb(image, file);
            if (lab) {
                CieLab.toRgb(read.data());
            }
            return new Partial(read, true, doubts);
        } catch (ClassCastException | IndexOutOfBoundsException unforeseen) {
            throw Unreadable.damaged(ImageType.TIFF, "directory or picture data");
        } catch (IOException wrong) {
            throw reason(wrong);
        } finally {
            reader.dispose();
        }
    }

    private static IOException reason(IOException wrong) {
        if (wrong instanceof Unreadable || wrong instanceof EOFException) {
            return wrong;
        } else if (wrong.getCause() instanceof Unreadable late) {
            return late;
        }
        return wrong.getCause() instanceof EOFException
                ? Unreadable.truncated(ImageType.TIFF)
                : Unreadable.damaged(ImageType.TIFF, String.valueOf(wrong.getMessage()));
    }

    private static void check(TiffFile file, ImageHeader header) throws IOException {
        String packed = UNSUPPORTED.get(file.value(TiffFile.COMPRESSION, 1));
        if (packed != null) {
            throw Unreadable.unsupported("TIFF with " + packed + " compression");
        }
        long format = file.value(TiffFile.SAMPLE_FORMAT, UNSIGNED);
        if (header.bitDepth() > 16 || (format != UNSIGNED && format != 4)) {
            String kind = format == 3 ? " of floating point" : format == 2 ? " with a sign" : "";
            throw Unreadable.unsupported("TIFF with samples of " + header.bitDepth() + " bits" + kind
                    + ", whose darkest and brightest level it does not state");
        }
        long tile = file.value(TiffFile.TILE_WIDTH, 1) * file.value(TiffFile.TILE_LENGTH, 1);
        if (tile < 1 || tile > MOST_TILE_PIXELS || file.value(TiffFile.SAMPLES, 1) > 8) {
            throw Unreadable.damaged(ImageType.TIFF, "sizes of tiles or pixels");
        }
    }

    private static Image rgb(BufferedImage image, TiffFile file) throws IOException {
        var model = image.getColorModel();
        if (model instanceof IndexColorModel) {
            return Image.from(image);
        }
        long photometric = file.value(TiffFile.PHOTOMETRIC, BLACK_IS_ZERO);
        boolean grey = photometric == WHITE_IS_ZERO || photometric == BLACK_IS_ZERO;
        if (!grey && model.getColorSpace().getType() != ColorSpace.TYPE_RGB) {
            return Image.from(image);
        }
        int colours = grey ? 1 : 3;
        // What a fourth sample is for must be said; where it is not, everybody takes it for alpha.
        long unsaid = grey ? 0 : UNASSOCIATED_ALPHA;
        long alpha = image.getRaster().getNumBands() > colours ? file.value(TiffFile.EXTRA_SAMPLES, unsaid) : 0;
        return samples(image.getRaster(), colours, alpha);
    }

    private static Image samples(Raster raster, int colours, long alpha) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        int bands = raster.getNumBands();
        int most = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
        byte[] out = new byte[Math.multiplyExact(3 * width, height)];
        int[] row = new int[width * bands];
        for (int y = 0, at = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int opacity = alpha == ASSOCIATED_ALPHA || alpha == UNASSOCIATED_ALPHA
                        ? level(row[x * bands + colours], most)
                        : 255;
                for (int c = 0; c < 3; c++) {
                    int value = level(row[x * bands + (colours == 1 ? 0 : c)], most);
                    out[at++] = alpha == ASSOCIATED_ALPHA
                            ? (byte) Math.min(255, value + 255 - opacity)
                            : Image.overWhite(value, opacity);
                }
            }
        }
        return Image.of(width, height, out);
    }

    private static int level(int sample, int most) {
        return most == 255 ? sample : (int) ((sample * 255L + most / 2) / most);
    }
}
