package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.nn.Linear;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(NoLeaks.class)
class LogisticRegressionTest {
    private final JsonNode golden = Golden.load("train/logistic_regression").value("");
    private final float[][] x = matrix(golden.get("x"));
    private final float[][] unseen = matrix(golden.get("new"));
    private final double[] alike = ones(x.length);

    private static float[][] matrix(JsonNode rows) {
        float[][] matrix = new float[rows.size()][rows.get(0).size()];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix[i].length; j++) {
                matrix[i][j] = (float) rows.get(i).get(j).asDouble();
            }
        }
        return matrix;
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private float[][] classes() {
        float[][] hot = new float[x.length][3];
        for (int i = 0; i < hot.length; i++) {
            hot[i][golden.get("y").get(i).asInt()] = 1;
        }
        return hot;
    }

    private void check(LogisticRegression fitted, JsonNode expected) {
        for (int i = 0; i < unseen.length; i++) {
            double[] probabilities = fitted.probabilities(unseen[i]);
            for (int k = 0; k < probabilities.length; k++) {
                assertThat(probabilities[k]).isCloseTo(expected.get(i).get(k).asDouble(), within(1e-3));
            }
        }
    }

    @Test
    void classes_areScikitLearns() {
        try (var problem = new LogisticRegression.Problem(x, classes(), alike, true)) {
            var strong = problem.fit(10);
            check(strong, golden.get("classes").get("10.0"));
            check(problem.fit(0.5), golden.get("classes").get("0.5"));
            check(problem.fit(0.5, strong), golden.get("classes").get("0.5"));
        }
    }

    @Test
    void labels_areScikitLearnsOneByOne() {
        try (var problem = new LogisticRegression.Problem(x, matrix(golden.get("tags")), alike, false)) {
            check(problem.fit(10), golden.get("labels").get("10.0"));
            check(problem.fit(0.5), golden.get("labels").get("0.5"));
        }
    }

    @Test
    void linearLayer_saysTheSameOfFeaturesAsTheyCome() {
        try (var problem = new LogisticRegression.Problem(x, classes(), alike, true)) {
            var fitted = problem.fit(1);
            var layer = Linear.of(6, 3);
            layer.weight().requiresGrad(false);
            layer.weight().setData(Tensor.of(fitted.weight(), 3, 6));
            layer.bias().orElseThrow().requiresGrad(false);
            layer.bias().orElseThrow().setData(Tensor.of(fitted.bias(), 3));
            var scores = layer.forward(Tensor.of(unseen[0], 1, 6)).toFloatArray();
            double sum = Math.exp(scores[0]) + Math.exp(scores[1]) + Math.exp(scores[2]);
            double[] expected = fitted.probabilities(unseen[0]);
            for (int k = 0; k < 3; k++) {
                assertThat(Math.exp(scores[k]) / sum).isCloseTo(expected[k], within(1e-4));
            }
        }
    }

    @Test
    void importantRows_countAsSoManyRows() {
        double[] twice = ones(x.length);
        float[][] rows = Arrays.copyOf(x, x.length + 1);
        rows[x.length] = x[0];
        float[][] hot = Arrays.copyOf(classes(), x.length + 1);
        hot[x.length] = hot[0];
        twice[0] = 2;
        try (var weighted = new LogisticRegression.Problem(x, classes(), twice, true);
                var repeated = new LogisticRegression.Problem(rows, hot, ones(rows.length), true)) {
            double[] one = weighted.fit(0.5).probabilities(unseen[1]);
            // standardised by slightly other means, which a weak regularisation hardly feels
            assertThat(one).containsExactly(repeated.fit(0.5).probabilities(unseen[1]), within(0.01));
            double[] unweighted;
            try (var plain = new LogisticRegression.Problem(x, classes(), alike, true)) {
                unweighted = plain.fit(0.5).probabilities(x[0]);
            }
            int right = golden.get("y").get(0).asInt();
            assertThat(weighted.fit(0.5).probabilities(x[0])[right]).isGreaterThan(unweighted[right]);
        }
    }

    @Test
    void fewLongRows_areFittedInTheSpaceThatTheySpan() {
        int copies = x.length; // many more features than rows
        float[][] wide = new float[x.length][];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = widened(x[i], copies);
        }
        try (var plain = new LogisticRegression.Problem(x, classes(), alike, true);
                var padded = new LogisticRegression.Problem(wide, classes(), alike, true)) {
            // a weight shared by so many copies of a feature costs so many times less
            double[] expected = plain.fit(10).probabilities(unseen[0]);
            var fitted = padded.fit(10 * copies);
            assertThat(fitted.probabilities(widened(unseen[0], copies))).containsExactly(expected, within(1e-3));
            var roughly = padded.roughly(10 * copies, padded.roughly(30 * copies));
            assertThat(roughly.probabilities(widened(unseen[0], copies))).containsExactly(expected, within(5e-3));
            assertThat(fitted.weight()).hasSize(3 * 6 * copies);
        }
    }

    private static float[] widened(float[] row, int copies) {
        float[] wide = new float[row.length * copies];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = row[i % row.length];
        }
        return wide;
    }

    @Test
    void constantFeature_andMissingTargets() {
        float[][] flat = {{1, 0}, {1, 1}, {1, 2}, {1, 3}};
        float[][] hot = {{1, 0}, {1, 0}, {0, 1}, {0, 1}};
        try (var problem = new LogisticRegression.Problem(flat, hot, ones(4), true)) {
            var fitted = problem.fit(0.1);
            assertThat(fitted.probabilities(flat[3])[1]).isGreaterThan(0.9);
            assertThat(fitted.bias()).doesNotContain(Float.NaN);
        }
        assertThatThrownBy(() -> new LogisticRegression.Problem(flat, new float[2][2], ones(4), true))
                .hasMessageContaining("4 rows, 2 targets");
    }
}
