package espalier.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.testing.plain.Golden;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ROC, precision-recall, calibration and threshold curves against scikit-learn. */
class CurvesTest {
    @ParameterizedTest
    @ValueSource(strings = {"binary", "ties", "absent", "five"})
    void curves_equalScikitLearns(String name) {
        var golden = InterpretGoldens.single();
        var predictions = InterpretGoldens.predictions(golden, name);
        for (String category : predictions.classes()) {
            check(golden, "/cases/" + name + "/curves/" + category, predictions, category);
        }
    }

    @Test
    void curves_ofLabelsEqualScikitLearns() {
        var golden = InterpretGoldens.multi();
        var predictions = InterpretGoldens.labels(golden);
        for (String label : predictions.classes()) {
            check(golden, "/curves/" + label, predictions, label);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"binary", "ties", "five"})
    void macroAuc_equalsScikitLearns(String name) {
        var golden = InterpretGoldens.single();
        var curves = RocCurve.all(InterpretGoldens.predictions(golden, name));
        double expected = golden.value("/cases/" + name + "/macro_auc").asDouble();
        assertThat(RocCurve.macroAuc(curves.values())).isCloseTo(expected, within(1e-8));
    }

    @Test
    void macroAuc_leavesOutLabelsWithoutExamples() {
        var golden = InterpretGoldens.multi();
        var curves = RocCurve.all(InterpretGoldens.labels(golden));
        assertThat(curves.get("snow").auc()).isNaN();
        assertThat(curves.get("snow").toMap()).doesNotContainKey("auc");
        assertThat(RocCurve.macroAuc(curves.values()))
                .isCloseTo(golden.value("/macro_auc").asDouble(), within(1e-8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"binary", "ties", "absent", "five"})
    void calibration_equalsScikitLearns(String name) {
        var golden = InterpretGoldens.single();
        var calibration = Calibration.of(InterpretGoldens.predictions(golden, name));
        String at = "/cases/" + name + "/calibration";
        checkBins(golden, at, calibration);
        assertThat(calibration.expectedError())
                .isCloseTo(golden.value(at + "/ece").asDouble(), within(1e-8));
    }

    @Test
    void calibration_ofOneBinIsTheMeanDistance() {
        var calibration = Calibration.of(new double[] {0, 0.5, 1}, new boolean[] {true, true, true});
        assertThat(calibration.bins(1).expectedError()).isCloseTo(0.5, within(1e-12));
        assertThat(calibration.maximumError()).isEqualTo(1);
        assertThat(calibration.brier()).isCloseTo(1.25 / 3, within(1e-12));
        assertThat(calibration.bins()).hasSize(10);
        assertThatThrownBy(() -> calibration.bins(0)).hasMessageContaining("1 or more");
    }

    @Test
    void calibration_putsEdgesIntoTheLowerBin() {
        var calibration = Calibration.of(new double[] {0, 0.1, 0.3, 0.6, 0.7, 1}, new boolean[6]);
        // 0.3 and 0.6 are above three and six times 0.1 as floating-point numbers have it
        assertThat(calibration.bins().stream().mapToLong(Calibration.Bin::count).toArray())
                .containsExactly(2, 0, 1, 0, 0, 1, 1, 0, 0, 1);
    }

    @Test
    void thresholds_equalScikitLearns() {
        var golden = InterpretGoldens.multi();
        var curve = ThresholdCurve.of(InterpretGoldens.labels(golden));
        for (var average : ThresholdCurve.Average.values()) {
            var same = curve.average(average);
            for (var row : golden.value("/thresholds/" + average.name().toLowerCase(java.util.Locale.ROOT))) {
                var point = same.at(row.get("threshold").asDouble());
                assertThat(point.precision()).isCloseTo(row.get("precision").asDouble(), within(1e-8));
                assertThat(point.recall()).isCloseTo(row.get("recall").asDouble(), within(1e-8));
                assertThat(point.f1()).isCloseTo(row.get("f1").asDouble(), within(1e-8));
                assertThat(point.accuracy()).isCloseTo(row.get("accuracy").asDouble(), within(1e-8));
            }
        }
    }

    @Test
    void thresholds_bestIsTheHighestF1NearestToTheMiddle() {
        var predictions = Predictions.multiLabel(
                List.of("sky"),
                new float[][] {{0.125f}, {0.25f}, {0.75f}, {0.875f}},
                new boolean[][] {{false}, {false}, {true}, {true}});
        var best = ThresholdCurve.of(predictions, "sky").best();
        assertThat(best.f1()).isEqualTo(1);
        assertThat(best.threshold()).isEqualTo(0.5);
    }

    @Test
    void confusion_ofLabelsEqualsScikitLearns() {
        var golden = InterpretGoldens.multi();
        var confusion = MultiLabelConfusion.of(InterpretGoldens.labels(golden));
        for (int i = 0; i < 4; i++) {
            var m = confusion.matrices().get(i);
            String at = "/confusion/" + i;
            assertThat(new long[] {m.trueNegatives(), m.falsePositives()}).isEqualTo(golden.longsAt(at + "/0"));
            assertThat(new long[] {m.falseNegatives(), m.truePositives()}).isEqualTo(golden.longsAt(at + "/1"));
        }
        assertThat(confusion.label("sky")).isPresent();
        assertThat(confusion.label("moon")).isEmpty();
        assertThat(confusion.text().lines()).hasSize(5);
    }

    @Test
    void curves_ofUnknownClassesNameTheKnown() {
        var predictions = InterpretGoldens.predictions(InterpretGoldens.single(), "binary");
        assertThatThrownBy(() -> RocCurve.of(predictions, "cow")).hasMessageContaining("cat, dog");
    }

    @Test
    void maps_holdOnlyFiniteNumbers() {
        var predictions = InterpretGoldens.predictions(InterpretGoldens.single(), "absent");
        for (String category : predictions.classes()) {
            assertFinite(RocCurve.of(predictions, category).toMap());
            assertFinite(PrecisionRecallCurve.of(predictions, category).toMap());
        }
        assertFinite(Calibration.of(predictions).toMap());
        assertFinite(ThresholdCurve.of(predictions).toMap());
    }

    static void assertFinite(Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> {
                assertThat(key).isInstanceOf(String.class);
                assertFinite(inner);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(CurvesTest::assertFinite);
        } else if (value instanceof Double number) {
            assertThat(number).isFinite();
        } else {
            assertThat(value).isInstanceOfAny(String.class, Long.class, Integer.class, Boolean.class);
        }
    }

    private static void check(Golden golden, String at, Predictions predictions, String category) {
        var roc = RocCurve.of(predictions, category);
        same(roc.falsePositiveRates(), golden.doublesAt(at + "/roc/fpr"));
        same(roc.truePositiveRates(), golden.doublesAt(at + "/roc/tpr"));
        same(roc.thresholds(), golden.doublesAt(at + "/roc/thresholds"));
        same(new double[] {roc.auc()}, new double[] {InterpretGoldens.number(golden.value(at + "/roc/auc"))});
        var pr = PrecisionRecallCurve.of(predictions, category);
        same(pr.precisions(), golden.doublesAt(at + "/pr/precision"));
        same(pr.recalls(), golden.doublesAt(at + "/pr/recall"));
        same(pr.thresholds(), golden.doublesAt(at + "/pr/thresholds"));
        assertThat(pr.auc()).isCloseTo(golden.value(at + "/pr/auc").asDouble(), within(1e-8));
        assertThat(pr.averagePrecision())
                .isCloseTo(golden.value(at + "/pr/average").asDouble(), within(1e-8));
        if (golden.value(at).has("calibration")) {
            var calibration = Calibration.of(predictions, category);
            checkBins(golden, at + "/calibration", calibration);
            assertThat(calibration.brier())
                    .isCloseTo(golden.value(at + "/calibration/brier").asDouble(), within(1e-8));
        }
    }

    private static void checkBins(Golden golden, String at, Calibration calibration) {
        var filled = calibration.bins().stream().filter(bin -> bin.count() > 0).toList();
        same(filled.stream().mapToDouble(Calibration.Bin::observed).toArray(), golden.doublesAt(at + "/observed"));
        same(filled.stream().mapToDouble(Calibration.Bin::predicted).toArray(), golden.doublesAt(at + "/predicted"));
    }

    private static void same(double[] found, double[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            if (Double.isFinite(expected[i])) {
                assertThat(found[i]).isCloseTo(expected[i], within(2e-8));
            } else {
                assertThat(Double.compare(found[i], expected[i])).isZero();
            }
        }
    }
}
