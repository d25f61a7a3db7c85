package espalier.data;

import java.util.List;

/**
 * Which column of a table is what: as said, or else as the header and the first rows tell.
 *
 * @param file the column that names the file
 * @param labels the columns of labels: one whose cells are labels, or several named by labels, with 1 where it is one
 * @param part the column that names the part; -1 when there is none
 * @param group the column whose values are never torn apart; -1 when there is none
 */
public record TableColumns(int file, List<Integer> labels, int part, int group) {
    /** The column of labels. */
    public int label() {
        return labels.get(0);
    }

    /** Whether the columns themselves are named by the labels. */
    public boolean isOneHot() {
        return labels.size() > 1;
    }
}
