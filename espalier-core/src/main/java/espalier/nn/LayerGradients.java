package espalier.nn;

import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Shape;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What comes back to the layers of a model, beside what they answer ({@link Activations}): where the deviations shrink from
 * row to row the first layers hardly learn, and where they grow training diverges. {@link #toString} prints a table,
 * without the means, which are often 0 but for rounding.
 *
 * <pre>{@code
 * try (var watch = Watch.gradients()) {
 *     loss.loss(model.forward(x), y).backward();
 *     System.out.print(LayerGradients.of(model, watch));
 * }
 * }</pre>
 *
 * @param rows a row for each run of a layer that has no layers below it, the last layer first
 */
public record LayerGradients(List<Row> rows) {
    /**
     * The gradient of one layer's output.
     *
     * @param path the layer's place in the tree
     * @param type its class's name
     * @param shape of the output and of its gradient, batch included
     * @param mean of all values
     * @param std their standard deviation
     * @param largest the largest absolute value
     * @param zeros the share of values that are 0, as behind a ReLU that is off
     */
    public record Row(String path, String type, Shape shape, double mean, double std, double largest, double zeros) {}

    /**
     * The gradients that {@code watch} has kept of the layers of {@code model}; it has told them then.
     *
     * @throws IllegalStateException when no gradient has come back, as {@link Watch#forEachGradient} says
     */
    public static LayerGradients of(Module model, Watch watch) {
        var leaves = LayerTable.leaves(model);
        var rows = new ArrayList<Row>();
        try (var scope = Scope.open();
                var off = Grad.off()) {
            watch.forEachGradient((module, gradient) -> {
                String path = leaves.get(module);
                if (path != null && gradient.numel() > 0) {
                    rows.add(row(path, module, gradient));
                }
            });
        }
        return new LayerGradients(List.copyOf(rows));
    }

    private static Row row(String path, Module module, Tensor gradient) {
        double mean = gradient.mean().item();
        double std = LayerTable.deviation(gradient, mean);
        double largest = gradient.abs().max().item();
        double zeros = gradient.eq(0).sum().item() / gradient.numel();
        String type = module.getClass().getSimpleName();
        return new Row(path, type, gradient.shape(), mean, std, largest, zeros);
    }

    /** The table as text. */
    @Override
    public String toString() {
        return LayerTable.text(
                List.of("layer", "gradient", "std", "largest", "zero"),
                rows.stream()
                        .map(row -> List.of(
                                row.path + " " + row.type,
                                row.shape.toString(),
                                String.format(Locale.ROOT, "%.1e", row.std),
                                String.format(Locale.ROOT, "%.1e", row.largest),
                                String.format(Locale.ROOT, "%.1f %%", 100 * row.zeros)))
                        .toList());
    }
}
