package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.data.BatchTransform;
import espalier.data.DataBlock;
import espalier.data.InputBlock;
import espalier.data.Loaders;
import espalier.data.Splits;
import espalier.data.TargetBlock;
import espalier.format.Transform;
import espalier.item.Item;
import espalier.item.Items;
import espalier.loss.Loss;
import espalier.loss.Losses;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.nn.BatchNorm1d;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.optim.ParameterGroup;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A tiny model goes through the same batches here and in fastai: every loss and the final weights agree. */
@ExtendWith(NoLeaks.class)
class FastaiFitsTest {
    private static final Golden GOLDEN = Golden.load("fits");
    private static final int BATCH = 4;

    @TempDir
    Path data;

    /** One file an item, in a folder that names its set and row: t00 ... t15, v00 ... v09. */
    @BeforeEach
    void makeData() throws IOException {
        for (int i = 0; i < GOLDEN.shape("x")[0]; i++) {
            Files.writeString(
                    Files.createDirectories(data.resolve("t%02d".formatted(i))).resolve("row.num"), "1");
        }
        for (int i = 0; i < GOLDEN.shape("valid_x")[0]; i++) {
            Files.writeString(
                    Files.createDirectories(data.resolve("v%02d".formatted(i))).resolve("row.num"), "1");
        }
    }

    @Test
    void fit_equalsFastai() {
        check("fit", learner -> learner.fit(2, Rates.of(0.01)));
    }

    @Test
    void fitOneCycle_equalsFastai() {
        check("one_cycle", learner -> learner.fitOneCycle(3, Rates.of(0.02)));
    }

    @Test
    void fineTune_equalsFastai() {
        check(
                "fine_tune",
                learner -> learner.norms(Norms.TRAIN).fineTune(FineTune.of(2).lr(0.02)));
    }

    @Test
    void fineTuneWithSettledNorms_equalsFastaiWithBnFreeze() {
        check("fine_tune_bn_frozen", learner -> learner.fineTune(FineTune.of(2).lr(0.02)));
    }

    /** The rate of each group and the momentum of every batch, as fastai's optimiser saw them. */
    @Test
    void fineTune_followsFastaisTraces() {
        JsonNode expected = null;
        for (JsonNode trace : Golden.load("schedules").value("/traces")) {
            expected = trace.get("name").asString().equals("fine_tune_3_groups") ? trace : expected;
        }
        assertThat(expected).isNotNull();
        var rates = new ArrayList<double[]>();
        try (var learner = learner()) {
            learner.callback(new Callback() {
                @Override
                public void afterBatch(Fit fit, Step step) {
                    rates.add(fit.learner().optimizer().groups().stream()
                            .mapToDouble(ParameterGroup::lr)
                            .toArray());
                }
            });
            var steps = learner.fineTune(1).steps();
            assertThat(steps).hasSize(expected.get("lr").size());
            for (int i = 0; i < steps.size(); i++) {
                assertThat(rates.get(i))
                        .as("rates of batch %d", i)
                        .containsExactly(Golden.doubles(expected.get("lr").get(i)), within(1e-10));
                assertThat(steps.get(i).lr()).isEqualTo(rates.get(i)[2]);
                assertThat(steps.get(i).momentum())
                        .as("momentum of batch %d", i)
                        .isCloseTo(expected.get("mom").get(i).asDouble(), within(1e-8));
            }
        }
    }

    private void check(String name, Function<Learner<String>, History> train) {
        JsonNode expected = null;
        for (JsonNode c : GOLDEN.value("/cases")) {
            expected = c.get("name").asString().equals(name) ? c : expected;
        }
        assertThat(expected).as(name).isNotNull();
        try (var learner = learner()) {
            History history = train.apply(learner);
            double[] losses = Golden.doubles(expected.get("batch_losses"));
            assertThat(history.steps()).hasSize(losses.length);
            for (int i = 0; i < losses.length; i++) {
                assertThat(history.steps().get(i).loss()).as("batch %d", i).isCloseTo(losses[i], within(2e-5));
            }
            checkEpochs(history.epochs(), expected.get("epochs"));
            learner.model().stateDict().forEach((parameter, value) -> {
                if (!parameter.endsWith("num_batches_tracked")) {
                    assertThat(value.detach().toFloatArray())
                            .as(parameter)
                            .containsExactly(GOLDEN.floats(name + "/end/" + parameter), within(5e-5f));
                }
            });
        }
    }

