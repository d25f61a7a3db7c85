package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.ModelFileException;
import espalier.format.Safetensors;
import espalier.loss.Losses;
import espalier.nn.Linear;
import espalier.optim.Rates;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import espalier.train.callback.EarlyStopping;
import espalier.train.callback.Monitor;
import espalier.train.callback.SaveBest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a resumed run has in common with one that was not interrupted; see T04 in {@link LearnerTest} too. */
@ExtendWith(NoLeaks.class)
class ResumptionTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeData() throws IOException {
        Numbers.write(folder.resolve("data"), List.of("cat", "dog"), 40, 1);
    }

    private Learner<double[]> learner(long dataSeed) {
        return learner(dataSeed, 8);
    }

    private Learner<double[]> pairs() {
        return learner(42, 2);
    }

    private Learner<double[]> learner(long dataSeed, int batchSize) {
        var loaders = Numbers.block()
                .itemTransform(Numbers.noise(0.3))
                .batchSize(batchSize)
                .seed(dataSeed)
                .loaders(folder.resolve("data"));
        return Learner.of(loaders, Linear.of(2, 2).reset(Rng.of(7)), Losses.crossEntropy());
    }

    private static Callback interruptAfter(int batches) {
        return new Callback() {
            private int done;

            @Override
            public void afterBatch(Fit fit, Step step) {
                if (++done == batches) {
                    fit.learner().interrupt();
                }
            }
        };
    }

    private static float[] weights(Learner<?> learner) {
        return learner.model().stateDict().get("weight").toFloatArray();
    }

    @Test
    void T04_interruptedBesideSaveBest_goesOnFromTheLastWeightsNotTheBest() {
        int epochs = 3;
        float[] whole;
        try (var learner = learner(42)) {
            learner.fit(epochs, Rates.of(0.3));
            whole = weights(learner);
        }
        int batches;
        Path run = folder.resolve("run");
        try (var learner =
                learner(42).callback(SaveBest.of(Monitor.validLoss())).callback(Checkpoints.in(run))) {
            batches = learner.loaders().train().batches();
            learner.callback(interruptAfter(2 * batches - 2));
            learner.fit(epochs, Rates.of(0.3));
            assertThat(learner.wasInterrupted()).isTrue();
        }
        try (var learner = learner(42)) {
            assertThat(Checkpoints.in(run).resume(learner).steps()).hasSize(epochs * batches);
            assertThat(weights(learner)).isEqualTo(whole);
        }
    }

    @Test
    void T04_interruptedAnywhereInAnEpochWithABatchLeftOut_endsWithTheSameWeights() throws IOException {
        // A batch of which one item is left is left out.
        for (int i = 0; i < 8; i++) {
            Files.writeString(folder.resolve("data/cat/%04d.num".formatted(i)), "x");
        }
        float[] whole;
        int steps;
        int batches;
        try (var learner = pairs()) {
            steps = learner.fit(1, Rates.of(0.3)).steps().size();
            batches = learner.loaders().train().batches();
            whole = weights(learner);
        }
        assertThat(steps).as("batches that were used").isLessThan(batches);
        for (int after = 1; after < steps; after++) {
            Path run = folder.resolve("run-" + after);
            try (var learner = pairs().callback(Checkpoints.in(run)).callback(interruptAfter(after))) {
                learner.fit(1, Rates.of(0.3));
            }
            try (var learner = pairs()) {
                assertThat(Checkpoints.in(run).resume(learner).steps()).hasSize(steps);
                assertThat(weights(learner)).as("after %d batches", after).isEqualTo(whole);
            }
        }
    }

    @Test
    void T04_earlyStopping_countsTheEpochsBeforeAResumption() {
        int whole;
        try (var learner = learner(42).callback(EarlyStopping.of(Monitor.higher("none"), 3))) {
            whole = learner.fit(9, Rates.of(0.01)).epochs().size();
        }
        Path run = folder.resolve("run");
        try (var learner = learner(42).callback(Checkpoints.in(run))) {
            learner.callback(interruptAfter(2 * learner.loaders().train().batches() + 1));
            learner.fit(9, Rates.of(0.01));
        }
        try (var learner = learner(42).callback(EarlyStopping.of(Monitor.higher("none"), 3))) {
            assertThat(Checkpoints.in(run).resume(learner).epochs()).hasSize(whole);
        }
    }

    @Test
    void resume_refusesOtherSeedsAndFormats() throws IOException {
        Path run = folder.resolve("run");
        try (var learner = learner(42).seed(1).callback(Checkpoints.in(run))) {
            learner.fit(1, Rates.of(0.01));
        }
        Path file = run.resolve("checkpoint-000001.safetensors");
        try (var other = learner(43).seed(1)) {
            var before = weights(other);
            assertThatThrownBy(() -> other.resume(file))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("seed 1 (data 42) and batch size 8, not 1 (data 43) and 8")
                    .hasMessageContaining("Maybe");
            assertThat(weights(other)).isEqualTo(before);
        }
        try (var other = learner(42).seed(2)) {
            assertThatThrownBy(() -> other.resume(file)).hasMessageContaining("not 2 (data 42)");
        }
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("\\\"version\\\":4");
        Files.write(file, text.replace("\\\"version\\\":4", "\\\"version\\\":2").getBytes(StandardCharsets.ISO_8859_1));
        try (var learner = learner(42).seed(1)) {
            assertThatThrownBy(() -> learner.resume(file))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("has checkpoint format 2, and this Espalier reads 4");
        }
    }

    /** Format 3 had the numbers of the one-cycle policy, or null for a constant rate, in the place of a schedule by name. */
    @Test
    void resume_readsTheFormatBefore() {
        Path run = folder.resolve("run");
        try (var learner = learner(42).callback(Checkpoints.in(run)).callback(interruptAfter(3))) {
            learner.fitOneCycle(2, Rates.of(0.3));
        }
        Path file = run.resolve("checkpoint-000001.safetensors");
        String key = "espalier-checkpoint";
        try (var reader = Safetensors.open(file)) {
            String now = reader.metadata().get(key);
            String schedule =
                    "\"schedule\":\"one-cycle:div=25,div_final=100000,pct_start=0.25,momenta=0.95/0.85/0.95\"";
            String numbers =
                    "\"oneCycle\":{\"div\":25.0,\"divFinal\":100000.0,\"pctStart\":0.25,\"momentumStart\":0.95,"
                            + "\"momentumPeak\":0.85,\"momentumEnd\":0.95}";
            assertThat(now).contains(schedule);
            String before = now.replace("\"version\":4", "\"version\":3").replace(schedule, numbers);
            Safetensors.write(run.resolve("before.safetensors"), reader.tensors(), Map.of(key, before));
            String constant = before.replace(numbers, "\"oneCycle\":null");
            Safetensors.write(run.resolve("constant.safetensors"), reader.tensors(), Map.of(key, constant));
        }
        try (var whole = learner(42);
                var resumed = learner(42);
                var other = learner(42)) {
            whole.fitOneCycle(2, Rates.of(0.3));
            resumed.resume(run.resolve("before.safetensors"));
            assertThat(weights(resumed)).isEqualTo(weights(whole));
            var history = other.resume(run.resolve("constant.safetensors"));
            assertThat(history.steps().get(history.steps().size() - 1).lr()).isEqualTo(0.3);
        }
    }
}
