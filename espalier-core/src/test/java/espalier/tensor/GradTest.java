package espalier.tensor;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import java.util.Optional;
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

    @Test
    void autocast_computesProductsInTheGivenTypeUntilClosed() {
        try (var scope = Scope.open()) {
            var x = Tensor.randn(Rng.of(1), 4, 8);
            var w = Tensor.randn(Rng.of(2), 3, 8);
            assertThat(Grad.autocast(Device.cpu())).isEqualTo(DType.FLOAT32);
            try (var reduced = Grad.autocast(DType.BFLOAT16)) {
                assertThat(Functional.linear(x, w, Optional.empty()).dtype()).isEqualTo(DType.BFLOAT16);
                assertThat(Functional.softmax(x, 1).dtype()).isEqualTo(DType.FLOAT32);
                try (var full = Grad.autocast(DType.FLOAT32)) {
                    assertThat(Functional.linear(x, w, Optional.empty()).dtype())
                            .isEqualTo(DType.FLOAT32);
                }
                assertThat(Grad.autocast(Device.cpu())).isEqualTo(DType.BFLOAT16);
            }
            assertThat(Functional.linear(x, w, Optional.empty()).dtype()).isEqualTo(DType.FLOAT32);
        }
    }

    @Test
    void autocast_leavesDepthwiseGradientsThatItWouldSlowDown_inFloat32() {
        try (var scope = Scope.open()) {
            var x = Tensor.randn(Rng.of(1), 2, 4, 9, 9);
            for (long stride = 1; stride <= 2; stride++) {
                for (int kernel = 3; kernel <= 5; kernel += 2) {
                    var window = Functional.Window.of(2, stride, kernel / 2, 1, 4);
                    var full = Tensor.randn(Rng.of(2), 4, 1, kernel, kernel).requiresGrad(true);
                    var reduced = full.detach().copy().requiresGrad(true);
                    Functional.conv2d(x, full, Optional.empty(), window)
                            .square()
                            .sum()
                            .backward();
                    Tensor y;
                    try (var precision = Grad.autocast(DType.BFLOAT16)) {
                        y = Functional.conv2d(x, reduced, Optional.empty(), window);
                    }
                    assertThat(y.dtype()).isEqualTo(DType.BFLOAT16);
                    y.to(DType.FLOAT32).square().sum().backward();
                    var exact = full.grad().orElseThrow();
                    double error =
                            reduced.grad().orElseThrow().sub(exact).abs().max().item()
                                    / exact.abs().max().item();
                    assertThat(error).isGreaterThan(0).isLessThan(0.02);
                }
            }
        }
    }
}
