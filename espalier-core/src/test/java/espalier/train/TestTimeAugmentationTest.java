package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.loss.Losses;
import espalier.nn.Linear;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class TestTimeAugmentationTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeData() throws IOException {
        Numbers.write(folder.resolve("data"), List.of("cat", "dog"), 35, 1);
    }

    private Learner<double[]> learner(double noise) {
        var loaders =
                Numbers.block().itemTransform(Numbers.noise(noise)).batchSize(8).loaders(folder.resolve("data"));
        return Learner.of(loaders, Linear.of(2, 2).reset(Rng.of(7)), Losses.crossEntropy());
    }

    /** Each item's passes by hand, batch by batch. */
    @Test
    void probabilities_areTheMeanOfThePassesAndThePlainOnes() {
        try (var learner = learner(0.5)) {
            var valid = learner.loaders().valid();
            var plain = learner.predictions();
            int n = plain.items().size();
            assertThat(n % 8).as("items beyond whole batches").isPositive();
            double[][] sums = new double[n][2];
            for (int pass = 1; pass <= 3; pass++) {
                var varied = new Evaluator(learner).outputs(valid.augmentedInOrder(), pass);
                for (int i = 0; i < n; i++) {
                    assertThat(varied.items().get(i)).isEqualTo(plain.items().get(i));
                    sums[i][0] += varied.probabilities()[i][0] / 3;
                    sums[i][1] += varied.probabilities()[i][1] / 3;
                }
            }
            var outputs = TestTimeAugmentation.standard().passes(3).outputs(learner, valid);
            assertThat(outputs.items()).isEqualTo(plain.items());
            assertThat(outputs.labels()).isEqualTo(plain.labels());
            int moved = 0;
            for (int i = 0; i < n; i++) {
                for (int k = 0; k < 2; k++) {
                    double expected = 0.75 * sums[i][k] + 0.25 * plain.probabilities()[i][k];
                    assertThat((double) outputs.probabilities()[i][k]).isCloseTo(expected, within(1e-6));
                }
                moved += Math.abs(outputs.probabilities()[i][0] - plain.probabilities()[i][0]) > 1e-3 ? 1 : 0;
                int right = outputs.labels().get(i).get(0).equals("cat") ? 0 : 1;
                assertThat(outputs.losses()[i]).isCloseTo(-Math.log(outputs.probabilities()[i][right]), within(1e-5));
            }
            assertThat(moved).isPositive();
        }
    }

    @Test
    void nothingVaried_isThePlainPrediction() {
        try (var learner = learner(0)) {
            var outputs = TestTimeAugmentation.standard()
                    .outputs(learner, learner.loaders().valid());
            var plain = learner.predictions();
            for (int i = 0; i < plain.items().size(); i++) {
                assertThat(outputs.probabilities()[i][0]).isCloseTo(plain.probabilities()[i][0], within(1e-6f));
                assertThat(outputs.losses()[i]).isCloseTo(plain.losses()[i], within(1e-5));
            }
        }
    }

    @Test
    void sameSeed_givesTheSameAndTheModelStaysAsItIs() {
        try (var learner = learner(0.5)) {
            learner.model().train();
            var one = TestTimeAugmentation.standard()
                    .outputs(learner, learner.loaders().valid());
            var other = TestTimeAugmentation.standard()
                    .outputs(learner, learner.loaders().valid());
            assertThat(other.probabilities()).isDeepEqualTo(one.probabilities());
            assertThat(learner.model().isTraining()).isTrue();
        }
    }

    @Test
    void impossibleNumbers_areRefused() {
        assertThatThrownBy(() -> TestTimeAugmentation.standard().passes(0)).hasMessageContaining("received 0");
        assertThatThrownBy(() -> TestTimeAugmentation.standard().plain(2)).hasMessageContaining("0 to 1");
    }
}
