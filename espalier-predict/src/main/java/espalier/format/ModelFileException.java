package espalier.format;

/** Says that a model or weight file cannot be used: which file, what is wrong with it, what may help. */
public final class ModelFileException extends RuntimeException {
    public ModelFileException(String message) {
        super(message);
    }

    public ModelFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
