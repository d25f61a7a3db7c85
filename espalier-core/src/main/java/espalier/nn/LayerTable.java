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
        var formats = new ArrayList<String>();
        for (int column = 0; column < headings.size(); column++) {
            int at = column;
            int width = lines.stream()
                    .mapToInt(cells -> cells.get(at).length())
                    .max()
                    .orElse(0);
            formats.add("%" + (column < TEXTS ? "-" : "") + width + "s");
        }
        String format = String.join("  ", formats) + "%n";
        var text = new StringBuilder();
        lines.forEach(line -> text.append(String.format(format, line.toArray())));
        return text.toString();
    }
}
