package espalier.tensor;

/** Says that libtorch refused an operation or could not be loaded. */
public final class NativeException extends RuntimeException {
    public NativeException(String message) {
        super(message);
    }

    public NativeException(String message, Throwable cause) {
        super(message, cause);
    }
}
