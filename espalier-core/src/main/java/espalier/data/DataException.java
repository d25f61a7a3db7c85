package espalier.data;

/** Says that data cannot be used: which file or row, why, and what may help. */
public final class DataException extends RuntimeException {
    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
