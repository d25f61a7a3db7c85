package espalier.clean;

import java.util.List;

/**
 * A picture of a data set with what the data set says of it.
 *
 * @param file its path relative to the data set, with {@code /} between
 * @param row its row in the table, from 0; -1 where labels come from folders
 * @param labels its label; for tags any number
 * @param split the split that it belongs to, such as {@code "train"}; empty when there are none
 */
public record Labelled(String file, int row, List<String> labels, String split) {
    public Labelled {
        labels = List.copyOf(labels);
    }
}
