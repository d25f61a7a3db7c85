package espalier.nn;

import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Shape;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A table of a model's modules: {@link #toString} prints it.
 *
 * @param rows the modules in order, parents first
 * @param parameters the number of trained values, frozen ones included
 * @param trainable the number of values that would be trained now
 */
public record Summary(List<Row> rows, long parameters, long trainable) {
    /**
     * One module.
     *
     * @param path its place in the tree, {@code ""} for the whole model
     * @param type its class's name
     * @param output the shape of its output; empty when it did not run
     * @param parameters its own values, without its children's
     * @param trainable those of them that would be trained now
     */
    public record Row(String path, String type, Optional<Shape> output, long parameters, long trainable) {}

    /** The table of {@code model}, made by a run in evaluation mode on zeros of {@code inputShape}, batch included. */
    static Summary of(Module model, long... inputShape) {
        var shapes = new IdentityHashMap<Module, Shape>();
        var modes = new IdentityHashMap<Module, Boolean>();
        model.apply(module -> modes.put(module, module.isTraining()));
        model.eval();
        try (var scope = Scope.open();
                var off = Grad.off();
                var watch = Watch.start((module, output) -> shapes.put(module, output.shape()))) {
            shapes.put(model, model.forward(Tensor.zeros(inputShape)).shape());
        } finally {
            modes.forEach(Module::ownTraining);
        }
        var rows = new ArrayList<Row>();
        model.modules().forEach((path, module) -> rows.add(row(path, module, Optional.ofNullable(shapes.get(module)))));
        return new Summary(
                List.copyOf(rows),
                rows.stream().mapToLong(Row::parameters).sum(),
                rows.stream().mapToLong(Row::trainable).sum());
    }

    private static Row row(String path, Module module, Optional<Shape> output) {
        var own = module.ownParameters().values();
        long all = own.stream().mapToLong(Tensor::numel).sum();
        long trained = own.stream()
                .filter(Tensor::requiresGrad)
                .mapToLong(Tensor::numel)
                .sum();
        return new Row(path, module.getClass().getSimpleName(), output, all, trained);
    }

    /** The table as text, and the totals below it. */
    @Override
    public String toString() {
        int pathWidth = width(rows.stream().map(row -> label(row)).toList(), "module");
        int shapeWidth = width(rows.stream().map(Summary::shape).toList(), "output");
        String format = "%-" + pathWidth + "s  %-" + shapeWidth + "s  %,13d  %s%n";
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-" + pathWidth + "s  %-" + shapeWidth + "s  %13s  %s%n",
                "module",
                "output",
                "parameters",
                "trainable"));
        for (Row row : rows) {
            String trains = row.parameters() == 0 ? "" : row.trainable() == 0 ? "no" : "yes";
            text.append(String.format(Locale.ROOT, format, label(row), shape(row), row.parameters(), trains));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "%,d parameters, %,d trainable, %,d frozen%n",
                        parameters,
                        trainable,
                        parameters - trainable))
                .toString();
    }

    private static int width(List<String> texts, String heading) {
        return Math.max(
                heading.length(), texts.stream().mapToInt(String::length).max().orElse(0));
    }

    private static String label(Row row) {
        return row.path().isEmpty() ? row.type() : row.path() + " " + row.type();
    }

    private static String shape(Row row) {
        return row.output().map(Shape::toString).orElse("-");
    }
}
