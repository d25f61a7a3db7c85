package espalier.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file (or row, or URL) that was left out, and why. Nothing is dropped without one.
 *
 * @param file the path as the user would write it, or the URL
 * @param reason a short phrase that starts with a lower-case word, such as {@code "truncated JPEG"}
 */
public record Rejected(String file, String reason) {
    /** Why a folder is left out that systems and programs make. */
    public static final String SYSTEM_FOLDER = "a folder of the system's, not of the data set";

    /** Why a link is left out that leads to a folder in which it lies itself. */
    public static final String LINKED_ABOVE = "a link to a folder above it";

    /** Why a folder is left out where files are to be changed. */
    public static final String LINKED_FOLDER = "a link to a folder, and nothing behind links is changed";

    /** Why a file is left out where files are to be changed. */
    public static final String LINKED_FILE = "a link, and nothing behind links is changed";

    /** Whether this stands for a whole folder, and so for any number of files. */
    public boolean namesFolder() {
        return reason.equals(LINKED_FOLDER) || reason.equals(LINKED_ABOVE) || reason.equals(SYSTEM_FOLDER);
    }

    /** The two values by name, in that order, as JSON shows them. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("file", file);
        map.put("reason", reason);
        return map;
    }

    @Override
    public String toString() {
        return file + ": " + reason;
    }
}
