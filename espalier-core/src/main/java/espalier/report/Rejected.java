package espalier.report;

/**
 * A file (or row, or URL) that was left out, and why. Nothing is dropped without one.
 *
 * @param file the path as the user would write it, or the URL
 * @param reason a short phrase that starts with a lower-case word, such as {@code "truncated JPEG"}
 */
public record Rejected(String file, String reason) {
    @Override
    public String toString() {
        return file + ": " + reason;
    }
}
