package espalier.image;

import espalier.report.DataException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A picture of 8-bit RGB pixels in memory, {@code [height, width, 3]} in row-major order, upright.
 * Immutable by convention: nobody writes to {@link #data()} after the picture is made, so that pictures
 * can be cached and shared between threads without copies.
 */
public final class Image {
    private static final int CHANNELS = 3;

    private final int width;
    private final int height;
    private final byte[] data;

    private Image(int width, int height, byte[] data) {
        this.width = width;
        this.height = height;
        this.data = data;
    }

    /**
     * A picture over the given bytes, which it takes without copying.
     *
     * @param data red, green and blue of each pixel, {@code height * width * 3} bytes
     * @throws IllegalArgumentException when a side is not positive or the length does not fit
     */
    public static Image of(int width, int height, byte[] data) {
        if (width < 1 || height < 1 || data.length != 3L * width * height) {
            throw new IllegalArgumentException(width + "x" + height + " RGB needs positive sides and "
                    + 3L * width * height + " bytes, received " + data.length
                    + ". Maybe the data have another number of channels");
        }
        return new Image(width, height, data);
    }

    /** A copy of a Java2D picture; transparent pixels come out over white. */
    public static Image from(BufferedImage source) {
        int width = source.getWidth();
        int height = source.getHeight();
        byte[] data = new byte[Math.multiplyExact(Math.multiplyExact(width, height), CHANNELS)];
        int[] row = new int[width];
        for (int y = 0, at = 0; y < height; y++) {
            source.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                int argb = row[x];
                int alpha = argb >>> 24;
                data[at++] = overWhite((argb >> 16) & 0xff, alpha);
                data[at++] = overWhite((argb >> 8) & 0xff, alpha);
                data[at++] = overWhite(argb & 0xff, alpha);
            }
        }
        return new Image(width, height, data);
    }

    /**
     * The bytes of pictures of one size, one picture after the other: {@code [N, height, width, 3]}.
     *
     * @throws DataException when they are of several sizes
     */
    public static byte[] stacked(List<Image> images) {
        checkSizes(images);
        int size = images.get(0).data.length;
        byte[] all = new byte[Math.multiplyExact(size, images.size())];
        for (int i = 0; i < images.size(); i++) {
            System.arraycopy(images.get(i).data, 0, all, i * size, size);
        }
        return all;
    }

    /** @throws DataException when pictures are of several sizes */
    public static void checkSizes(List<Image> images) {
        Image first = images.get(0);
        for (Image image : images) {
            if (image.width != first.width || image.height != first.height) {
                throw new DataException(
                        "the pictures of a batch must have one size, and there are " + first.size() + " and "
                                + image.size()
                                + ". Maybe the data block has no item transform that gives one size: add Transforms.resize(224).");
            }
        }
    }

    private String size() {
        return width + "x" + height;
    }

    /** A Java2D copy of type {@code TYPE_3BYTE_BGR}. */
    public BufferedImage toBufferedImage() {
        var copy = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = ((DataBufferByte) copy.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < data.length; i += CHANNELS) {
            bgr[i] = data[i + 2];
            bgr[i + 1] = data[i + 1];
            bgr[i + 2] = data[i];
        }
        return copy;
    }

    /** The pixels themselves, not a copy: red, green, blue, row by row. Do not write to them. */
    public byte[] data() {
        return data;
    }

    /** Columns. */
    public int width() {
        return width;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** The length of the shorter side. */
    public int shortSide() {
        return Math.min(width, height);
    }

    /** One level, 0 to 255, of the pixel in column {@code x} and row {@code y}; channel 0 is red. */
    public int level(int x, int y, int channel) {
        Objects.checkIndex(x, width);
        Objects.checkIndex(y, height);
        return data[(y * width + x) * CHANNELS + Objects.checkIndex(channel, CHANNELS)] & 0xff;
    }

    /**
     * A copy of the rectangle whose top left corner is at ({@code x}, {@code y}).
     *
     * @throws IllegalArgumentException when the rectangle is empty or leaves the picture
     */
    public Image crop(int x, int y, int width, int height) {
        if (x < 0 || y < 0 || width < 1 || height < 1 || x + width > this.width || y + height > this.height) {
            throw new IllegalArgumentException("crop " + width + "x" + height + " at (" + x + ", " + y
                    + ") leaves the picture of " + this.width + "x" + this.height
                    + ". Maybe pad or resize it first");
        }
        byte[] out = new byte[width * height * CHANNELS];
        for (int row = 0; row < height; row++) {
            int from = ((y + row) * this.width + x) * CHANNELS;
            System.arraycopy(data, from, out, row * width * CHANNELS, width * CHANNELS);
        }
        return new Image(width, height, out);
    }

    /** The mirror image, left and right exchanged. */
    public Image flip() {
        return orient(2);
    }

    /** Every pixel as grey of its luma, 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601). */
    public Image grayscale() {
        byte[] out = new byte[data.length];
        for (int i = 0; i < data.length; i += CHANNELS) {
            // 16-bit fixed point; the three weights add up to one
            int luma = (19595 * (data[i] & 0xff) + 38470 * (data[i + 1] & 0xff) + 7471 * (data[i + 2] & 0xff) + 0x8000)
                    >> 16;
            out[i] = (byte) luma;
            out[i + 1] = (byte) luma;
            out[i + 2] = (byte) luma;
        }
        return new Image(width, height, out);
    }

    /**
     * The picture as it was meant, given how it is stored.
     *
     * @param orientation EXIF's 1 to 8: 1 stays, 2 mirrored, 3 half turn, 4 upside-down mirror, 5 transposed,
     *     6 quarter turn right, 7 transverse, 8 quarter turn left; any other value stays
     */
    Image orient(int orientation) {
        if (orientation < 2 || orientation > 8) {
            return this;
        }
        boolean sideways = orientation >= 5;
        int outWidth = sideways ? height : width;
        int outHeight = sideways ? width : height;
        // Where the upright picture's first pixel is stored, and how far its next column and row are.
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int start = (fromBottom ? height - 1 : 0) * width + (fromRight ? width - 1 : 0);
        int alongX = fromRight ? -1 : 1;
        int alongY = fromBottom ? -width : width;
        int stepX = sideways ? alongY : alongX;
        int stepY = sideways ? alongX : alongY;
        byte[] out = new byte[data.length];
        for (int y = 0, at = 0; y < outHeight; y++) {
            int from = (start + y * stepY) * CHANNELS;
            for (int x = 0; x < outWidth; x++, from += stepX * CHANNELS) {
                out[at++] = data[from];
                out[at++] = data[from + 1];
                out[at++] = data[from + 2];
            }
        }
        return new Image(outWidth, outHeight, out);
    }

    static byte overWhite(int level, int alpha) {
        return (byte) ((level * alpha + 255 * (255 - alpha) + 127) / 255);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Image image
                && width == image.width
                && height == image.height
                && Arrays.equals(data, image.data);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(data);
    }

    /** The size, such as {@code "Image 500x375"}. */
    @Override
    public String toString() {
        return "Image " + width + "x" + height;
    }
}
