package espalier.tensor;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.testing.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class DifferentiationTest {
    private static Tensor x() {
        return Tensor.of(new float[] {1, 2, 3}, 3).requiresGrad(true);
    }

    @Test
    void backward_takesTheGradientOfWhatIsNoScalar() {
        var x = x();
        x.square().backward(Tensor.of(new float[] {1, 10, 100}, 3));
        assertThat(x.grad().orElseThrow()).isCloseTo(new double[] {2, 40, 600}, 0);
        assertThatThrownBy(() -> x().square().backward(Tensor.ones(2))).isInstanceOf(ShapeException.class);
    }

    @Test
    void backward_twiceNeedsTheRecord() {
        var freed = x().square().sum();
        freed.backward();
        assertThatThrownBy(freed::backward).isInstanceOf(NativeException.class).hasMessageContaining("Graph.RETAIN");
        var x = x();
        var kept = x.square().sum();
        kept.backward(Grad.Graph.RETAIN);
        kept.backward();
        assertThat(x.grad().orElseThrow()).isCloseTo(new double[] {4, 8, 12}, 0);
    }

    @Test
    void backward_canRecordTheGradientItself() {
        var x = x();
        x.pow(3).sum().backward(Grad.Graph.CREATE);
        var slope = x.grad().orElseThrow();
        assertThat(slope).isCloseTo(new double[] {3, 12, 27}, 1e-6);
        assertThat(Grad.of(slope.sum(), x)).isCloseTo(new double[] {6, 12, 18}, 1e-6);
        x.clearGrad();
    }

    @Test
    void gradients_ofSeveralTensorsComeInTheirOrder() {
        var x = x();
        var w = x();
        var gradients = Grad.of(x.mul(w.square()).sum(), List.of(w, x), Grad.Graph.FREE);
        assertThat(gradients.get(0)).isCloseTo(new double[] {2, 8, 18}, 0);
        assertThat(gradients.get(1)).isCloseTo(new double[] {1, 4, 9}, 0);
        assertThat(x.grad()).isEmpty();
    }

    @Test
    void leaves_areWhatWasNotComputed() {
        var x = x();
        assertThat(x.isLeaf()).isTrue();
        assertThat(x.square().isLeaf()).isFalse();
        assertThat(x.square().gradFunction()).isEqualTo("PowBackward0");
        assertThatThrownBy(() -> x.square().requiresGrad(false)).hasMessageContaining("detach");
    }
}
