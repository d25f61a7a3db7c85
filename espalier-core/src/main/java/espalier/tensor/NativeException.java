package espalier.tensor;

/** Says that libtorch refused an operation or could not be loaded. */
public final class NativeException extends RuntimeException {
    public NativeException(String message) {
        super(message);
    }

    public NativeException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the memory of a device, or the main memory, was not enough. */
    public boolean isOutOfMemory() {
        String message = String.valueOf(getMessage()).toLowerCase(java.util.Locale.ROOT);
        return message.contains("out of memory")
                || message.contains("can't allocate memory")
                || message.contains("not enough memory");
    }
}
