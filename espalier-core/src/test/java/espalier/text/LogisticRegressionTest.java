package espalier.text;

import static espalier.text.TextGoldens.GOLDEN;
import static espalier.text.TextGoldens.LABELS;
import static espalier.text.TextGoldens.NEW;
import static espalier.text.TextGoldens.TEXTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
    private static final LogisticRegression EXACT =
            LogisticRegression.of().tolerance(1e-10).maxIterations(10_000);
    private static final FittedTfIdf VECTORS =
            TfIdf.of(TextGoldens.words(1, 2)).minTexts(2).fit(TEXTS);
    private static final SparseRows X = VECTORS.transform(TEXTS);

    /** Our column of each of scikit-learn's. */
    private static int[] columns() {
        var ours = IntStream.range(0, VECTORS.size()).mapToObj(VECTORS::name).toList();
        return GOLDEN.stringsAt("/names").stream().mapToInt(ours::indexOf).toArray();
    }

    private static TextTargets.Classes two() {
        return new TextTargets.Classes(
                2,
                LABELS.stream().mapToInt(label -> label.equals("good") ? 0 : 1).toArray());
    }

    private static void checkOutput(LinearModel model, int output, String name, int row) {
        double[] coefficients = GOLDEN.doubles(name + "/coef");
        int[] columns = columns();
        assertThat(columns).hasSize(model.features()).doesNotContain(-1);
        for (int j = 0; j < columns.length; j++) {
            assertThat(model.weight(columns[j], output))
                    .as(VECTORS.name(columns[j]))
                    .isCloseTo(coefficients[row * columns.length + j], within(2e-6));
        }
        assertThat(model.bias(output)).isCloseTo(GOLDEN.doubles(name + "/intercept")[row], within(2e-6));
    }

    private static void checkProbabilities(LinearModel model, TextTargets targets, String name) {
        double[] expected = GOLDEN.doubles(name + "/probabilities");
        for (int i = 0; i < NEW.size(); i++) {
            float[] ours = targets.probabilities(model.scores(VECTORS.transform(NEW.get(i))));
            for (int k = 0; k < ours.length; k++) {
                assertThat((double) ours[k]).isCloseTo(expected[i * ours.length + k], within(1e-6));
            }
        }
    }

    @Test
    void twoClasses_areScikitLearns() {
        var model = EXACT.c(3).fit(X, two());
        assertThat(model.outputs()).isEqualTo(1);
        checkOutput(model, 0, "two", 0);
        checkProbabilities(model, two(), "two");
    }

    @Test
    void balancedClasses_areScikitLearns() {
        var weights = LinearLearner.standard()
                .balanced(true)
                .weights(new LabelledTexts(List.of("good", "other"), TEXTS, two()));
        var model = EXACT.c(3).fit(X, two(), weights, Optional.empty()).model();
        checkOutput(model, 0, "balanced", 0);
        checkProbabilities(model, two(), "balanced");
    }

    @Test
    void threeClasses_areScikitLearns() {
        var targets = TextGoldens.corpus().targets();
        var model = EXACT.c(10).fit(X, targets);
        assertThat(model.outputs()).isEqualTo(3);
        IntStream.range(0, 3).forEach(k -> checkOutput(model, k, "three", k));
        checkProbabilities(model, targets, "three");
    }

    @Test
    void tags_areScikitLearnsModelsOfEach() {
        List<List<String>> tags = IntStream.range(0, TEXTS.size())
                .mapToObj(i -> GOLDEN.stringsAt("/tags/" + i))
                .toList();
        var labelled = LabelledTexts.tags(TEXTS, tags);
        var model = EXACT.c(10).fit(X, labelled.targets());
        for (int k = 0; k < 3; k++) {
            checkOutput(model, k, "tags/" + labelled.classes().get(k), 0);
        }
        for (int i = 0; i < NEW.size(); i++) {
            float[] ours = labelled.targets().probabilities(model.scores(VECTORS.transform(NEW.get(i))));
            for (int k = 0; k < 3; k++) {
                double expected = GOLDEN.doubles("tags/" + labelled.classes().get(k) + "/probabilities")[2 * i + 1];
                assertThat((double) ours[k]).isCloseTo(expected, within(1e-6));
            }
        }
    }

    @Test
    void fit_goesOnFromOtherWeights() {
        var close = EXACT.tolerance(1e-8).c(10);
        var cold = close.fit(X, two());
        var near = close.c(9).fit(X, two());
        float[] ones = new float[X.rows()];
        Arrays.fill(ones, 1);
        var warm = close.fit(X, two(), ones, Optional.of(near));
        var again = close.fit(X, two(), ones, Optional.empty());
        assertThat(warm.iterations()).isLessThan(again.iterations());
        assertThat(warm.converged()).isTrue();
        IntStream.range(0, X.columns())
                .forEach(j -> assertThat(warm.model().weight(j, 0)).isCloseTo(cold.weight(j, 0), within(1e-4)));
    }

    @Test
    void fit_isTheSameEachTime() {
        var one = LogisticRegression.of().fit(X, TextGoldens.corpus().targets());
        var two = LogisticRegression.of().fit(X, TextGoldens.corpus().targets());
        assertThat(one.parameters()).isEqualTo(two.parameters());
    }

    @Test
    void fit_refusesWhatDoesNotBelongTogether() {
        assertThatThrownBy(() -> LogisticRegression.of().fit(X, new TextTargets.Classes(2, new int[] {0, 1})))
                .hasMessageContaining("there are 12 rows, 2 targets");
        assertThatThrownBy(() -> LogisticRegression.of().c(0)).hasMessageContaining("c above 0");
        assertThatThrownBy(() -> new TextTargets.Classes(2, new int[] {2})).hasMessageContaining("the count is 2");
    }
}
