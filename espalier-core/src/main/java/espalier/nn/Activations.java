package espalier.nn;

import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Shape;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the layers of a model answer to a batch, as fastai's {@code ActivationStats}: in a network that learns, the deviations
 * stay near 1 from layer to layer, and few values are 0 but after a ReLU. {@link #toString} prints a table; what comes back to the
 * layers is in {@link LayerGradients}.
 *
 * @param rows a row for each layer that ran and has no layers below it, in the order of running
 */
public record Activations(List<Row> rows) {
    private static final double NEAR_ZERO = 0.05;

    /**
     * The answers of one layer.
     *
     * @param path its place in the tree
     * @param type its class's name
     * @param shape of its output, batch included
     * @param mean of all values
     * @param std their standard deviation
     * @param nearZero the share of values between -0.05 and 0.05
     * @param dead the share of channels (dimension 1) that are 0 for the whole batch
     */
    public record Row(String path, String type, Shape shape, double mean, double std, double nearZero, double dead) {}

    /** The answers to {@code x}, in the mode that the model is in; nothing is recorded for gradients. */
    public static Activations of(Module model, Tensor x) {
        var leaves = LayerTable.leaves(model);
        var rows = new ArrayList<Row>();
        try (var scope = Scope.open();
                var off = Grad.off();
                var watch = Watch.start((module, output) -> {
                    String path = leaves.get(module);
                    if (path != null && output.numel() > 0) {
                        rows.add(row(path, module, output.detach()));
                    }
                })) {
            model.forward(x);
        }
        return new Activations(List.copyOf(rows));
    }

    private static Row row(String path, Module module, Tensor output) {
        double mean = output.mean().item();
        double std = LayerTable.deviation(output, mean);
        Tensor sizes = output.abs();
        double near = sizes.lt(NEAR_ZERO).sum().item() / output.numel();
        return new Row(path, module.getClass().getSimpleName(), output.shape(), mean, std, near, dead(sizes));
    }

    private static double dead(Tensor sizes) {
        if (sizes.dim() < 2) {
            return 0;
        }
        Tensor channels = sizes.transpose(0, 1).flatten(1, -1); // [C, the rest]
        return channels.amax(false, 1).eq(0).sum().item() / channels.size(0);
    }

    /** The table as text. */
    @Override
    public String toString() {
        return LayerTable.text(
                List.of("layer", "output", "mean", "std", "near zero", "dead"),
                rows.stream()
                        .map(row -> List.of(
                                row.path + " " + row.type,
                                row.shape.toString(),
                                String.format(Locale.ROOT, "%.3f", row.mean),
                                String.format(Locale.ROOT, "%.3f", row.std),
                                String.format(Locale.ROOT, "%.1f %%", 100 * row.nearZero),
                                String.format(Locale.ROOT, "%.0f %%", 100 * row.dead)))
                        .toList());
    }
}
