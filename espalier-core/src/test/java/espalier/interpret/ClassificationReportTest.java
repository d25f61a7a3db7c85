package espalier.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.metric.Average;
import espalier.testing.plain.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ClassificationReportTest {
    @ParameterizedTest
    @ValueSource(strings = {"binary", "ties", "absent", "five"})
    void figures_equalScikitLearns(String name) {
        var golden = InterpretGoldens.single();
        var report = ClassificationReport.of(InterpretGoldens.predictions(golden, name));
        checkPolicies(golden, "/cases/" + name + "/report", report);
        assertThat(report.accuracy())
                .isCloseTo(
                        golden.value("/cases/" + name + "/report/by_policy/0.0/accuracy")
                                .asDouble(),
                        within(1e-8));
        assertThat(report.errorRate()).isCloseTo(1 - report.accuracy(), within(1e-12));
        assertThat(report.samples()).isEmpty();
    }

    @Test
    void figures_ofLabelsEqualScikitLearns() {
        var golden = InterpretGoldens.multi();
        var report = ClassificationReport.of(InterpretGoldens.labels(golden));
        checkPolicies(golden, "/report", report);
        for (String policy : List.of("0.0", "1.0", "nan")) {
            var same = report.zeroDivision(Double.parseDouble(policy.replace("nan", "NaN")));
            check(same.micro(), golden.value("/report/by_policy/" + policy + "/micro avg"));
            check(same.samples().orElseThrow(), golden.value("/report/by_policy/" + policy + "/samples avg"));
        }
        assertThat(report.accuracy()).isCloseTo(golden.value("/subset_accuracy").asDouble(), within(1e-8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"binary", "ties", "absent", "five"})
    void text_equalsScikitLearns(String name) {
        var golden = InterpretGoldens.single();
        var report = ClassificationReport.of(InterpretGoldens.predictions(golden, name));
        assertThat(report.toString())
                .isEqualTo(golden.value("/cases/" + name + "/report/text/2").asString());
        assertThat(report.text(4))
                .isEqualTo(golden.value("/cases/" + name + "/report/text/4").asString());
    }

    @Test
    void text_ofLabelsEqualsScikitLearns() {
        var golden = InterpretGoldens.multi();
        var report = ClassificationReport.of(InterpretGoldens.labels(golden));
        assertThat(report.text(2)).isEqualTo(golden.value("/report/text/2").asString());
    }

    @Test
    void fBeta_withBetaOneIsF1AndLeansToRecallWithMore() {
        var report = ClassificationReport.of(InterpretGoldens.labels(InterpretGoldens.multi()));
        assertThat(report.fBeta(1, Average.MICRO)).isCloseTo(report.micro().f1(), within(1e-12));
        assertThat(report.fBeta(1, Average.MACRO)).isCloseTo(report.macro().f1(), within(1e-12));
        assertThat(report.fBeta(1, Average.WEIGHTED))
                .isCloseTo(report.weighted().f1(), within(1e-12));
        assertThat(report.fBeta(1, Average.SAMPLES))
                .isCloseTo(report.samples().orElseThrow().f1(), within(1e-12));
        assertThat(report.fBeta(1000, Average.MICRO)).isCloseTo(report.micro().recall(), within(1e-5));
        assertThatThrownBy(() -> report.fBeta(2, Average.BINARY)).hasMessageContaining("row");
    }

    @Test
    void f1_isOfTheClassThatIsNamed() {
        var predictions = Predictions.of(
                List.of("ill", "well"),
                new float[][] {{0.9f, 0.1f}, {0.2f, 0.8f}, {0.1f, 0.9f}, {0.3f, 0.7f}},
                new int[] {0, 0, 1, 1});
        var report = ClassificationReport.of(predictions);
        assertThat(report.row("ill").orElseThrow().f1()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(report.row("well").orElseThrow().f1()).isCloseTo(0.8, within(1e-12));
        assertThat(report.row("dead")).isEmpty();
    }

    @Test
    void zeroDivision_isZeroOneOrNaN() {
        var report = ClassificationReport.of(InterpretGoldens.labels(InterpretGoldens.multi()));
        assertThatThrownBy(() -> report.zeroDivision(0.5)).hasMessageContaining("0, 1 or NaN");
    }

    @Test
    void report_ofNoItemsIsUndefinedNotAnError() {
        var report = ClassificationReport.of(Predictions.of(List.of("a"), new float[0][], new int[0]));
        assertThat(report.accuracy()).isNaN();
        assertThat(report.toMap()).doesNotContainKey("accuracy");
    }

    private static void checkPolicies(Golden golden, String at, ClassificationReport report) {
        for (String policy : List.of("0.0", "1.0", "nan")) {
            var same = report.zeroDivision(Double.parseDouble(policy.replace("nan", "NaN")));
            JsonNode expected = golden.value(at + "/by_policy/" + policy);
            same.rows().forEach(row -> check(row, expected.get(row.name())));
            check(same.macro(), expected.get("macro avg"));
            check(same.weighted(), expected.get("weighted avg"));
        }
    }

    private static void check(ClassificationReport.Row row, JsonNode expected) {
        same(row.precision(), expected.get("precision"));
        same(row.recall(), expected.get("recall"));
        same(row.f1(), expected.get("f1-score"));
        same(row.support(), expected.get("support"));
    }

    private static void same(double value, JsonNode expected) {
        double number = InterpretGoldens.number(expected);
        if (Double.isNaN(number)) {
            assertThat(value).isNaN();
        } else {
            assertThat(value).isCloseTo(number, within(1e-8));
        }
    }
}
