package espalier.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8U;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/** The only door to OpenCV: bytes in, bytes out; all native memory is freed before a method returns. */
final class OpenCv {
    /** Why OpenCV is not there. */
    private static final @Nullable String FAILURE = loaded();

    private OpenCv() {}

    private static @Nullable String loaded() {
        try {
            // Each loader thread decodes its own picture: OpenCV's own threads would only fight them.
            opencv_core.setNumThreads(1);
            return null;
        } catch (LinkageError failure) {
            return String.valueOf(failure.getMessage()).replaceAll("[.]+$", "");
        }
    }

    /**
     * Loads OpenCV when it is not loaded yet.
     *
     * @throws IllegalStateException when it cannot be loaded
     */
    static void load() {
        if (FAILURE != null) {
            throw new IllegalStateException("OpenCV, which decodes JPEG and WebP, could not be loaded: " + FAILURE
                    + ". Maybe the natives of this platform are not on the class path, or the folder that they"
                    + " are unpacked to is not writable or forbids programs"
                    + " (set -Dorg.bytedeco.javacpp.cachedir=FOLDER).");
        }
    }

    /** Decoded samples, rows without gaps; 1 channel is grey, 3 are in the order asked for, 4 are blue, green, red, alpha. */
    static final class Samples {
        final int width;
        final int height;
        final int channels;
        final byte[] data;

        Samples(int width, int height, int channels, byte[] data) {
            this.width = width;
            this.height = height;
            this.channels = channels;
            this.data = data;
        }

        /** True when the picture has exactly this size and a channel a colour at least. */
        boolean is(int width, int height) {
            return this.width == width && this.height == height && channels >= 3;
        }
    }

    /**
     * Decodes the concatenation of {@code parts} of {@code bytes} and a tail.
     *
     * @param parts start and end in pairs
     * @param flags OpenCV's IMREAD flags
     * @return nothing readable gives 0x0
     */
    static Samples decode(byte[] bytes, List<int[]> parts, byte[] tail, int flags) {
        load();
        long total = tail.length;
        for (int[] part : parts) {
            total += part[1] - part[0];
        }
        try (var buffer = new BytePointer(total)) {
            long at = 0;
            for (int[] part : parts) {
                buffer.position(at).put(bytes, part[0], part[1] - part[0]);
                at += part[1] - part[0];
            }
            buffer.position(at).put(tail, 0, tail.length);
            buffer.position(0);
            try (var encoded = new Mat(1, Math.toIntExact(total), CV_8UC1, buffer);
                    var decoded = opencv_imgcodecs.imdecode(encoded, flags)) {
                return samples(decoded);
            }
        }
    }

    private static Samples samples(Mat decoded) {
        if (decoded.empty() || decoded.depth() != CV_8U || !decoded.isContinuous()) {
            return new Samples(0, 0, 0, new byte[0]);
        }
        byte[] data = new byte[Math.toIntExact(decoded.total() * decoded.channels())];
        try (var pointer = decoded.data()) {
            pointer.get(data);
        }
        return new Samples(decoded.cols(), decoded.rows(), decoded.channels(), data);
    }

    /**
     * Encodes blue, green, red samples.
     *
     * @param extension the format, such as {@code ".jpg"}
     * @param options OpenCV's IMWRITE keys and values in pairs
     */
    static byte[] encode(int width, int height, byte[] bgr, String extension, int... options) {
        try (var pixels = new BytePointer(bgr);
                var mat = new Mat(height, width, CV_8UC3, pixels);
                var out = new BytePointer();
                var parameters = new IntPointer(options)) {
            if (!opencv_imgcodecs.imencode(extension, mat, out, parameters)) {
                throw new IllegalStateException("OpenCV cannot encode " + extension);
            }
            byte[] encoded = new byte[Math.toIntExact(out.limit())];
            out.get(encoded);
            return encoded;
        }
    }
}
