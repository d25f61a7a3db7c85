package espalier.nn;

import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What tables of layers have in common: which layers have a row, and how the rows become text. */
final class LayerTable {
    private static final int TEXTS = 2;

    private LayerTable() {}

    /** The layers that have no layers below them, with their paths. */
    static Map<Module, String> leaves(Module model) {
        var leaves = new IdentityHashMap<Module, String>();
        model.modules().forEach((path, module) -> {
            if (module.children().isEmpty()) {
                leaves.put(module, path);
            }
        });
        return leaves;
    }

    static double deviation(Tensor values, double mean) {
        return Math.sqrt(values.sub(mean).square().mean().item());
    }

    /** Rows below their headings: two columns of text, left aligned, then numbers, right aligned. */
    static String text(List<String> headings, List<List<String>> rows) {
        var lines = new ArrayList<List<String>>();
        lines.add(headings);
        lines.addAll(rows);
        var text = new StringBuilder();
        for (List<String> line : lines) {
            for (int column = 0; column < headings.size(); column++) {
                int at = column;
                int width = lines.stream()
                        .mapToInt(cells -> cells.get(at).length())
                        .max()
                        .orElse(0);
                String format = "%s%" + (column < TEXTS ? "-" : "") + width + "s";
                text.append(String.format(format, column == 0 ? "" : "  ", line.get(column)));
            }
            text.append(System.lineSeparator());
        }
        return text.toString();
    }
}
