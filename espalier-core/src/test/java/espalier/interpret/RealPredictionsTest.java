package espalier.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.testing.plain.Golden;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What models said of real pictures (photographs of pets, x-rays) is judged as scikit-learn judges it. */
class RealPredictionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"dogs_vs_cats", "chest_xrays"})
    void reportAndMatrix_equalScikitLearns(String name) {
        var golden = Golden.load("interpret/" + name);
        var interpretation = Interpretation.of(predictions(golden));
        var report = interpretation.classificationReport();
        assertThat(report.text(4)).isEqualTo(golden.value("/text").asString());
        for (var row : report.rows()) {
            var expected = golden.value("/report/" + row.name());
            assertThat(row.precision()).isCloseTo(expected.get("precision").asDouble(), within(1e-8));
            assertThat(row.recall()).isCloseTo(expected.get("recall").asDouble(), within(1e-8));
            assertThat(row.f1()).isCloseTo(expected.get("f1-score").asDouble(), within(1e-8));
            assertThat(row.support()).isEqualTo(expected.get("support").asLong());
        }
        assertThat(report.macro().f1())
                .isCloseTo(golden.value("/report/macro avg/f1-score").asDouble(), within(1e-8));
        assertThat(report.weighted().f1())
                .isCloseTo(golden.value("/report/weighted avg/f1-score").asDouble(), within(1e-8));
        assertThat(report.accuracy()).isCloseTo(golden.value("/report/accuracy").asDouble(), within(1e-8));
        var matrix = interpretation.confusionMatrix();
        for (int actual = 0; actual < 2; actual++) {
            assertThat(matrix.counts()[actual]).isEqualTo(golden.longsAt("/confusion_matrix/" + actual));
            assertThat(matrix.normalised()[actual])
                    .containsExactly(golden.doublesAt("/normalised/" + actual), within(1e-8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dogs_vs_cats", "chest_xrays"})
    void curvesAndLoss_equalScikitLearns(String name) {
        var golden = Golden.load("interpret/" + name);
        var interpretation = Interpretation.of(predictions(golden));
        double[] auc = golden.doublesAt("/auc");
        double[] average = golden.doublesAt("/average_precision");
        for (int c = 0; c < 2; c++) {
            String category = interpretation.predictions().classes().get(c);
            assertThat(interpretation.rocCurves().get(category).auc()).isCloseTo(auc[c], within(1e-6));
            assertThat(interpretation.precisionRecallCurves().get(category).averagePrecision())
                    .isCloseTo(average[c], within(1e-6));
        }
        assertThat(interpretation.predictions().meanLoss())
                .isCloseTo(golden.value("/log_loss").asDouble(), within(1e-5));
    }

    private static Predictions predictions(Golden golden) {
        long[] targets = golden.longs("targets");
        return Predictions.of(
                golden.stringsAt("/classes"),
                InterpretGoldens.rows(golden.floats("probabilities"), targets.length),
                java.util.Arrays.stream(targets).mapToInt(Math::toIntExact).toArray());
    }
}
