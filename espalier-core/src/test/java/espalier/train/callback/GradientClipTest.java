package espalier.train.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.optim.Rates;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientClipTest extends CallbackContract {
    @Override
    List<Callback> callbacks() {
        return List.of(GradientClip.byValue(0.01), GradientClip.of(0.02));
    }

    /** The gradients that the optimiser gets. */
    private List<float[]> gradients(Callback clip) {
        List<float[]> seen = new ArrayList<>();
        try (var learner = learner().callback(clip).callback(new Callback() {
            @Override
            public void beforeStep(Fit fit, Step step) {
                fit.learner()
                        .model()
                        .parameters()
                        .values()
                        .forEach(p -> seen.add(p.grad().orElseThrow().toFloatArray()));
            }
        })) {
            learner.callback(new StopAfter(1)).fit(1, Rates.of(0.01));
        }
        return seen;
    }

    @Test
    void byValue_cutsEachValueAndLeavesTheOthers() {
        var plain = gradients(new Callback() {});
        var clipped = gradients(GradientClip.byValue(0.01));
        int cut = 0;
        for (int i = 0; i < plain.size(); i++) {
            for (int j = 0; j < plain.get(i).length; j++) {
                float expected = Math.max(-0.01f, Math.min(0.01f, plain.get(i)[j]));
                cut += expected == plain.get(i)[j] ? 0 : 1;
                assertThat(clipped.get(i)[j]).isEqualTo(expected);
            }
        }
        assertThat(cut).isPositive();
    }

    @Test
    void norm_isAtMostTheOneGiven() {
        double sum = 0;
        for (float[] gradient : gradients(GradientClip.of(0.02))) {
            for (float value : gradient) {
                sum += value * value;
            }
        }
        assertThat(Math.sqrt(sum)).isCloseTo(0.02, within(1e-5));
    }

    @Test
    void nothingToClipTo_isRefused() {
        assertThatThrownBy(() -> GradientClip.byValue(0)).hasMessageContaining("positive");
        assertThatThrownBy(() -> GradientClip.of(Double.NaN)).hasMessageContaining("NaN");
    }
}
