package espalier.image;

import espalier.report.DataException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The gate through which every picture comes in: header and limits are checked in Java before any
 * decoder runs, and whatever comes out is upright 8-bit RGB. Training, verifying and serving use the same
 * gate, so a file is good or bad for all of them. Thread-safe and immutable.
 *
 * <p>Grey is spread over the three channels; palettes and alpha are composited over white (a web
 * page's background); 16-bit samples are scaled by full range; CMYK and YCCK follow Adobe's convention,
 * which is what browsers and Pillow assume; of animations and pages only the first is read; the orientation that
 * EXIF or XMP state is applied. Colour profiles are ignored, as the pretrained networks' own pictures were read.
 *
 * @param truncatedAllowed fills the missing part of a truncated JPEG, PNG, GIF or BMP with grey and warns, instead of throwing
 * @param maxPixels most pixels of one decoded frame, 50 million unless told; a JPEG that is decoded at reduced size may
 *     have as many before, up to 20 times the limit, or 3 times if it is progressive
 * @param shortSide the shorter side that suffices, in pixels: larger JPEGs are decoded at a half, a quarter
 *     or an eighth of their size as long as the shorter side stays at least this long; 0 for full size
 * @param timeLimit the longest time that the decoding of one picture may take, 20 seconds unless told
 */
public record ImageReader(boolean truncatedAllowed, long maxPixels, int shortSide, Duration timeLimit) {
    private static final String MAX_PIXELS = "espalier.maxPixels";
    private static final long DEFAULT_MAX_PIXELS = 50_000_000;
    private static final Duration DEFAULT_TIME_LIMIT = Duration.ofSeconds(20);
    /** Pictures of more are none that anybody wants to read. */
    private static final long MOST_ALLOWED = 500_000_000;

    /** The longest side, which is also JPEG's own; and the most that it may be of the other one. */
    private static final int MOST_SIDE = 65_535;

    private static final int MOST_ASPECT = 10_000;
    /** By how much a JPEG may exceed the pixel limit before it is reduced. */
    private static final int BEFORE_REDUCTION = 20;

    private static final int PROGRESSIVE_BEFORE_REDUCTION = 3;
    /** A file may hold metadata, and of raw 16-bit RGBA pixels eight bytes each; more is not a picture. */
    private static final long FREE_BYTES = 32L << 20;

    private static final int BYTES_PER_PIXEL = 8;
    /** Files up to this size are read in one go. */
    private static final int SMALL_FILE = 4 << 20;

    public ImageReader {
        if (maxPixels < 1 || maxPixels > Integer.MAX_VALUE / 3) {
            throw new IllegalArgumentException("maxPixels must be in 1 .. " + Integer.MAX_VALUE / 3 + ", received "
                    + maxPixels + ". Maybe resize larger pictures beforehand");
        }
        if (shortSide < 0) {
            throw new IllegalArgumentException(
                    "shortSide must not be negative, received " + shortSide + ". Maybe 0, for full size, is meant");
        }
        if (timeLimit.isNegative() || timeLimit.isZero()) {
            throw new IllegalArgumentException(
                    "timeLimit must be positive, received " + timeLimit + ". Maybe another unit was meant");
        }
    }

    /** Loads the native decoders, which the first JPEG would have to wait for. */
    public static void load() {
        OpenCv.load();
    }

    /** A reader that rejects truncated files and pictures above {@link #usualMaxPixels}, and decodes at full size. */
    public static ImageReader of() {
        return new ImageReader(false, usualMaxPixels(), 0, DEFAULT_TIME_LIMIT);
    }

    /** 50 million pixels, or what the system property {@code espalier.maxPixels} says, for every command and server. */
    public static long usualMaxPixels() {
        return Long.getLong(MAX_PIXELS, DEFAULT_MAX_PIXELS);
    }

    /** The same reader, but it fills the missing part of truncated files with grey. */
    public ImageReader allowTruncated() {
        return new ImageReader(true, maxPixels, shortSide, timeLimit);
    }

    /** The same reader with another limit of pixels a frame. */
    public ImageReader maxPixels(long maxPixels) {
        return new ImageReader(truncatedAllowed, maxPixels, shortSide, timeLimit);
    }

    /** The same reader, which may decode JPEGs at reduced size down to a shorter side of {@code shortSide} pixels. */
    public ImageReader shortSide(int shortSide) {
        return new ImageReader(truncatedAllowed, maxPixels, shortSide, timeLimit);
    }

    /** The same reader with another limit of time for each picture. */
    public ImageReader timeLimit(Duration timeLimit) {
        return new ImageReader(truncatedAllowed, maxPixels, shortSide, timeLimit);
    }

    /**
     * Reads a picture.
     *
     * @throws DataException when it cannot be read; {@link DataException#reason()} says why in a few words
     */
    public Image read(Path file) {
        return decode(file).image();
    }

    /** Reads a picture in memory. See {@link #read(Path)}. */
    public Image read(byte[] bytes) {
        return decode(bytes).image();
    }

    /** Reads a picture together with its header and warnings. See {@link #read(Path)}. */
    public Decoded decode(Path file) {
        try (var source = ByteSource.openRegular(file)) {
            List<String> warnings = new ArrayList<>();
            // One read for small files; large ones must first show a header that justifies them.
            var start = source.length() <= SMALL_FILE ? ByteSource.of(source.prefix(SMALL_FILE)) : source;
            ImageHeader header = ImageHeader.parse(start);
            warnExtension(file, header.type()).ifPresent(warnings::add);
            byte[] bytes = start.prefix(checkLimits(header, start.length()));
            return decode(bytes, header, warnings);
        } catch (IOException failure) {
            throw Unreadable.rejected(file.toString(), failure);
        }
    }

    /**
     * Looks at the header and the limits without decoding.
     *
     * @throws DataException when the file can never be read, as {@link #read(Path)} throws; a file that is only truncated
     *     passes here
     */
    public ImageHeader check(Path file) {
        try (var source = ByteSource.openRegular(file)) {
            ImageHeader header = ImageHeader.parse(source);
            checkLimits(header, source.length());
            return header;
        } catch (IOException failure) {
            throw Unreadable.rejected(file.toString(), failure);
        }
    }

    /** Reads a picture in memory together with its header and warnings. See {@link #read(Path)}. */
    public Decoded decode(byte[] bytes) {
        try (var source = ByteSource.of(bytes)) {
            ImageHeader header = ImageHeader.parse(source);
            checkLimits(header, source.length());
            return decode(bytes, header, new ArrayList<>());
        } catch (IOException failure) {
            throw Unreadable.rejected("the picture", failure);
        }
    }

    /** Says how many bytes of the file to read; throws when the picture or the file is too large. */
    private long checkLimits(ImageHeader header, long length) throws Unreadable {
        int factor = header.type() == ImageType.JPEG ? Codecs.reduction(header, shortSide) : 1;
        checkPixels(header.pixels() / ((long) factor * factor), maxPixels);
        checkPixels(header.pixels(), maxPixels * BEFORE_REDUCTION);
        int longer = Math.max(header.width(), header.height());
        int shorter = Math.min(header.width(), header.height());
        if (longer > MOST_SIDE || longer > (long) MOST_ASPECT * shorter) {
            throw new Unreadable(
                    "sides of " + header.width() + " and " + header.height() + " pixels; at most " + MOST_SIDE
                            + ", and " + MOST_ASPECT + " times the other one, are read",
                    "Maybe cut it into pieces");
        }
        long most = FREE_BYTES + BYTES_PER_PIXEL * header.pixels();
        if (length > most && header.type() != ImageType.GIF && header.frames() == 1) {
            throw new Unreadable(
                    (length >> 20) + " MB file for a picture of " + size(header.pixels()),
                    "Maybe something else is hidden in it: save the picture anew");
        }
        return header.type() == ImageType.TIFF
                ? length
                : Math.min(length, most); // of a long animation, the first frame is at the start
    }

    /** A progressive JPEG is held in memory at full size, whatever it is reduced to. */
    private Partial jpeg(byte[] bytes, ImageHeader header) throws Unreadable {
        var file = JpegFile.parse(bytes);
        if (file.progressive()) {
            checkPixels(header.pixels(), maxPixels * PROGRESSIVE_BEFORE_REDUCTION);
        }
        return Codecs.jpeg(file, bytes, header, truncatedAllowed, shortSide);
    }

    private static void checkPixels(long pixels, long most) throws Unreadable {
        if (pixels > most) {
            String allowed = pixels < MOST_ALLOWED ? "; -D" + MAX_PIXELS + "=" + pixels + " allows them" : "";
            throw new Unreadable(
                    size(pixels) + " > " + size(most) + allowed,
                    "Maybe resize the picture, or allow more pixels: each takes up to nine bytes of memory");
        }
    }

    private static String size(long pixels) {
        return pixels >= 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f gigapixels", pixels / 1e9)
                : String.format(Locale.ROOT, "%.3g megapixels", pixels / 1e6);
    }

    private Decoded decode(byte[] bytes, ImageHeader header, List<String> warnings) throws IOException {
        Partial decoded;
        if (header.type() == ImageType.JPEG || header.type() == ImageType.WEBP) {
            OpenCv.load(); // that it is not there is no fault of the file
        }
        var deadline = Deadline.in(timeLimit);
        try {
            decoded = switch (header.type()) {
                case BMP -> BmpFile.decode(bytes, header, truncatedAllowed);
                case GIF -> GifDecoder.decode(bytes, header, truncatedAllowed);
                case JPEG -> jpeg(bytes, header);
                case PNG -> PngDecoder.decode(bytes, header, truncatedAllowed, deadline);
                case TIFF -> TiffDecoder.decode(bytes, header, deadline);
                case WEBP -> Codecs.webp(bytes, header);
            };
        } catch (EOFException end) {
            throw Unreadable.truncated(header.type());
        } catch (RuntimeException unforeseen) {
            // A file must never end a run, not even one that nobody has thought of.
            var damaged = Unreadable.damaged(header.type(), String.valueOf(unforeseen.getMessage()));
            damaged.initCause(unforeseen);
            throw damaged;
        }
        if (!decoded.whole()) {
            warnings.add("truncated " + header.type().label() + ", the rest is grey");
        }
        warnings.addAll(decoded.warnings());
        if (header.frames() > 1) {
            boolean pages = header.type() == ImageType.TIFF;
            warnings.add(pages ? "several pages, only the first is used" : "animated, only the first frame is used");
        }
        return new Decoded(decoded.image().orient(header.orientation()), header, warnings);
    }

    private static Optional<String> warnExtension(Path file, ImageType type) {
        String name = String.valueOf(file.getFileName());
        boolean known = name.indexOf('.') < 0 || ImageType.ofFileName(name).equals(Optional.of(type));
        return known ? Optional.empty() : Optional.of("a " + type.label() + " by its content, not by its name");
    }
}
