package espalier.dataset;

import espalier.tensor.Functional;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** How examples become a batch. */
@FunctionalInterface
public interface Collate {
    /** A batch of {@code examples}. */
    Example batch(List<Example> examples);

    /**
     * Inputs and targets stacked along a new first dimension, as {@code default_collate}.
     *
     * @throws ShapeException when shapes differ
     */
    static Collate stack() {
        return examples -> new Example(
                Tensor.stack(examples.stream().map(Example::x).toList(), 0),
                Tensor.stack(examples.stream().map(Example::y).toList(), 0));
    }

    /** The same, with shorter inputs filled up at the end of their first dimension with {@code value}, as {@code pad_sequence}. */
    static Collate pad(double value) {
        return examples -> {
            long longest =
                    examples.stream().mapToLong(one -> one.x().size(0)).max().orElse(0);
            var filled = new ArrayList<Example>();
            for (Example one : examples) {
                long[] sides = new long[2 * one.x().dim()];
                sides[sides.length - 1] = longest - one.x().size(0);
                filled.add(new Example(Functional.padConstant(one.x(), value, sides), one.y()));
            }
            return stack().batch(filled);
        };
    }
}
