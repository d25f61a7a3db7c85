package espalier.image;

import java.util.List;

/**
 * What a decoder made of a file.
 *
 * @param whole false when the file ended early and the rest was filled with grey
 * @param warnings what else is odd about the file
 */
record Partial(Image image, boolean whole, List<String> warnings) {
    /** What stands for the rest of a picture. */
    static final byte GREY = (byte) 128;

    Partial(Image image, boolean whole) {
        this(image, whole, List.of());
    }
}