    private static void checkEpochs(List<EpochResult> epochs, JsonNode expected) {
        assertThat(epochs).hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            EpochResult epoch = epochs.get(i);
            JsonNode row = expected.get(i);
            assertThat(epoch.epoch()).as("from 1, through all cycles").isEqualTo(i + 1);
            assertThat(epoch.trainLoss()).isCloseTo(row.get("train_loss").asDouble(), within(2e-5));
            assertThat(epoch.validLoss().orElseThrow())
                    .isCloseTo(row.get("valid_loss").asDouble(), within(2e-5));
            assertThat(epoch.metrics().get("accuracy").orElseThrow())
                    .isCloseTo(row.get("accuracy").asDouble(), within(1e-6));
        }
    }

    private Learner<String> learner() {
        Module model = Sequential.of(
                Sequential.of(Linear.of(4, 6)), Sequential.of(BatchNorm1d.of(6), ReLU.of()), Linear.of(6, 3));
        try (var scope = Scope.open()) {
            Map<String, Tensor> start = new LinkedHashMap<>(model.stateDict());
            start.replaceAll((name, value) -> name.endsWith("num_batches_tracked")
                    ? value
                    : Tensor.of(GOLDEN.floats("start/" + name), GOLDEN.shape("start/" + name)));
            model.loadStateDict(start);
        }
        return Learner.of(loaders(), model, Losses.crossEntropy())
                .groups(model.children().values().stream()
                        .map(child -> List.copyOf(child.parameters().values()))
                        .toList())
                .precision(Precision.FLOAT32)
                .metrics(Metrics.accuracy());
    }

    private Loaders<String> loaders() {
        return DataBlock.of(new Rows(), new RowTargets())
                .items(Items.files(Set.of("num")))
                .split(Splits.byFunction(item -> item.id().startsWith("v")))
                .batchSize(BATCH)
                .threads(1)
                .loaders(data);
    }

    /** The rows of the golden file by name. Training batches come in the file's order, whatever was drawn. */
    private static long[] rows(List<String> names, AtomicInteger batches) {
        if (names.get(0).startsWith("v")) {
            return names.stream().mapToLong(n -> Long.parseLong(n.substring(1))).toArray();
        }
        int first = batches.getAndIncrement() * BATCH % (int) GOLDEN.shape("x")[0];
        return new long[] {first, first + 1, first + 2, first + 3};
    }

    private static final class Rows implements InputBlock<String> {
        private final AtomicInteger batches = new AtomicInteger();

        @Override
        public String name() {
            return "row";
        }

        @Override
        public Optional<String> reject(Item item) {
            return Optional.empty();
        }

        @Override
        public String read(Item item, List<? extends Transform<String>> transforms, boolean training, Rng rng) {
            return item.id().substring(0, 3);
        }

        @Override
        public Supplier<Tensor> collate(
                List<String> inputs, List<BatchTransform> transforms, boolean training, List<Rng> rngs) {
            float[] all = GOLDEN.floats(training ? "x" : "valid_x");
            long[] rows = rows(inputs, batches);
            float[] x = new float[rows.length * 4];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(all, (int) rows[i] * 4, x, i * 4, 4);
            }
            return () -> Tensor.of(x, rows.length, 4);
        }

        @Override
        public List<Map.Entry<String, String>> explain(Item item, List<? extends Transform<String>> transforms) {
            return List.of();
        }
    }

    private static final class RowTargets implements TargetBlock {
        private final AtomicInteger batches = new AtomicInteger();

        @Override
        public String task() {
            return "classification";
        }

        @Override
        public Loss loss() {
            return Losses.crossEntropy();
        }

        @Override
        public List<Metric> metrics() {
            return List.of(Metrics.errorRate());
        }

        @Override
        public TargetBlock fit(List<List<String>> trainingLabels) {
            return this;
        }

        @Override
        public List<String> classes() {
            return List.of("0", "1", "2");
        }

        @Override
        public Tensor collate(List<List<String>> labels) {
            List<String> names = labels.stream().map(l -> l.get(0)).toList();
            long[] all = GOLDEN.longs(names.get(0).startsWith("v") ? "valid_y" : "y");
            long[] y =
                    Arrays.stream(rows(names, batches)).map(r -> all[(int) r]).toArray();
            return Tensor.of(y, y.length);
        }
    }
}
