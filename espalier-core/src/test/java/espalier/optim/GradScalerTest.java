package espalier.optim;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.tensor.Gradients;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class GradScalerTest {
    private static Optimizer sgd(Tensor parameter, double lr) {
        return Optimizers.sgd()
                .create(List.of(ParameterGroup.of(List.of(parameter)).lr(lr)));
    }

    /** Overflows in three ways, amid clipping and growth: scale, counter and weights after each step. */
    @Test
    void scriptedSteps_areThoseOfPyTorch() {
        var golden = Golden.load("kit/scaler");
        var options = GradScaler.Options.standard()
                .initScale(golden.value("/options/init_scale").asDouble())
                .growthInterval(golden.value("/options/growth_interval").asInt());
        var scaler = GradScaler.of(options);
        try (var scope = Scope.open()) {
            var w = Tensor.of(golden.floats("start"), 3).requiresGrad(true);
            var factors = Tensor.of(golden.floats("factors"), golden.shape("factors"));
            try (var optimizer = sgd(w, golden.value("/options/lr").asDouble())) {
                for (int i = 0; i < factors.size(0); i++) {
                    scaler.scale(w.mul(factors.select(0, i)).sum()).backward();
                    scaler.unscale(optimizer);
                    Gradients.clipNorm(
                            List.of(w), golden.value("/options/max_norm").asDouble());
                    scaler.step(optimizer);
                    scaler.update();
                    optimizer.zeroGrad();
                    var expected = golden.value("/steps/" + i);
                    var state = scaler.state();
                    assertThat(state.get("scale").item())
                            .as("scale after step %d", i)
                            .isEqualTo(expected.get("scale").asDouble());
                    assertThat(state.get("growth_tracker").item())
                            .as("good steps after step %d", i)
                            .isEqualTo(expected.get("growth_tracker").asDouble());
                    double[] weights = new double[3];
                    for (int k = 0; k < 3; k++) {
                        weights[k] = expected.get("w").get(k).asDouble();
                    }
                    assertThat(w.detach()).isCloseTo(weights, 1e-6);
                }
            }
        }
    }

    @Test
    void defaults_arePyTorchs() {
        assertThat(GradScaler.Options.standard()).isEqualTo(new GradScaler.Options(65536, 2, 0.5, 2000));
        assertThat(GradScaler.standard().scale()).isEqualTo(65536);
    }

    @Test
    void state_isTakenOver() {
        try (var scope = Scope.open()) {
            var w = Tensor.of(new float[] {1}, 1).requiresGrad(true);
            var one = GradScaler.of(GradScaler.Options.standard().growthInterval(2));
            var other = GradScaler.of(GradScaler.Options.standard().growthInterval(2));
            try (var optimizer = sgd(w, 0.1)) {
                for (int i = 0; i < 3; i++) {
                    one.scale(w.sum()).backward();
                    assertThat(one.step(optimizer)).isTrue();
                    one.update();
                    optimizer.zeroGrad();
                }
                other.loadState(one.state());
                assertThat(other.scale()).isEqualTo(131072);
                other.scale(w.sum()).backward();
                other.step(optimizer);
                other.update();
                assertThat(other.scale())
                        .as("the third good step counts as the first of two")
                        .isEqualTo(262144);
            }
        }
    }

    @Test
    void misuse_isRefused() {
        try (var scope = Scope.open()) {
            var w = Tensor.of(new float[] {1}, 1).requiresGrad(true);
            var scaler = GradScaler.standard();
            assertThatThrownBy(scaler::update).hasMessageContaining("before any step");
            assertThatThrownBy(() -> scaler.loadState(Map.of())).hasMessageContaining("growth_tracker");
            try (var optimizer = sgd(w, 0.1)) {
                scaler.scale(w.sum()).backward();
                scaler.unscale(optimizer);
                assertThatThrownBy(() -> scaler.unscale(optimizer)).hasMessageContaining("update()");
            }
        }
        assertThatThrownBy(() -> GradScaler.Options.standard().initScale(0)).hasMessageContaining("received 0.0");
        assertThatThrownBy(() -> GradScaler.Options.standard().growthInterval(0))
                .hasMessageContaining("received 0");
    }
}
