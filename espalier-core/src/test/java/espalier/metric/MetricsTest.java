package espalier.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class MetricsTest {
    private static final GoldenScores GOLDEN = GoldenScores.load("metrics");

    private abstract static class GoldenContract extends GoldenScores.Contract {
        GoldenContract(Supplier<Metric> metric, String data, String value) {
            super(GOLDEN, metric, data, value.substring(1));
        }
    }

    @Nested
    class Accuracy extends GoldenContract {
        Accuracy() {
            super(Metrics::accuracy, "single", "/accuracy");
        }
    }

    @Nested
    class AccuracyMulti extends GoldenContract {
        AccuracyMulti() {
            super(() -> Metrics.accuracyMulti(0.2), "multi", "/0.2/accuracy_multi");
        }
    }

    @Nested
    class ErrorRate extends GoldenContract {
        ErrorRate() {
            super(Metrics::errorRate, "single", "/error_rate");
        }
    }

    @Nested
    class F1Binary extends GoldenContract {
        F1Binary() {
            super(Metrics::f1, "binary", "/f1");
        }
    }

    @Nested
    class F2Samples extends GoldenContract {
        F2Samples() {
            super(() -> Metrics.fBeta(2).multi(0.2).average(Average.SAMPLES), "multi", "/0.2/samples/f2");
        }
    }

    @Nested
    class Mae extends GoldenContract {
        Mae() {
            super(Metrics::mae, "regression", "/mae");
        }
    }

    @Nested
    class Mse extends GoldenContract {
        Mse() {
            super(Metrics::mse, "regression", "/mse");
        }
    }

    @Nested
    class PrecisionMacro extends GoldenContract {
        PrecisionMacro() {
            super(() -> Metrics.precision().average(Average.MACRO), "single", "/macro/precision");
        }
    }

    @Nested
    class RecallWeighted extends GoldenContract {
        RecallWeighted() {
            super(() -> Metrics.recall().average(Average.WEIGHTED), "single", "/weighted/recall");
        }
    }

    @Nested
    class Rmse extends GoldenContract {
        Rmse() {
            super(Metrics::rmse, "regression", "/rmse");
        }
    }

    @Nested
    class RocAucBinary extends GoldenContract {
        RocAucBinary() {
            super(Metrics::rocAuc, "binary", "/roc_auc");
        }
    }

    @Nested
    class RocAucOneAgainstOthers extends GoldenContract {
        RocAucOneAgainstOthers() {
            super(Metrics::rocAuc, "single", "/roc_auc_ovr_macro");
        }
    }

    @Nested
    class RocAucMulti extends GoldenContract {
        RocAucMulti() {
            super(() -> Metrics.rocAuc().multi(), "multi", "/roc_auc_macro");
        }
    }

    @Nested
    class TopK extends GoldenContract {
        TopK() {
            super(() -> Metrics.topK(2), "single", "/top_k/2");
        }
    }

    private static final Map<String, Supplier<CountScore>> SCORES = Map.of(
            "precision", Metrics::precision,
            "recall", Metrics::recall,
            "f1", Metrics::f1,
            "f2", () -> Metrics.fBeta(2),
            "f_half", () -> Metrics.fBeta(0.5));

    private static void checkScores(String data, String path, UnaryOperator<CountScore> options) {
        SCORES.forEach((name, score) -> {
            var metric = options.apply(score.get());
            metric.update(GOLDEN.tensor(data + "/scores"), GOLDEN.tensor(data + "/target"));
            assertThat(metric.value().orElseThrow())
                    .as("%s of %s%s", name, data, path)
                    .isCloseTo(
                            GOLDEN.golden()
                                    .value("/" + data + path + "/" + name)
                                    .asDouble(),
                            within(1e-8));
        });
    }

    @Test
    void scores_equalScikitLearnsWithEveryAverage() {
        checkScores("binary", "", score -> score);
        checkScores("single", "/macro", score -> score.average(Average.MACRO));
        checkScores("single", "/micro", score -> score.average(Average.MICRO));
        checkScores("single", "/weighted", score -> score.average(Average.WEIGHTED));
        for (var average : new Average[] {Average.MACRO, Average.MICRO, Average.SAMPLES, Average.WEIGHTED}) {
            for (double threshold : new double[] {0.2, 0.5}) {
                String path = "/" + threshold + "/" + average.name().toLowerCase(java.util.Locale.ROOT);
                checkScores("multi", path, score -> score.multi(threshold).average(average));
            }
        }
    }

    @Test
    void each_givesTheValueOfEveryClass() {
        var f1 = Metrics.f1().average(Average.MACRO);
        f1.update(GOLDEN.tensor("single/scores"), GOLDEN.tensor("single/target"));
        assertThat(f1.each()).containsExactly(GOLDEN.golden().doublesAt("/single/per_class/f1"), within(1e-8));
    }

    /** A class that is never predicted, and one that never occurs: 0 / 0 counts as 0. */
    @Test
    void scores_countNothingOfNothingAsZero() {
        long[] target = GOLDEN.golden().longsAt("/absent/target");
        long[] predicted = GOLDEN.golden().longsAt("/absent/predicted");
        float[] scores = new float[target.length * 4];
        for (int i = 0; i < target.length; i++) {
            scores[i * 4 + (int) predicted[i]] = 1;
        }
        SCORES.forEach((name, score) -> {
            for (var average : new Average[] {Average.MACRO, Average.MICRO}) {
                var metric = score.get().average(average);
                metric.update(Tensor.of(scores, target.length, 4), Tensor.of(target, target.length));
                String path = "/absent/" + average.name().toLowerCase(java.util.Locale.ROOT) + "/" + name;
                assertThat(metric.value().orElseThrow())
                        .isCloseTo(GOLDEN.golden().value(path).asDouble(), within(1e-8));
            }
        });
    }

    @Test
    void topK_equalsFastaisForEveryK() {
        for (int k : new int[] {1, 2, 3, 5}) {
            var metric = Metrics.topK(k);
            metric.update(GOLDEN.tensor("single/scores"), GOLDEN.tensor("single/target"));
            assertThat(metric.value().orElseThrow())
                    .isCloseTo(GOLDEN.golden().value("/single/top_k/" + k).asDouble(), within(1e-7));
        }
        var metric = Metrics.topK(100);
        metric.update(GOLDEN.tensor("single/scores"), GOLDEN.tensor("single/target"));
        assertThat(metric.value()).hasValue(1);
    }

    @Test
    void rocAuc_countsTiesHalf() {
        double[] probabilities = GOLDEN.golden().doublesAt("/binary_tied/probabilities");
        float[] scores = new float[probabilities.length * 2];
        for (int i = 0; i < probabilities.length; i++) {
            scores[2 * i + 1] = (float) probabilities[i];
        }
        var metric = Metrics.rocAuc();
        metric.update(Tensor.of(scores, probabilities.length, 2), GOLDEN.tensor("binary/target"));
        assertThat(metric.value().orElseThrow())
                .isCloseTo(GOLDEN.golden().value("/binary_tied/roc_auc").asDouble(), within(1e-8));
    }

    @Test
    void rocAuc_isEmptyWithOneKindOfItems() {
        var metric = Metrics.rocAuc();
        metric.update(Tensor.zeros(3, 2), Tensor.of(new long[] {1, 1, 1}, 3));
        assertThat(metric.value()).isEmpty();
    }

    @Test
    void accuracy_takesMixedTargets() {
        var metric = Metrics.accuracy();
        metric.update(Tensor.of(new float[] {0, 1, 1, 0}, 2, 2), Tensor.of(new float[] {0.3f, 0.7f, 0.4f, 0.6f}, 2, 2));
        assertThat(metric.value()).hasValue(0.5);
    }

    @Test
    void wrongShapes_areNamed() {
        var scores = Tensor.zeros(2, 3);
        assertThatThrownBy(() -> Metrics.accuracy().update(scores, Tensor.of(new long[] {0, 1, 2}, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("[2, 3]")
                .hasMessageContaining("Maybe");
        assertThatThrownBy(() -> Metrics.accuracyMulti().update(scores, Tensor.of(new long[] {0, 1}, 2)))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Metrics.mse().update(scores, Tensor.zeros(2))).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Metrics.f1().update(scores, Tensor.of(new long[] {0, 1}, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MACRO");
        assertThatThrownBy(() -> Metrics.f1().average(Average.SAMPLES)).hasMessageContaining("multi");
        assertThatThrownBy(() -> Metrics.topK(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void direction_comparesWithAMargin() {
        assertThat(Direction.LOWER_IS_BETTER.better(0.1, 0.2, 0)).isTrue();
        assertThat(Direction.LOWER_IS_BETTER.better(0.15, 0.2, 0.1)).isFalse();
        assertThat(Direction.HIGHER_IS_BETTER.better(0.9, 0.8, 0.05)).isTrue();
        assertThat(Direction.HIGHER_IS_BETTER.better(Double.NaN, 0.8, 0)).isFalse();
        assertThat(Direction.LOWER_IS_BETTER.better(Double.NaN, 0.8, 0)).isFalse();
        assertThat(Metrics.rmse().direction()).isEqualTo(Direction.LOWER_IS_BETTER);
    }

    @Test
    void catalogue_findsEveryName() {
        var names = Metrics.all().stream().map(Metric::name).toList();
        assertThat(names).doesNotHaveDuplicates();
        names.forEach(name -> assertThat(Metrics.named(name)).isPresent());
        assertThat(Metrics.named("none")).isEmpty();
    }
}
