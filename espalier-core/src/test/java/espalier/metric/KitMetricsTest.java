package espalier.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The metrics of the training kit against scikit-learn and SciPy; see {@link MetricsTest} for the others. */
@ExtendWith(NoLeaks.class)
class KitMetricsTest {
    private static final GoldenScores GOLDEN = GoldenScores.load("kit/metrics");

    private abstract static class GoldenContract extends GoldenScores.Contract {
        GoldenContract(Supplier<Metric> metric, String data, String value) {
            super(GOLDEN, metric, data, value);
        }
    }

    @Nested
    class AveragePrecisionBinary extends GoldenContract {
        AveragePrecisionBinary() {
            super(() -> Metrics.averagePrecision(), "binary", "average_precision");
        }
    }

    @Nested
    class AveragePrecisionOneAgainstOthers extends GoldenContract {
        AveragePrecisionOneAgainstOthers() {
            super(() -> Metrics.averagePrecision(), "single", "average_precision");
        }
    }

    @Nested
    class AveragePrecisionMulti extends GoldenContract {
        AveragePrecisionMulti() {
            super(() -> Metrics.averagePrecision().multi(), "multi", "average_precision");
        }
    }

    @Nested
    class BalancedAccuracy extends GoldenContract {
        BalancedAccuracy() {
            super(() -> Metrics.balancedAccuracy(), "single", "balanced_accuracy");
        }
    }

    @Nested
    class BrierBinary extends GoldenContract {
        BrierBinary() {
            super(() -> Metrics.brier(), "binary", "brier");
        }
    }

    @Nested
    class BrierOfClasses extends GoldenContract {
        BrierOfClasses() {
            super(() -> Metrics.brier(), "single", "brier");
        }
    }

    @Nested
    class CohenKappa extends GoldenContract {
        CohenKappa() {
            super(() -> Metrics.cohenKappa(), "single", "kappa");
        }
    }

    @Nested
    class CohenKappaLinear extends GoldenContract {
        CohenKappaLinear() {
            super(() -> Metrics.cohenKappa(Agreement.LINEAR), "single", "kappa_linear");
        }
    }

    @Nested
    class CohenKappaQuadratic extends GoldenContract {
        CohenKappaQuadratic() {
            super(() -> Metrics.cohenKappa(Agreement.QUADRATIC), "single", "kappa_quadratic");
        }
    }

    @Nested
    class HammingLoss extends GoldenContract {
        HammingLoss() {
            super(() -> Metrics.hammingLoss(), "single", "hamming");
        }
    }

    @Nested
    class HammingLossMulti extends GoldenContract {
        HammingLossMulti() {
            super(() -> Metrics.hammingLossMulti(0.3), "multi", "hamming");
        }
    }

    @Nested
    class JaccardBinary extends GoldenContract {
        JaccardBinary() {
            super(() -> Metrics.jaccard(), "binary", "jaccard");
        }
    }

    @Nested
    class JaccardMacro extends GoldenContract {
        JaccardMacro() {
            super(() -> Metrics.jaccard().average(Average.MACRO), "single", "jaccard");
        }
    }

    @Nested
    class JaccardSamples extends GoldenContract {
        JaccardSamples() {
            super(() -> Metrics.jaccard().multi(0.3).average(Average.SAMPLES), "multi", "jaccard_samples");
        }
    }

    @Nested
    class Matthews extends GoldenContract {
        Matthews() {
            super(() -> Metrics.matthews(), "single", "matthews");
        }
    }

    @Nested
    class MatthewsBinary extends GoldenContract {
        MatthewsBinary() {
            super(() -> Metrics.matthews(), "binary", "matthews");
        }
    }

    @Nested
    class MatthewsMulti extends GoldenContract {
        MatthewsMulti() {
            super(() -> Metrics.matthewsMulti(0.3), "multi", "matthews");
        }
    }

    @Nested
    class Pearson extends GoldenContract {
        Pearson() {
            super(() -> Metrics.pearson(), "one", "pearson");
        }
    }

    @Nested
    class PearsonOfTwoOutputs extends GoldenContract {
        PearsonOfTwoOutputs() {
            super(() -> Metrics.pearson(), "two", "pearson");
        }
    }

    @Nested
    class Perplexity extends GoldenContract {
        Perplexity() {
            super(() -> Metrics.perplexity(), "single", "perplexity");
        }
    }

    @Nested
    class PerplexityOfTokens extends GoldenContract {
        PerplexityOfTokens() {
            super(() -> Metrics.perplexity(), "tokens", "perplexity");
        }
    }

    @Nested
    class R2 extends GoldenContract {
        R2() {
            super(() -> Metrics.r2(), "one", "r2");
        }
    }

    @Nested
    class R2OfTwoOutputs extends GoldenContract {
        R2OfTwoOutputs() {
            super(() -> Metrics.r2(), "two", "r2");
        }
    }

    @Nested
    class SensitivityBinary extends GoldenContract {
        SensitivityBinary() {
            super(() -> Metrics.sensitivity(), "binary", "sensitivity");
        }
    }

