package espalier.interpret;

import java.util.ArrayList;
import java.util.List;

/** A square table for a terminal, whose columns are named where that fits, and else numbered as the rows explain. */
final class TextMatrix {
    private static final int GAP = 2;

    private TextMatrix() {}

    /**
     * The table.
     *
     * @param corner what the rows are
     * @param head what the columns are
     * @param names of rows and columns
     * @param rows the cells
     * @param most columns of a terminal that names may take
     */
    static String of(String corner, String head, List<String> names, List<List<String>> rows, int most) {
        int widest = widest(names);
        int digits =
                Math.max(2, rows.stream().mapToInt(TextMatrix::widest).max().orElse(0));
        boolean byName = widest + GAP + names.size() * (Math.max(widest, digits) + GAP) <= most;
        int column = (byName ? Math.max(widest, digits) : digits) + GAP;
        var sides = new ArrayList<String>();
        for (int c = 0; c < names.size(); c++) {
            sides.add(byName ? names.get(c) : Names.right(Integer.toString(c), 2) + " " + names.get(c));
        }
        int side = Math.max(corner.length(), widest(sides));
        var out = new StringBuilder(Names.left(corner, side))
                .append("  ")
                .append(head)
                .append('\n')
                .append(" ".repeat(side));
        for (int c = 0; c < names.size(); c++) {
            out.append(Names.right(byName ? names.get(c) : Integer.toString(c), column));
        }
        out.append('\n');
        for (int row = 0; row < rows.size(); row++) {
            out.append(Names.left(sides.get(row), side));
            rows.get(row).forEach(cell -> out.append(Names.right(cell, column)));
            out.append('\n');
        }
        return out.toString();
    }

    private static int widest(List<String> texts) {
        return texts.stream().mapToInt(Names::length).max().orElse(0);
    }
}
