package espalier.report;

/** Says that data cannot be used: which file or row, why, and what may help. */
public final class DataException extends RuntimeException {
    private final String reason;

    public DataException(String message) {
        super(message);
        this.reason = message;
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
        this.reason = message;
    }

    private DataException(String message, String reason, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Says that one file cannot be read: {@code cannot read FILE: REASON. ADVICE}.
     *
     * @param file the path as the user would write it
     * @param reason a short phrase that starts with a lower-case word, such as {@code "truncated JPEG"}
     * @param advice a sentence that starts with "Maybe"
     */
    public static DataException unreadable(String file, String reason, String advice, Throwable cause) {
        return new DataException("cannot read " + file + ": " + reason + ". " + advice, reason, cause);
    }

    /** The bare reason without file and advice, for a report of rejected files; the whole message where there is no such part. */
    public String reason() {
        return reason;
    }
}
