package espalier.clean;

import java.util.List;

/**
 * A picture or a text of a data set with what the data set says of it.
 *
 * @param file its path relative to the data set, with {@code /} between; of a text, the name of its table and its line
 * @param row its row in the table, from 0; -1 where labels come from folders
 * @param labels its label; for tags any number
 * @param split the split that it belongs to, such as {@code "train"}; empty when there are none
 * @param text what it says; empty for a picture
 */
public record Labelled(String file, int row, List<String> labels, String split, String text) {
    /** A picture. */
    Labelled(String file, int row, List<String> labels, String split) {
        this(file, row, labels, split, "");
    }

    public Labelled {
        labels = List.copyOf(labels);
    }
}
