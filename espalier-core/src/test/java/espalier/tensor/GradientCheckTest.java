package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class GradientCheckTest {
    private static Tensor input(long seed) {
        return Tensor.randn(Rng.of(seed), 2, 3).to(DType.FLOAT64).requiresGrad(true);
    }

    @Test
    void gradients_ofRealFunctionsPass() {
        var check = GradientCheck.of(in -> in.get(0).sin().mul(in.get(1)).exp(), input(1), input(2));
        assertThat(check.passes()).as(check.toString()).isTrue();
        assertThat(check.largestError()).isLessThan(1e-7);
        assertThat(GradientCheck.of(in -> in.get(0).matmul(in.get(0).t()).tanh(), input(3))
                        .passes())
                .isTrue();
    }

    @Test
    void wrongGradients_areFoundAndNamed() {
        // detach hides half of x * x from differentiation: the gradient is x instead of 2x
        var x = Tensor.of(new double[] {1, 3, 2}, 3).requiresGrad(true);
        var check = GradientCheck.of(in -> in.get(0).mul(in.get(0).detach()), x);
        assertThat(check.passes()).isFalse();
        assertThat(check.element()).isEqualTo(1);
        assertThat(check.gradient()).isEqualTo(3);
        assertThat(check.difference()).isCloseTo(6, within(1e-6));
    }

    @Test
    void check_needsDoublesThatRequireGradients() {
        var floats = Tensor.ones(2).requiresGrad(true);
        assertThatThrownBy(() -> GradientCheck.of(in -> in.get(0), floats)).hasMessageContaining("FLOAT64");
        var constant = Tensor.of(new double[] {1}, 1);
        assertThatThrownBy(() -> GradientCheck.of(in -> in.get(0), constant))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
