package espalier.image;

import java.util.Locale;

/** What the transforms that change a picture's size share. */
final class Sides {
    static final int MOST = 2048;

    private Sides() {}

    static void check(int height, int width) {
        if (height < 1 || width < 1 || height > MOST || width > MOST) {
            throw new IllegalArgumentException("sizes must be positive and at most " + MOST
                    + " pixels a side, received " + height + " and " + width
                    + ". Maybe a size of pixels a side was meant, such as 224");
        }
    }

    /** A choice as a model file names it. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
