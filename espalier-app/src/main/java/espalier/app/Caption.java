package espalier.app;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model is called where it is shown: on the prediction page, by the API and by {@code inspect}.
 *
 * @param title a few words, {@code "Bears of North America"}; may be empty
 * @param description a sentence or two about what it is for; may be empty
 */
public record Caption(String title, String description) {
    /** No words; pages show the file's name. */
    public static final Caption NONE = new Caption("", "");

    private static final int LONGEST_TITLE = 100;
    private static final int LONGEST_DESCRIPTION = 2000;

    public Caption {
        title = checked("title", title, LONGEST_TITLE);
        description = checked("description", description, LONGEST_DESCRIPTION);
    }

    private static String checked(String what, String text, int longest) {
        if (text.length() > longest) {
            throw new IllegalArgumentException("the " + what + " has " + text.length() + " characters, at most "
                    + longest + " were expected. Maybe the details belong into a README beside the model");
        }
        return text.strip();
    }

    /** What goes into the details of a model document. */
    Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        if (!title.isEmpty()) {
            details.put("title", title);
        }
        if (!description.isEmpty()) {
            details.put("description", description);
        }
        return details;
    }
}
