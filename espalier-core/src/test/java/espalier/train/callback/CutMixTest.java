package espalier.train.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.data.Batch;
import espalier.optim.Rates;
import espalier.tensor.Tensor;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CutMixTest extends CallbackContract {
    private static final int SIDE = 8;

    /** Two numbers as two planes of a picture, and back, as the net takes numbers. */
    private static Callback reshaped(Callback.Phase phase, UnaryOperator<Tensor> shape) {
        return new Callback() {
            @Override
            public Phase phase() {
                return phase;
            }

            @Override
            public void beforeBatch(Fit fit, Step step) {
                var batch = step.batch();
                step.batch(new Batch(shape.apply(batch.x()), batch.y(), batch.items()));
            }
        };
    }

    private static Callback pictures() {
        return reshaped(
                Callback.Phase.PREPARE,
                x -> x.unsqueeze(2)
                        .unsqueeze(3)
                        .expand(x.size(0), 2, SIDE, SIDE)
                        .contiguous());
    }

    private static Callback numbers() {
        return reshaped(Callback.Phase.REPORT, x -> x.mean(2, 3));
    }

    @Override
    List<Callback> callbacks() {
        return List.of(pictures(), CutMix.standard(), numbers());
    }

    @Test
    void box_isOfAnotherPictureAndTheTargetByItsArea() {
        List<float[]> seen = new ArrayList<>();
        var look = new Callback() {
            @Override
            public void beforeBatch(Fit fit, Step step) {
                seen.add(step.batch().x().toFloatArray());
                seen.add(step.batch().y().toFloatArray());
            }
        };
        try (var learner = learner().callback(pictures()).callback(CutMix.standard())) {
            learner.callback(look)
                    .callback(numbers())
                    .callback(new StopAfter(7))
                    .fit(1, Rates.of(0.01));
        }
        int cut = 0;
        for (int b = 0; b < seen.size(); b += 2) {
            float[] x = seen.get(b);
            float[] y = seen.get(b + 1);
            int area = SIDE * SIDE;
            int items = y.length / 2;
            for (int i = 0; i < items; i++) {
                int pasted = 0;
                for (int p = 0; p < area; p++) {
                    pasted += x[2 * i * area + p] == x[2 * i * area + corner(x, i, area)] ? 0 : 1;
                }
                double other = (double) pasted / area;
                double mixed = Math.min(y[2 * i], y[2 * i + 1]);
                // the target is mixed only where the partner is of the other class
                assertThat(Math.min(mixed, Math.abs(mixed - Math.min(other, 1 - other))))
                        .isCloseTo(0, within(1e-6));
                assertThat(y[2 * i] + y[2 * i + 1]).isCloseTo(1, within(1e-6f));
                cut += pasted > 0 && mixed > 0 ? 1 : 0;
            }
        }
        assertThat(cut).isPositive();
    }

    /** A corner outside the box, if there is one: no box reaches all four, unless it covers everything. */
    private static int corner(float[] x, int item, int area) {
        int from = 2 * item * area;
        int[] corners = {0, SIDE - 1, area - SIDE, area - 1};
        for (int c : corners) {
            int same = 0;
            for (int d : corners) {
                same += x[from + c] == x[from + d] ? 1 : 0;
            }
            if (same >= 2) {
                return c;
            }
        }
        return 0;
    }

    @Test
    void inputsThatAreNoPictures_areRefused() {
        try (var learner = learner().callback(CutMix.standard())) {
            assertThatThrownBy(() -> learner.fit(1, Rates.of(0.01)))
                    .hasMessageContaining("[N, C, H, W]")
                    .hasMessageContaining("MixUp");
        }
    }
}
