package espalier.train.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.format.DType;
import espalier.optim.GradScaler;
import espalier.optim.Rates;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Learner;
import espalier.train.Precision;
import espalier.train.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** float16 with a scale that overflows at first and grows again, amid steps of several batches, clipping and an average. */
class LossScalingTest extends CallbackContract {
    private static final GradScaler.Options LARGE =
            GradScaler.Options.standard().initScale(0x1p24).growthInterval(3);

    @Override
    Learner<double[]> learner() {
        return super.learner().precision(Precision.FLOAT16).lossScaling(LARGE);
    }

    @Override
    List<Callback> callbacks() {
        return List.of(GradientClip.of(0.5), GradientAccumulation.of(2), WeightAverage.exponential(0.9));
    }

    /** The type of the scores of each batch, and whether its step was made. */
    private static final class Watch implements Callback {
        private final List<DType> types = new ArrayList<>();
        private final List<Boolean> made = new ArrayList<>();

        @Override
        public void afterBatch(Fit fit, Step step) {
            types.add(step.scores().orElseThrow().dtype());
            made.add(!step.skipped());
        }
    }

    @Test
    void stepsThatOverflow_areLeftOut_untilTheScaleFits() {
        var seen = new Watch();
        try (var learner = learner().callback(seen)) {
            learner.fitOneCycle(EPOCHS, Rates.of(0.05));
            assertThat(seen.types).containsOnly(DType.FLOAT16);
            assertThat(seen.made.get(0))
                    .as("the first step of so large a scale")
                    .isFalse();
            assertThat(seen.made).as("steps that were made").contains(true);
            assertThat(learner.history().steps())
                    .as("losses, of the steps that were left out too")
                    .hasSize(seen.made.size())
                    .allSatisfy(step -> assertThat(step.loss()).isFinite());
        }
    }

    /** Without overflows the scale changes nothing but rounding: it is taken out before clipping and the step. */
    @Test
    void training_endsWhereFloat32Ends() {
        try (var half = super.learner().precision(Precision.FLOAT16);
                var full = super.learner().precision(Precision.FLOAT32)) {
            for (var learner : List.of(half, full)) {
                learner.callback(GradientClip.of(0.5)).fit(EPOCHS, Rates.of(0.01));
            }
            double expected = full.validate().loss().orElseThrow();
            assertThat(half.validate().loss().orElseThrow()).isCloseTo(expected, within(0.02));
        }
    }

    @Test
    void lrFind_scalesToo() {
        try (var half = learner();
                var full = super.learner().precision(Precision.FLOAT32)) {
            var before = weights(half);
            double expected = full.lrFind().losses()[0];
            assertThat(half.lrFind().losses()[0]).isCloseTo(expected, within(0.01));
            assertThat(weights(half)).isEqualTo(before);
        }
    }
}
