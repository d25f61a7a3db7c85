package espalier.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.tensor.Grad;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class ActivationsTest {
    @Test
    void rows_tellMeanDeviationZerosAndDeadChannels() {
        var model = Sequential.of(Linear.of(1, 4), ReLU.of());
        try (var off = Grad.off()) {
            model.parameters().get("0.weight").copy_(Tensor.ofNested(new float[][] {{1}, {-1}, {0}, {3}}));
            model.parameters().get("0.bias").fill_(0);
        }
        Tensor x = Tensor.ofNested(new float[][] {{1}, {2}}); // [2, 1]
        var rows = Activations.of(model, x).rows();

        assertThat(rows).extracting(Activations.Row::path).containsExactly("0", "1");
        assertThat(rows.get(0).mean()).isCloseTo(9 / 8.0, within(1e-6)); // 1 -1 0 3 and 2 -2 0 6
        assertThat(rows.get(0).std()).isCloseTo(Math.sqrt(55 / 8.0 - 81 / 64.0), within(1e-6));
        assertThat(rows.get(0).dead()).isEqualTo(0.25);
        assertThat(rows.get(1).dead()).isEqualTo(0.5);
        assertThat(rows.get(1).nearZero()).isEqualTo(0.5);
        assertThat(Activations.of(model, x).toString()).contains("1 ReLU", "[2, 4]", "50.0 %");
        model.close();
    }

    @Test
    void retainGrad_keepsTheGradientOfALayersOutput() {
        var model = Sequential.of(Linear.of(2, 3), ReLU.of());
        var kept = new java.util.ArrayList<Tensor>();
        try (var watch = Watch.start((module, output) -> {
            if (module instanceof Linear) {
                kept.add(output.retainGrad());
            }
        })) {
            model.forward(Tensor.ones(1, 2)).sum().backward();
        }
        Tensor z = kept.get(0);
        Tensor expected = z.gt(0).to(z.dtype()); // the slope of a ReLU
        assertThat(z.grad().orElseThrow().equalTo(expected)).isTrue();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Tensor.ones(2).retainGrad())
                .hasMessageContaining("Grad.off()");
        model.close();
    }
}
