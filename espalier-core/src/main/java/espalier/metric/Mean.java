package espalier.metric;

import espalier.format.DType;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.OptionalDouble;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** A metric that is the mean of one value an item or answer, perhaps passed through a last function. */
final class Mean implements Metric {
    private final String name;
    private final Direction direction;
    private final BinaryOperator<Tensor> values;
    private final DoubleUnaryOperator last;
    private double sum;
    private long count;

    Mean(String name, Direction direction, BinaryOperator<Tensor> values, DoubleUnaryOperator last) {
        this.name = name;
        this.direction = direction;
        this.values = values;
        this.last = last;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public void update(Tensor scores, Tensor target) {
        try (var off = Grad.off();
                var scope = Scope.open()) {
            Tensor batch = values.apply(scores, target);
            sum += batch.to(DType.FLOAT64).sum().item();
            count += batch.numel();
        }
    }

    @Override
    public OptionalDouble value() {
        return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(last.applyAsDouble(sum / count));
    }

    @Override
    public Metric fresh() {
        return new Mean(name, direction, values, last);
    }
}
