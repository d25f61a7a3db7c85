package espalier.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.item.Item;
import espalier.loss.Activation;
import espalier.train.Outputs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionsTest {
    private static final List<String> PETS = List.of("cat", "dog");

    @Test
    void loss_isCrossEntropyUntilOneIsGiven() {
        var golden = InterpretGoldens.single();
        var predictions = InterpretGoldens.predictions(golden, "binary");
        assertThat(predictions.meanLoss())
                .isCloseTo(golden.value("/cases/binary/log_loss").asDouble(), within(1e-6));
        var given = Predictions.of(PETS, new float[][] {{0.2f, 0.8f}}, new int[] {1})
                .losses(new double[] {7});
        assertThat(given.loss(0)).isEqualTo(7);
    }

    @Test
    void loss_isFiniteForProbabilityZero() {
        var predictions = Predictions.of(PETS, new float[][] {{1, 0}}, new int[] {1});
        assertThat(predictions.loss(0)).isBetween(80.0, 90.0);
    }

    @Test
    void loss_ofLabelsIsMeanBinaryCrossEntropy() {
        var predictions = Predictions.multiLabel(PETS, new float[][] {{0.25f, 0.5f}}, new boolean[][] {{false, true}});
        assertThat(predictions.loss(0)).isCloseTo((-Math.log(0.75) - Math.log(0.5)) / 2, within(1e-6));
    }

    @Test
    void predicted_isTheFirstOfEqualProbabilities() {
        assertThat(Predictions.of(PETS, new float[][] {{0.5f, 0.5f}}, new int[] {1})
                        .predicted(0))
                .isZero();
    }

    @Test
    void label_countsAsPredictedAboveTheThresholdOnly() {
        var predictions = Predictions.multiLabel(PETS, new float[][] {{0.5f, 0.75f}}, new boolean[][] {{true, true}});
        assertThat(predictions.predictedName(0)).isEqualTo("dog");
        assertThat(predictions.threshold(0.75).predictedName(0)).isEmpty();
        assertThat(predictions.threshold(0.4).predictedName(0)).isEqualTo("cat, dog");
        assertThat(predictions.actualName(0)).isEqualTo("cat, dog");
    }

    @Test
    void thresholds_areOneForEachLabelOrOneForAll() {
        var predictions = Predictions.multiLabel(PETS, new float[][] {{0.5f, 0.75f}}, new boolean[][] {{true, true}});
        var own = predictions.thresholds(0.4, 0.8);
        assertThat(own.predictedName(0)).isEqualTo("cat");
        assertThat(own.thresholds()).containsExactly(0.4, 0.8);
        assertThat(predictions.thresholds(0.4).predictedName(0)).isEqualTo("cat, dog");
        assertThat(predictions.thresholds(0.4, 0.4).thresholds()).containsExactly(0.4);
        assertThatThrownBy(() -> predictions.thresholds(0.4, 0.4, 0.4)).hasMessageContaining("expected 1 or 2");
        assertThatThrownBy(() -> predictions.thresholds(0.4, 40)).hasMessageContaining("0 to 1");
    }

    @Test
    void items_areNumberedUntilNamed() {
        var predictions = Predictions.of(PETS, new float[][] {{1, 0}, {0, 1}}, new int[] {0, 1});
        assertThat(predictions.items()).containsExactly("0", "1");
        assertThat(predictions.items(List.of("a.jpg", "b.jpg")).items()).containsExactly("a.jpg", "b.jpg");
    }

    @Test
    void mistakes_areNamed() {
        float[][] one = {{0.3f, 0.7f}};
        assertThatThrownBy(() -> Predictions.of(PETS, one, new int[] {2}))
                .hasMessageContaining("target of item 0 is 2")
                .hasMessageContaining("Maybe");
        assertThatThrownBy(() -> Predictions.of(PETS, one, new int[] {0, 1}))
                .hasMessageContaining("1 items, received 2");
        assertThatThrownBy(() -> Predictions.of(List.of("cat"), one, new int[] {0}))
                .hasMessageContaining("2 probabilities, expected 1");
        assertThatThrownBy(() -> Predictions.of(PETS, new float[][] {{Float.NaN, 0}}, new int[] {0}))
                .hasMessageContaining("NaN")
                .hasMessageContaining("diverged");
        assertThatThrownBy(() -> Predictions.of(PETS, new float[][] {{3, -1}}, new int[] {0}))
                .hasMessageContaining("scores");
        assertThatThrownBy(() -> Predictions.of(List.of("cat", "cat"), one, new int[] {0}))
                .hasMessageContaining("same name");
        assertThatThrownBy(() -> Predictions.multiLabel(PETS, one, new boolean[][] {{true}}))
                .hasMessageContaining("1 labels, expected 2");
    }

    private static Outputs outputs(List<String> first, List<String> second, double... losses) {
        var items = List.of(
                new Item("cat/1.png", Path.of("data/cat/1.png")), new Item("dog/2.png", Path.of("data/dog/2.png")));
        return new Outputs(PETS, items, List.of(first, second), new float[][] {{0.9f, 0.1f}, {0.6f, 0.4f}}, losses);
    }

    @Test
    void outputs_ofClassesGiveTargetsLossesAndPaths() {
        var predictions = Predictions.from(outputs(List.of("cat"), List.of("dog"), 0.5, 1.5), Activation.SOFTMAX);
        assertThat(predictions.target(0)).isZero();
        assertThat(predictions.target(1)).isOne();
        assertThat(predictions.meanLoss()).isEqualTo(1.0);
        assertThat(predictions.items())
                .containsExactly(
                        Path.of("data/cat/1.png").toString(),
                        Path.of("data/dog/2.png").toString());
    }

    @Test
    void outputs_ofTagsGiveEveryLabel() {
        var predictions = Predictions.from(outputs(List.of("cat", "dog"), List.of("dog"), 1, 2), Activation.SIGMOID);
        assertThat(predictions.isMultiLabel()).isTrue();
        assertThat(predictions.has(0, 1)).isTrue();
        assertThat(predictions.has(1, 0)).isFalse();
    }

    @Test
    void outputs_withoutLabelsAreRefused() {
        assertThatThrownBy(() -> Predictions.from(outputs(List.of(), List.of()), Activation.SOFTMAX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Maybe");
    }

    @Test
    void confusionMatrix_ofLabelsIsRefused() {
        var predictions = InterpretGoldens.labels(InterpretGoldens.multi());
        assertThatThrownBy(() -> ConfusionMatrix.of(predictions)).hasMessageContaining("MultiLabelConfusion");
    }
}
