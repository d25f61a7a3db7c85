package espalier.tensor;

/** Says that shapes do not fit an operation: what was received, what was expected, what may help. */
public final class ShapeException extends RuntimeException {
    public ShapeException(String message) {
        super(message);
    }
}
