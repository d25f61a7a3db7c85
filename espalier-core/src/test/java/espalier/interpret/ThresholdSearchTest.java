package espalier.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.interpret.ThresholdSearch.Score;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdSearchTest {
    private static final List<String> TAGS = List.of("clear", "water", "road");

    /** Probabilities that are too small for clear and too large for road. */
    private static Predictions skewed(int items) {
        var random = new Random(3);
        float[][] rows = new float[items][];
        boolean[][] flags = new boolean[items][3];
        for (int i = 0; i < items; i++) {
            rows[i] = new float[3];
            for (int k = 0; k < 3; k++) {
                double noise = random.nextDouble();
                flags[i][k] = random.nextInt(3) == 0;
                double score = 0.6 * noise + (flags[i][k] ? 0.4 : 0);
                rows[i][k] = (float) Math.pow(score, k == 0 ? 3 : k == 1 ? 1 : 0.4);
            }
        }
        return Predictions.multiLabel(TAGS, rows, flags);
    }

    @ParameterizedTest
    @ValueSource(strings = {"f2_samples", "f1_macro", "f1_micro", "f0.5_samples"})
    void common_isTheBestOfAll_byTheReport(String name) {
        var predictions = skewed(60);
        var score = Score.named(name);
        assertThat(score.name()).isEqualTo(name);
        double[] best = ThresholdSearch.standard().score(score).best(predictions);
        assertThat(best).hasSize(1);
        double highest = IntStream.range(1, 100)
                .mapToDouble(i -> score.of(predictions.threshold(i / 100.0)))
                .max()
                .orElseThrow();
        assertThat(score.of(predictions.thresholds(best))).isCloseTo(highest, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"f2_samples", "f1_macro", "f1_micro"})
    void each_findsWhatASkewNeeds(String name) {
        var predictions = skewed(80);
        var search = ThresholdSearch.standard().score(Score.named(name));
        double[] own = search.forEach().best(predictions);
        assertThat(own).hasSize(3);
        assertThat(own[0]).isLessThan(own[1]);
        assertThat(own[1]).isLessThan(own[2]);
        assertThat(search.score().of(predictions.thresholds(own)))
                .isGreaterThan(search.score().of(predictions.thresholds(search.best(predictions))) + 0.02);
    }

    @Test
    void each_leavesRareLabelsTheCommonThreshold() {
        float[][] rows = new float[20][];
        boolean[][] flags = new boolean[20][3];
        for (int i = 0; i < 20; i++) {
            flags[i] = new boolean[] {i % 2 == 0, i % 4 == 0, i < 4};
            rows[i] = new float[] {i % 2 == 0 ? 0.3f : 0.1f, i % 4 == 0 ? 0.3f : 0.1f, i < 4 ? 0.9f : 0.8f};
        }
        var predictions = Predictions.multiLabel(TAGS, rows, flags);
        double common = ThresholdSearch.standard().best(predictions)[0];
        assertThat(ThresholdSearch.standard().forEach().best(predictions)[2]).isEqualTo(common);
    }

    @Test
    void ties_areNearestToOneHalf() {
        var clear = Predictions.multiLabel(
                List.of("clear"), new float[][] {{0.9f}, {0.2f}}, new boolean[][] {{true}, {false}});
        assertThat(ThresholdSearch.standard().best(clear)).containsExactly(0.5);
    }

    @Test
    void nonsense_isRefused() {
        var single = Predictions.of(List.of("a", "b"), new float[][] {{0.5f, 0.5f}}, new int[] {0});
        assertThatThrownBy(() -> ThresholdSearch.standard().best(single)).hasMessageContaining("one class each");
        var none = Predictions.multiLabel(TAGS, new float[0][], new boolean[0][]);
        assertThatThrownBy(() -> ThresholdSearch.standard().best(none)).hasMessageContaining("0 items");
        assertThatThrownBy(() -> Score.named("beauty")).hasMessageContaining("f2_samples");
        assertThatThrownBy(() -> Score.named("f0_macro")).hasMessageContaining("positive beta");
    }
}
