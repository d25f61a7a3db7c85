package espalier.data;

import java.util.ArrayList;
import java.util.List;

/** Which character stands between the cells of a table, told from its first rows. */
final class Delimiters {
    private static final char[] USUAL = {',', ';', '\t', '|'};
    private static final int ROWS = 100;

    private Delimiters() {}

    /** The character that cuts most rows into as many cells as the first; a comma when none cuts the first. */
    static char guess(String start) {
        char best = ',';
        double most = 0;
        for (char candidate : USUAL) {
            var counts = counts(start, candidate);
            int first = counts.isEmpty() ? 0 : counts.get(0);
            long like = counts.stream().filter(count -> count == first).count();
            if (first > 0 && (double) like / counts.size() > most) {
                best = candidate;
                most = (double) like / counts.size();
            }
        }
        return best;
    }

    /** How often a character stands outside of quotes in each row that is not empty. */
    private static List<Integer> counts(String start, char candidate) {
        var counts = new ArrayList<Integer>();
        boolean quoted = false;
        boolean empty = true;
        int count = 0;
        for (int i = 0; i <= start.length() && counts.size() < ROWS; i++) {
            char c = i < start.length() ? start.charAt(i) : '\n';
            if (!quoted && (c == '\n' || c == '\r')) {
                if (!empty) {
                    counts.add(count);
                }
                empty = true;
                count = 0;
            } else {
                quoted ^= c == '"';
                count += !quoted && c == candidate ? 1 : 0;
                empty = false;
            }
        }
        return counts;
    }
}
