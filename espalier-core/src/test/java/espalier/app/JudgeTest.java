package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.data.Item;
import espalier.data.TargetBlock.Kind;
import espalier.train.Outputs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final List<String> CLASSES = List.of("cat", "dog");
    private static final List<Item> ITEMS =
            List.of(new Item("cat/1.png", Path.of("data/cat/1.png")), new Item("dog/2.png", Path.of("data/dog/2.png")));
    private static final float[][] PROBABILITIES = {{0.9f, 0.1f}, {0.6f, 0.4f}};

    @Test
    void category_hasTargetsLossesAndPaths() {
        var outputs = new Outputs(
                CLASSES, ITEMS, List.of(List.of("cat"), List.of("dog")), PROBABILITIES, new double[] {0.5, 1.5});
        var predictions = Judge.predictions(outputs, Kind.CATEGORY);
        assertThat(predictions.target(0)).isZero();
        assertThat(predictions.target(1)).isOne();
        assertThat(predictions.meanLoss()).isEqualTo(1.0);
        assertThat(predictions.items())
                .containsExactly(
                        Path.of("data/cat/1.png").toString(),
                        Path.of("data/dog/2.png").toString());
    }

    @Test
    void tags_areHot() {
        var outputs = new Outputs(
                CLASSES, ITEMS, List.of(List.of("cat", "dog"), List.of("dog")), PROBABILITIES, new double[] {1, 2});
        var predictions = Judge.predictions(outputs, Kind.MULTI_CATEGORY);
        assertThat(predictions.isMultiLabel()).isTrue();
        assertThat(predictions.has(0, 1)).isTrue();
        assertThat(predictions.has(1, 0)).isFalse();
    }

    @Test
    void itemsWithoutLabels_areRefused() {
        var outputs = new Outputs(CLASSES, ITEMS, List.of(List.of(), List.of()), PROBABILITIES, new double[0]);
        assertThatThrownBy(() -> Judge.predictions(outputs, Kind.CATEGORY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Maybe");
    }
}
