package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.data.Splits;
import espalier.item.Item;
import espalier.loss.Losses;
import espalier.metric.Metrics;
import espalier.nn.Linear;
import espalier.optim.Rates;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class CrossValidationTest {
    private static final int FOLDS = 4;

    @TempDir
    Path folder;

    @BeforeEach
    void makeData() throws IOException {
        Numbers.write(folder.resolve("data"), List.of("cat", "dog"), 22, 1);
    }

    private Learner<double[]> learner(Splits split) {
        var loaders = Numbers.block().split(split).batchSize(8).loaders(folder.resolve("data"));
        return Learner.of(loaders, Linear.of(2, 2).reset(Rng.of(7)), Losses.crossEntropy())
                .metrics(Metrics.errorRate());
    }

    @Test
    void everyItem_isPredictedOnceByAModelThatHasNotSeenIt() {
        List<List<Item>> trained = new ArrayList<>();
        var result = CrossValidation.of(FOLDS).run(fold -> learner(Splits.fold(fold, FOLDS)), learner -> {
            trained.add(learner.loaders().train().dataset().items());
            learner.fit(2, Rates.of(0.1));
        });
        var outputs = result.outputs();
        assertThat(outputs.items()).hasSize(44).doesNotHaveDuplicates();
        for (int i = 0; i < 44; i++) {
            assertThat(trained.get(result.foldOf().get(i)))
                    .doesNotContain(outputs.items().get(i));
        }
        Map<Integer, Long> sizes =
                result.foldOf().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(sizes).hasSize(FOLDS).containsValues(11L);

        int wrong = 0;
        double loss = 0;
        for (int i = 0; i < 44; i++) {
            float[] p = outputs.probabilities()[i];
            int right = outputs.classes().indexOf(outputs.labels().get(i).get(0));
            wrong += p[right] > p[1 - right] ? 0 : 1;
            loss += outputs.losses()[i] / 44;
        }
        assertThat(result.spread("error_rate").orElseThrow().mean()).isCloseTo(wrong / 44.0, within(1e-9));
        assertThat(result.spreads().get("valid_loss").mean()).isCloseTo(loss, within(1e-6));
    }

    @Test
    void fold_hasItsShareOfEachClass() {
        for (int fold = 0; fold < FOLDS; fold++) {
            try (var learner = learner(Splits.fold(fold, FOLDS).seed(3))) {
                var labels = learner.loaders().valid().dataset().labels();
                assertThat(labels.stream()
                                .filter(label -> label.contains("cat"))
                                .count())
                        .isBetween(5L, 6L);
            }
        }
    }

    @Test
    void spread_isMeanAndSampleDeviation() {
        var spread = CrossValidation.Spread.of(1, 2, 3, 4);
        assertThat(spread.mean()).isEqualTo(2.5);
        assertThat(spread.deviation()).isCloseTo(Math.sqrt(5 / 3.0), within(1e-12));
        assertThat(spread).hasToString("2.500 \u00b1 1.291");
        assertThat(CrossValidation.Spread.of(1).deviation()).isNaN();
    }

    @Test
    void itemInTwoFolds_isRefused() {
        assertThatThrownBy(() -> CrossValidation.of(2).run(fold -> learner(Splits.fold(0, 2)), learner -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is in two folds")
                .hasMessageContaining("Splits.fold(fold, 2)");
        assertThatThrownBy(() -> Splits.fold(2, 2)).hasMessageContaining("counted from 0");
        assertThatThrownBy(() -> CrossValidation.of(1)).hasMessageContaining("at least 2");
    }
}
