package espalier.tensor;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.testing.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class GradTest {
    @Test
    void gradient_ofOneTensorTouchesNoOther() {
        try (var scope = Scope.open()) {
            var x = Tensor.of(new float[] {1, 2, 3}, 3).requiresGrad(true);
            var w = Tensor.of(new float[] {4, 5, 6}, 3).requiresGrad(true);
            assertThat(Grad.of(x.mul(w).sum(), x)).isCloseTo(new double[] {4, 5, 6}, 0);
            assertThat(x.grad()).isEmpty();
            assertThat(w.grad()).isEmpty();
        }
    }

    @Test
    void gradient_needsAScalarThatDependsOnTheInput() {
        try (var scope = Scope.open()) {
            var x = Tensor.of(new float[] {1, 2}, 2).requiresGrad(true);
            var other = Tensor.of(new float[] {1, 2}, 2).requiresGrad(true);
            assertThatThrownBy(() -> Grad.of(x.mul(x), x)).isInstanceOf(ShapeException.class);
            assertThatThrownBy(() -> Grad.of(x.mul(x).sum(), other)).isInstanceOf(NativeException.class);
        }
    }
}
