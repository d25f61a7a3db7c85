package espalier.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_UNCHANGED;

import espalier.image.OpenCv.Samples;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The formats that OpenCV decodes: JPEG and WebP. Each file is checked to be whole first. */
final class Codecs {
    /** The level of a block without data: the middle. */
    private static final int NO_DATA = 128;
    /** The same in each of four inks: half of half of the light. */
    private static final int NO_INK_DATA = 64;

    private static final byte[] NOTHING = {};
    private static final byte[] END_OF_IMAGE = {(byte) 0xff, (byte) 0xd9};
    private static final int RGB = IMREAD_COLOR_RGB | IMREAD_IGNORE_ORIENTATION;

    private Codecs() {}

    /** Decodes a JPEG at full size, or reduced so far that the shorter side stays at least {@code shortSide} when that is positive. */
    static Partial jpeg(JpegFile file, byte[] bytes, ImageHeader header, boolean grey, int shortSide)
            throws Unreadable {
        if (!file.whole() && (!grey || !file.hasScan())) {
            throw Unreadable.truncated(ImageType.JPEG);
        }
        file.checkAgainst(header);
        int factor = reduction(header, shortSide);
        // The flag for reduced grey only carries the factor; with the colour flag the result is RGB.
        int reduced =
                switch (factor) {
                    case 2 -> IMREAD_REDUCED_GRAYSCALE_2;
                    case 4 -> IMREAD_REDUCED_GRAYSCALE_4;
                    case 8 -> IMREAD_REDUCED_GRAYSCALE_8;
                    default -> 0;
                };
        // The parts exclude the end marker; with it, the decoder fills missing blocks with grey.
        Samples samples = OpenCv.decode(bytes, file.parts(), END_OF_IMAGE, RGB | reduced);
        int width = (header.width() + factor - 1) / factor;
        int height = (header.height() + factor - 1) / factor;
        if (!samples.is(width, height)) {
            throw Unreadable.damaged(ImageType.JPEG, "picture data");
        }
        Image image = Image.of(width, height, samples.data);
        boolean whole = file.whole();
        if (whole && endsUndecoded(image)) {
            Optional<String> damage = JpegIntegrity.damage(bytes);
            if (damage.isPresent() && !grey) {
                throw Unreadable.damaged(ImageType.JPEG, damage.get());
            }
            whole = damage.isEmpty();
        }
        return new Partial(image, whole, file.warnings());
    }

    /**
     * True when the last pixel is what a decoder gives for a block that it has no data for, so that it is worth the time
     * to look whether it had. A header that announces a larger picture is found so, and an end that was cut off.
     */
    private static boolean endsUndecoded(Image image) {
        byte[] data = image.data();
        byte last = data[data.length - 1];
        return (last == (byte) NO_DATA || last == NO_INK_DATA)
                && data[data.length - 2] == last
                && data[data.length - 3] == last;
    }

    /** By how much a JPEG is scaled down: 8, 4, 2, or 1 for not at all. */
    static int reduction(ImageHeader header, int shortSide) {
        int side = Math.min(header.width(), header.height());
        for (int factor = 8; factor > 1 && shortSide > 0; factor /= 2) {
            if ((side + factor - 1) / factor >= shortSide) {
                return factor;
            }
        }
        return 1;
    }

    /** Decodes the first frame of a WebP onto its white canvas. */
    static Partial webp(byte[] bytes, ImageHeader header) throws IOException {
        var frame = WebpFile.firstFrame(bytes, header);
        byte[] still = frame.still();
        ImageHeader own = ImageHeader.parse(ByteSource.of(still));
        if (frame.x() + own.width() > header.width() || frame.y() + own.height() > header.height()) {
            throw Unreadable.damaged(ImageType.WEBP, "frame larger than its canvas");
        }
        Samples samples = OpenCv.decode(still, List.of(new int[] {0, still.length}), NOTHING, IMREAD_UNCHANGED);
        if (!samples.is(own.width(), own.height())) {
            throw Unreadable.damaged(ImageType.WEBP, "picture data");
        }
        List<String> warnings = WebpFile.sound(bytes) ? List.of() : List.of("a WebP that does not end where it says");
        return new Partial(onCanvas(samples, frame.x(), frame.y(), header), true, warnings);
    }

    /** Puts blue, green, red and perhaps alpha samples on white. */
    private static Image onCanvas(Samples samples, int left, int top, ImageHeader header) {
        byte[] canvas = new byte[Math.toIntExact(3 * header.pixels())];
        Arrays.fill(canvas, (byte) 0xff);
        byte[] data = samples.data;
        int channels = samples.channels;
        for (int y = 0, from = 0; y < samples.height; y++) {
            int to = 3 * ((top + y) * header.width() + left);
            for (int x = 0; x < samples.width; x++, from += channels, to += 3) {
                int alpha = channels == 4 ? data[from + 3] & 0xff : 255;
                canvas[to] = Image.overWhite(data[from + 2] & 0xff, alpha);
                canvas[to + 1] = Image.overWhite(data[from + 1] & 0xff, alpha);
                canvas[to + 2] = Image.overWhite(data[from] & 0xff, alpha);
            }
        }
        return Image.of(header.width(), header.height(), canvas);
    }
}
