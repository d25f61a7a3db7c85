package espalier.clean;

/**
 * What came of a choice.
 *
 * @param picture as it is now
 * @param isConflict whether the choice was not taken, because the picture is not as it was shown
 */
public record Chosen(Picture picture, boolean isConflict) {}
