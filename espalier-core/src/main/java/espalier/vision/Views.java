package espalier.vision;

import java.util.Locale;

/**
 * Which views of each training picture a frozen body looks at, once for all epochs; see {@link BodyFeatures}.
 *
 * @param random how many augmented views, as training would see them; 0: the picture as validation sees it
 * @param mirrored whether that picture's mirror image is a second view
 */
public record Views(int random, boolean mirrored) {
    private static final int MOST = 1_000;

    /** Checks the number. */
    public Views {
        if (random < 0 || random > MOST || (random > 0 && mirrored)) {
            throw new IllegalArgumentException("0 to " + MOST + " random views, or the plain one with its mirror image,"
                    + " received " + random + (mirrored ? " with mirror images" : ""));
        }
    }

    /** The picture as validation sees it. */
    public static Views plain() {
        return new Views(0, false);
    }

    /** The picture as validation sees it, and mirrored left to right. */
    public static Views withMirror() {
        return new Views(0, true);
    }

    /** Some augmented views. */
    public static Views random(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("there must be a random view or more, received " + count);
        }
        return new Views(count, false);
    }

    /** The views of a word: {@code plain}, {@code mirrored} or a number of random views. */
    public static Views named(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "plain" -> plain();
            case "mirrored" -> withMirror();
            default -> random(number(text.strip()));
        };
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException other) {
            throw new IllegalArgumentException(
                    "views are plain, mirrored or a number of random ones, received " + text + ".", other);
        }
    }

    /** How many there are of each picture. */
    public int count() {
        return random > 0 ? random : mirrored ? 2 : 1;
    }

    /** The word of {@link #named}. */
    @Override
    public String toString() {
        return random > 0 ? String.valueOf(random) : mirrored ? "mirrored" : "plain";
    }
}
