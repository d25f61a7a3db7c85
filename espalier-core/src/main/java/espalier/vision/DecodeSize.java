package espalier.vision;

/** A transform that knows at which size it suffices to decode a picture before it. */
public interface DecodeSize {
    /** The shorter side, in pixels, that a decoded picture must have at least; 0 when it must not be reduced. */
    int decodeShortSide();
}
