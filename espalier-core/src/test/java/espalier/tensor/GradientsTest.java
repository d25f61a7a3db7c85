package espalier.tensor;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class GradientsTest {
    @Test
    void clipNorm_scalesAsPyTorch() {
        var golden = Golden.load("optim/optimizers");
        var parameters = List.of(parameter(golden, "grad/0/p0"), parameter(golden, "grad/0/p1"), Tensor.ones(2));
        double total = Gradients.clipNorm(
                parameters, golden.value("/clip_norm/max_norm").asDouble());
        assertThat(total).isCloseTo(golden.value("/clip_norm/total_norm").asDouble(), within(1e-6));
        for (int i = 0; i < 2; i++) {
            assertThat(parameters.get(i).grad().orElseThrow()).isCloseTo(golden.doubles("clip_norm/p" + i), 1e-6);
        }
        assertThat(parameters.get(2).grad()).isEmpty();
    }

    private static Tensor parameter(Golden golden, String gradient) {
        var parameter = Tensor.zeros(golden.shape(gradient)).requiresGrad(true);
        parameter.setGrad(Tensor.of(golden.floats(gradient), golden.shape(gradient)));
        return parameter;
    }

    @Test
    void clipNorm_leavesSmallGradientsAlone() {
        var p = Tensor.ones(2).requiresGrad(true);
        p.setGrad(Tensor.of(new float[] {3, 4}, 2));
        assertThat(Gradients.clipNorm(List.of(p), 10)).isEqualTo(5);
        assertThat(p.grad().orElseThrow()).isCloseTo(new double[] {3, 4}, 0);
        assertThatThrownBy(() -> Gradients.clipNorm(List.of(p), 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void firstNonFinite_namesTheParameter() {
        var parameters = new LinkedHashMap<String, Tensor>();
        parameters.put("large", withGradient(1e30f));
        parameters.put("none", Tensor.ones(1));
        assertThat(Gradients.firstNonFinite(parameters)).isEmpty();
        parameters.put("nan", withGradient(Float.NaN));
        parameters.put("infinite", withGradient(Float.NEGATIVE_INFINITY));
        assertThat(Gradients.firstNonFinite(parameters)).contains("nan");
        parameters.remove("nan");
        assertThat(Gradients.firstNonFinite(parameters)).contains("infinite");
    }

    private static Tensor withGradient(float value) {
        var parameter = Tensor.zeros(2).requiresGrad(true);
        parameter.setGrad(Tensor.of(new float[] {1, value}, 2));
        return parameter;
    }
}