    @Nested
    class Spearman extends GoldenContract {
        Spearman() {
            super(() -> Metrics.spearman(), "one", "spearman");
        }
    }

    @Nested
    class SpearmanOfTwoOutputs extends GoldenContract {
        SpearmanOfTwoOutputs() {
            super(() -> Metrics.spearman(), "two", "spearman");
        }
    }

    @Nested
    class SpecificityBinary extends GoldenContract {
        SpecificityBinary() {
            super(() -> Metrics.specificity(), "binary", "specificity");
        }
    }

    @Nested
    class SpecificityMacro extends GoldenContract {
        SpecificityMacro() {
            super(() -> Metrics.specificity().average(Average.MACRO), "single", "specificity");
        }
    }

    @Nested
    class SpecificityMulti extends GoldenContract {
        SpecificityMulti() {
            super(() -> Metrics.specificity().multi(0.3), "multi", "specificity");
        }
    }

    @Test
    void averagePrecision_givesTheValueOfEveryLabelAndLeavesOutThoseWithoutItems() {
        var metric = Metrics.averagePrecision().multi();
        metric.update(GOLDEN.scores("multi"), GOLDEN.tensor("multi/target"));
        assertThat(metric.each())
                .containsExactly(GOLDEN.golden().doublesAt("/multi/average_precision_each"), within(1e-8));
        var rare = Metrics.averagePrecision().multi();
        rare.update(Tensor.of(new float[] {1, 0, 0, 1}, 2, 2), Tensor.of(new long[] {1, 0, 0, 0}, 2, 2));
        assertThat(rare.each()).containsExactly(1, Double.NaN);
        assertThat(rare.value()).hasValue(1);
    }

    @Test
    void correlations_ofConstantsAreEmptyAndR2IsScikitLearns() {
        var same = Tensor.of(new float[] {2, 2, 2}, 3);
        var other = Tensor.of(new float[] {1, 2, 3}, 3);
        for (var metric : new Metric[] {Metrics.pearson(), Metrics.spearman()}) {
            metric.update(same, other);
            assertThat(metric.value()).isEmpty();
        }
        var wrong = Metrics.r2();
        wrong.update(other, same);
        assertThat(wrong.value()).hasValue(0);
        var right = Metrics.r2();
        right.update(same, same);
        assertThat(right.value()).hasValue(1);
    }

    @Test
    void matthewsAndKappa_ofOneClassAlone() {
        var scores = Tensor.of(new float[] {1, 0, 1, 0}, 2, 2);
        var target = Tensor.of(new long[] {0, 0}, 2);
        var matthews = Metrics.matthews();
        matthews.update(scores, target);
        assertThat(matthews.value()).hasValue(0);
        var kappa = Metrics.cohenKappa();
        kappa.update(scores, target);
        assertThat(kappa.value()).isEmpty();
    }

    @Test
    void samplesByName_areTheMeanOverTheItems() {
        var named = Metrics.named("fbeta_score_samples").orElseThrow();
        var chosen = Metrics.fBeta(2).multi(0.5).average(Average.SAMPLES);
        named.update(GOLDEN.scores("multi"), GOLDEN.tensor("multi/target"));
        chosen.update(GOLDEN.scores("multi"), GOLDEN.tensor("multi/target"));
        assertThat(named.value()).isEqualTo(chosen.value()).isPresent();
        assertThat(named.fresh().name()).isEqualTo("fbeta_score_samples");
    }

    @Test
    void fitting_makesScoresOfThePositiveClassMeansWhereThereAreNotTwo() {
        var three = Metrics.f1().fitting(3);
        three.update(Tensor.of(new float[] {1, 0, 0, 0, 1, 0}, 2, 3), Tensor.of(new long[] {0, 1}, 2));
        assertThat(three.value().orElseThrow()).isCloseTo(2 / 3.0, within(1e-9));
        assertThatThrownBy(() -> Metrics.f1().fitting(2).update(Tensor.zeros(1, 3), Tensor.of(new long[] {0}, 1)))
                .hasMessageContaining("MACRO");
    }

    @Test
    void otherClassesThanBefore_areNamed() {
        var kappa = Metrics.cohenKappa();
        kappa.update(Tensor.zeros(1, 3), Tensor.of(new long[] {0}, 1));
        assertThatThrownBy(() -> kappa.update(Tensor.zeros(1, 2), Tensor.of(new long[] {0}, 1)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("expected 3 classes as before, received 2")
                .hasMessageContaining("Maybe");
        var r2 = Metrics.r2();
        r2.update(Tensor.zeros(2, 2), Tensor.zeros(2, 2));
        assertThatThrownBy(() -> r2.update(Tensor.zeros(2, 3), Tensor.zeros(2, 3)))
                .hasMessageContaining("expected 2 outputs as before, received 3");
        assertThatThrownBy(() -> Metrics.perplexity().update(Tensor.zeros(2, 3), Tensor.zeros(2, 3)))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Metrics.hammingLossMulti(0.5).update(Tensor.zeros(2, 3), Tensor.zeros(2)))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Metrics.matthewsMulti(2)).hasMessageContaining("0 to 1");
    }
}
