package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.interpret.ThresholdSearch;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class SearchedMetricTest {
    private static final int LABELS = 3;

    /** Rare labels whose probabilities are low, but in the right order, in batches of different sizes. */
    private static double value(Metric metric) {
        var rng = Rng.of(3);
        for (int items : new int[] {7, 20, 13}) {
            float[] scores = new float[items * LABELS];
            float[] targets = new float[items * LABELS];
            for (int i = 0; i < scores.length; i++) {
                targets[i] = rng.uniform() < 0.3 ? 1 : 0;
                scores[i] = (float) (-2.5 + 1.2 * targets[i] + 0.5 * rng.normal());
            }
            try (var scope = Scope.open()) {
                metric.update(Tensor.of(scores, items, LABELS), Tensor.of(targets, items, LABELS));
            }
        }
        return metric.value().orElseThrow();
    }

    @Test
    void value_isTheMetricsAtTheBestThreshold() {
        List<List<Double>> found = new ArrayList<>();
        double searched = value(new SearchedMetric(Metrics.accuracyMulti(0.5), ThresholdSearch.standard(), found::add));
        assertThat(found).hasSize(1);
        double threshold = found.get(0).get(0);
        assertThat(threshold).isBetween(0.05, 0.4);
        assertThat(searched)
                .isCloseTo(value(Metrics.accuracyMulti(threshold)), within(1e-6))
                .isGreaterThan(value(Metrics.accuracyMulti(0.5)));
    }

    @Test
    void eachLabel_hasItsOwnThreshold() {
        List<List<Double>> found = new ArrayList<>();
        var search = ThresholdSearch.standard().forEach();
        double each = value(new SearchedMetric(f2(), search, found::add));
        double common = value(new SearchedMetric(f2(), ThresholdSearch.standard(), found::add));
        assertThat(found.get(0)).hasSize(LABELS);
        assertThat(each).isGreaterThanOrEqualTo(common);
    }

    private static Metric f2() {
        return Metrics.named("fbeta_score_samples").orElseThrow();
    }

    @Test
    void withoutItems_thereIsNoValue() {
        var metric = new SearchedMetric(Metrics.accuracyMulti(0.5), ThresholdSearch.standard(), none -> {});
        assertThat(metric.value()).isEmpty();
        assertThat(metric.name()).isEqualTo("accuracy_multi");
        assertThat(metric.fresh().value()).isEmpty();
    }
}
