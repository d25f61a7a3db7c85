package espalier.testing;

import espalier.tensor.Shape;
import espalier.tensor.Tensor;
import org.assertj.core.api.AbstractAssert;

/** Assertions about tensors: {@code assertThat(tensor).hasShape(2, 3).isCloseTo(expected, 1e-5)}. */
public final class TensorAssert extends AbstractAssert<TensorAssert, Tensor> {
    private TensorAssert(Tensor actual) {
        super(actual, TensorAssert.class);
    }

    public static TensorAssert assertThat(Tensor actual) {
        return new TensorAssert(actual);
    }

    public TensorAssert hasShape(long... sizes) {
        isNotNull();
        if (!actual.shape().equals(Shape.of(sizes))) {
            failWithMessage("expected shape %s but was %s", Shape.of(sizes), actual.shape());
        }
        return this;
    }

    public TensorAssert isCloseTo(Tensor expected, double tolerance) {
        hasShape(expected.shape().sizes());
        return isCloseTo(expected.toDoubleArray(), tolerance);
    }

    /** Compares in row-major order; the tolerance is absolute, and relative above 1. NaN equals NaN. */
    public TensorAssert isCloseTo(double[] expected, double tolerance) {
        isNotNull();
        double[] values = actual.detach().toDoubleArray();
        if (values.length != expected.length) {
            failWithMessage("expected %s values but were %s", expected.length, values.length);
        }
        for (int i = 0; i < values.length; i++) {
            boolean same = Double.compare(values[i], expected[i]) == 0
                    || Math.abs(values[i] - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i]));
            if (!same) {
                failWithMessage(
                        "at %s: expected %s but was %s (tolerance %s) in %s",
                        i, expected[i], values[i], tolerance, actual);
            }
        }
        return this;
    }
}
