package espalier.optim;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.loss.Losses;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class LbfgsTest {
    private static final Golden GOLDEN = Golden.load("kit/lbfgs");

    private static Tensor tensor(String name) {
        return GOLDEN.dtype(name).equals("int64")
                ? Tensor.of(GOLDEN.longs(name), GOLDEN.shape(name))
                : Tensor.of(GOLDEN.floats(name), GOLDEN.shape(name));
    }

    /** A convex loss has one minimum, whatever the way to it. */
    @Test
    void step_endsWherePyTorchs() {
        var weight = tensor("start/weight").requiresGrad(true);
        var bias = tensor("start/bias").requiresGrad(true);
        var x = tensor("x");
        var y = tensor("y");
        var optimizer = Lbfgs.of(List.of(weight, bias)).iterations(100);
        double loss = optimizer.step(() -> Losses.crossEntropy()
                .loss(x.matmul(weight.t()).add(bias), y)
                .add(weight.square().sum().add(bias.square().sum()).mul(0.05)));
        assertThat(loss).isCloseTo(GOLDEN.value("/loss").asDouble(), within(1e-6));
        assertThat(weight.detach()).isCloseTo(tensor("end/weight"), 2e-3);
        assertThat(bias.detach()).isCloseTo(tensor("end/bias"), 2e-3);
        assertThat(weight.grad()).isEmpty();
    }

    @Test
    void parameterThatTheLossDoesNotKnow_stays() {
        var used = Tensor.of(new float[] {3, -2}, 2).requiresGrad(true);
        var other = Tensor.of(new float[] {1}, 1).requiresGrad(true);
        double loss =
                Lbfgs.of(List.of(used, other)).step(() -> used.sub(1).square().sum());
        assertThat(loss).isCloseTo(0, within(1e-9));
        assertThat(used.detach()).isCloseTo(new double[] {1, 1}, 1e-4);
        assertThat(other.detach()).isCloseTo(new double[] {1}, 0);
    }
}
