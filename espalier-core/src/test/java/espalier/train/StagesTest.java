package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.ModelFileException;
import espalier.format.Safetensors;
import espalier.interpret.TrainingCurves;
import espalier.loss.Losses;
import espalier.nn.Linear;
import espalier.optim.Optimizers;
import espalier.optim.Rates;
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

/** Saving and loading in the middle of a training, as fastai's tutorials do between stages. */
@ExtendWith(NoLeaks.class)
class StagesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeData() throws IOException {
        Numbers.write(folder.resolve("data"), List.of("cat", "dog"), 40, 1);
    }

    private Learner<double[]> learner(int outputs) {
        var loaders = Numbers.block().batchSize(8).loaders(folder.resolve("data"));
        return Learner.of(loaders, Linear.of(2, outputs).reset(Rng.of(7)), Losses.crossEntropy());
    }

    private static float[] weights(Learner<?> learner) {
        return learner.model().stateDict().get("weight").toFloatArray();
    }

    @Test
    void load_goesOnAsIfNothingHadBeenBetween() {
        Path stage = folder.resolve("stage-1.safetensors");
        try (var one = learner(2);
                var other = learner(2)) {
            one.fit(1, Rates.of(0.1));
            one.save(stage);
            float[] saved = weights(one);
            one.fit(1, Rates.of(1));
            assertThat(weights(one)).isNotEqualTo(saved);
            one.load(stage);
            assertThat(weights(one)).isEqualTo(saved);
            other.load(stage);
            one.fit(2, Rates.of(0.1));
            other.fit(2, Rates.of(0.1));
            assertThat(weights(other)).isEqualTo(weights(one));
        }
    }

    /** With the optimiser's state the next steps are others than from the weights alone. */
    @Test
    void optimizersState_isPartOfAStageButNotOfWeights() {
        Path stage = folder.resolve("stage.safetensors");
        Path alone = folder.resolve("weights.safetensors");
        try (var one = learner(2);
                var other = learner(2)) {
            one.fit(1, Rates.of(0.1));
            one.save(stage);
            one.saveWeights(alone);
            one.load(stage);
            other.load(alone);
            assertThat(weights(other)).isEqualTo(weights(one));
            assertThat(other.wholeHistory().epochs()).isEmpty();
            one.fit(1, Rates.of(0.1));
            other.fit(1, Rates.of(0.1));
            assertThat(weights(other)).isNotEqualTo(weights(one));
        }
        try (var file = Safetensors.open(alone)) {
            assertThat(file.names()).containsExactlyInAnyOrder("weight", "bias");
        }
    }

    @Test
    void history_mergesOverStagesAndIsOnePlot() {
        Path stage = folder.resolve("stage.safetensors");
        try (var one = learner(2);
                var other = learner(2)) {
            one.fit(2, Rates.of(0.1));
            one.fit(1, Rates.of(0.01));
            assertThat(one.history().epochs()).hasSize(1);
            assertThat(one.wholeHistory().epochs()).hasSize(3);
            one.save(stage);
            other.load(stage);
            other.fit(1, Rates.of(0.01));
            var whole = other.wholeHistory();
            assertThat(whole.epochs())
                    .hasSize(4)
                    .startsWith(one.wholeHistory().epochs().toArray(EpochResult[]::new));
            assertThat(whole.steps()).hasSize(4 * other.loaders().train().batches());
            assertThat(TrainingCurves.of(whole.epochs()).epochs())
                    .extracting(TrainingCurves.Epoch::number)
                    .containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void load_refusesWhatDoesNotFitAndChangesNothing() {
        Path stage = folder.resolve("stage.safetensors");
        try (var one = learner(2);
                var three = learner(3);
                var lion = learner(2).optimizer(Optimizers.lion())) {
            one.fit(1, Rates.of(0.1));
            one.save(stage);
            float[] before = weights(three);
            assertThatThrownBy(() -> three.load(stage))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("stage.safetensors");
            assertThat(weights(three)).isEqualTo(before);
            assertThatThrownBy(() -> lion.load(stage))
                    .hasMessageContaining("state of the optimiser adam, and the learner's is lion")
                    .hasMessageContaining("Maybe");
        }
    }
}
