package espalier.vision.image;

/**
 * What a decoder made of a file.
 *
 * @param whole false when the file ended early and the rest was filled with grey
 */
record Partial(Image image, boolean whole) {}
