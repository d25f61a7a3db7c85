package espalier.image;

/**
 * An affine change of a picture that takes the nearest pixel, black beyond the edges: coordinates of the result, measured from
 * the picture's centre, to those of the source.
 */
record NearestAffine(double xx, double xy, double yx, double yy, double x0, double y0) {
    private static final int CHANNELS = 3;

    /** About the centre. */
    static NearestAffine of(double xx, double xy, double yx, double yy) {
        return new NearestAffine(xx, xy, yx, yy, 0, 0);
    }

    /** Counterclockwise about the centre, in degrees. */
    static NearestAffine rotation(double degrees) {
        double angle = -Math.toRadians(degrees);
        return of(Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle));
    }

    /** The same about the upper left corner. */
    NearestAffine aboutCorner(int width, int height) {
        double x = -width / 2.0;
        double y = -height / 2.0;
        return new NearestAffine(xx, xy, yx, yy, x - xx * x - xy * y, y - yx * x - yy * y);
    }

    /** The same, with the source's pixels so much further to the right and down. */
    NearestAffine shifted(int right, int down) {
        return new NearestAffine(xx, xy, yx, yy, x0 + right, y0 + down);
    }

    Image apply(Image picture) {
        int width = picture.width();
        int height = picture.height();
        byte[] from = picture.data();
        byte[] out = new byte[from.length];
        for (int i = 0, at = 0; i < height; i++) {
            double y = i + 0.5 - height / 2.0;
            for (int j = 0; j < width; j++, at += CHANNELS) {
                double x = j + 0.5 - width / 2.0;
                int column = (int) Math.rint((float) (xx * x + xy * y + x0 + width / 2.0 - 0.5));
                int row = (int) Math.rint((float) (yx * x + yy * y + y0 + height / 2.0 - 0.5));
                if (column >= 0 && row >= 0 && column < width && row < height) {
                    System.arraycopy(from, CHANNELS * (row * width + column), out, at, CHANNELS);
                }
            }
        }
        return Image.of(width, height, out);
    }
}
