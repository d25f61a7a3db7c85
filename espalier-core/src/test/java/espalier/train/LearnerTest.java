package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import espalier.data.DataBlock;
import espalier.data.Loaders;
import espalier.data.Splits;
import espalier.data.Targets;
import espalier.format.ModelFileException;
import espalier.interpret.Interpretation;
import espalier.item.Items;
import espalier.loss.Losses;
import espalier.metric.Metrics;
import espalier.nn.BatchNorm1d;
import espalier.nn.Dropout;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.optim.Rates;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import espalier.train.callback.CsvLog;
import espalier.train.callback.EarlyStopping;
import espalier.train.callback.GradientClip;
import espalier.train.callback.Monitor;
import espalier.train.callback.NanGuard;
import espalier.train.callback.SaveBest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@ExtendWith(NoLeaks.class)
class LearnerTest {
    @TempDir
    Path folder;

    Path data;

    @BeforeEach
    void makeData() throws IOException {
        data = folder.resolve("data");
        Numbers.write(data, List.of("cat", "dog"), 40, 1);
    }

    private Loaders<double[]> loaders(int threads) {
        return Numbers.block()
                .itemTransform(Numbers.noise(0.3))
                .batchSize(8)
                .threads(threads)
                .loaders(data);
    }

    private static Module net() {
        return Sequential.of(
                        Sequential.of(Linear.of(2, 8), BatchNorm1d.of(8), ReLU.of()),
                        Sequential.of(Dropout.of(0.2), Linear.of(8, 2)))
                .reset(Rng.of(7));
    }

    private Learner<double[]> learner(int threads) {
        var model = net();
        var children = List.copyOf(model.children().values());
        return Learner.of(loaders(threads), model, Losses.crossEntropy())
                .groups(children.stream()
                        .map(child -> List.copyOf(child.parameters().values()))
                        .toList())
                .metrics(Metrics.accuracy(), Metrics.errorRate());
    }

    private static Map<String, List<Byte>> weights(Learner<?> learner) {
        Map<String, List<Byte>> all = new LinkedHashMap<>();
        learner.model().stateDict().forEach((name, value) -> {
            var bytes = new ArrayList<Byte>();
            for (byte b : value.detach().toByteArray()) {
                bytes.add(b);
            }
            all.put(name, bytes);
        });
        return all;
    }

    @Test
    void fitOneCycle_learns() {
        try (var learner = learner(1)) {
            var history = learner.fitOneCycle(5, Rates.of(0.02));
            assertThat(history.epochs()).hasSize(5);
            assertThat(history.last().orElseThrow().metrics().get("accuracy").orElseThrow())
                    .isGreaterThan(0.9);
            assertThat(history.epochs().get(4).trainLoss())
                    .isLessThan(history.epochs().get(0).trainLoss());
        }
    }

    @Test
    void epochResult_printsItselfInWords() {
        Map<String, OptionalDouble> metrics = new LinkedHashMap<>();
        metrics.put("error_rate", OptionalDouble.of(0.0625));
        metrics.put("f1", OptionalDouble.empty());
        var row = new EpochResult("unfrozen", 2, 0.41214, OptionalDouble.of(0.2), metrics, 12.34);
        assertThat(row)
                .hasToString(
                        "epoch 2 (unfrozen): train_loss 0.4121, valid_loss 0.2000, error_rate 0.0625, f1 n/a, 12.3 s");
        assertThat(new EpochResult("fit", 1, 1, OptionalDouble.empty(), Map.of(), 1))
                .hasToString("epoch 1 (fit): train_loss 1.0000, 1.0 s");
    }

    @Test
    void validate_equalsTheMetricOfThePredictions() {
        try (var learner = learner(1)) {
            learner.fitOneCycle(1, Rates.of(0.01));
            var outputs = learner.predictions();
            long right = 0;
            double loss = 0;
            for (int i = 0; i < outputs.items().size(); i++) {
                float[] p = outputs.probabilities()[i];
                int target = learner.loaders()
                        .classes()
                        .indexOf(outputs.labels().get(i).get(0));
                right += p[target] > p[1 - target] ? 1 : 0;
                loss += -Math.log(p[target]);
                assertThat(outputs.losses()[i]).isCloseTo(-Math.log(p[target]), within(1e-4));
            }
            var judged = learner.validate();
            assertThat(judged.metrics().get("accuracy").orElseThrow())
                    .isCloseTo((double) right / outputs.items().size(), within(1e-6));
            assertThat(judged.loss().orElseThrow())
                    .isCloseTo(loss / outputs.items().size(), within(1e-5));
        }
    }

    @Test
    void evaluation_takesMetricsOfItsOwn() {
        var shared = Metrics.accuracy();
        try (var learner = learner(1).metrics(shared)) {
            var first = learner.validate().metrics();
            assertThat(first.get("accuracy")).isPresent();
            assertThat(learner.validate().metrics()).isEqualTo(first);
            assertThat(shared.value())
                    .as("the given one, maybe another learner's too")
                    .isEmpty();
        }
    }

    @Test
    void itemsWithoutTags_areJudged_filesWithoutLabelsAreNot() {
        var loaders = DataBlock.of(new Numbers(), Targets.multiCategory())
                .items(Items.files(Numbers.ENDINGS))
                .label(item -> item.id().startsWith("cat") ? List.of("cat") : List.of())
                .batchSize(8)
                .loaders(data);
        var model = Linear.of(2, 1).reset(Rng.of(7));
        try (var learner = Learner.of(loaders, model, Losses.bceWithLogits())) {
            var outputs = learner.predictions();
            assertThat(outputs.labels()).contains(List.of()).contains(List.of("cat"));
            double mean = Arrays.stream(outputs.losses()).average().orElseThrow();
            assertThat(learner.validate().loss().orElseThrow()).isCloseTo(mean, within(1e-5));
            assertThat(Interpretation.of(learner).predictions().meanLoss()).isEqualTo(mean);

            var files = loaders.test(List.of(data.resolve("cat/0000.num"), data.resolve("dog/0000.num")));
            assertThat(learner.predictions(files).probabilities()).hasDimensions(2, 1);
            assertThat(learner.predictions(files).losses()).isEmpty();
            assertThatThrownBy(() -> Interpretation.of(learner, files))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("only items with labels");
        }
    }

    @Test
    void freeze_leavesFrozenWeightsAndTheirStatistics() {
        try (var learner = learner(1)) {
            var before = weights(learner);
            learner.freeze();
            learner.fitOneCycle(1, Rates.of(0.1));
            var after = weights(learner);
            assertThat(after.get("0.0.weight")).isEqualTo(before.get("0.0.weight"));
            assertThat(after.get("0.1.running_mean")).isEqualTo(before.get("0.1.running_mean"));
            assertThat(after.get("1.1.weight")).isNotEqualTo(before.get("1.1.weight"));
        }
    }

    @Test
    void normsThatTrain_moveInFrozenGroups() {
        try (var learner = learner(1).norms(Norms.TRAIN)) {
            var before = weights(learner);
            learner.freeze();
            learner.fitOneCycle(1, Rates.of(0.1));
            var after = weights(learner);
            assertThat(after.get("0.0.weight")).isEqualTo(before.get("0.0.weight"));
            assertThat(after.get("0.1.weight")).isNotEqualTo(before.get("0.1.weight"));
            assertThat(after.get("0.1.running_mean")).isNotEqualTo(before.get("0.1.running_mean"));
        }
    }

    @Test
    void normsAtRest_keepTheirStatisticsWhenTheirWeightsAreTrained() {
        try (var learner = learner(1).norms(Norms.REST)) {
            learner.callback(new Callback() {
                @Override
                public void afterBatch(Fit fit, Step step) {
                    learner.validate(); // a look in the middle of an epoch must not wake them
                }
            });
            var before = weights(learner);
            learner.fitOneCycle(1, Rates.of(0.1));
            var after = weights(learner);
            assertThat(after.get("0.1.running_mean")).isEqualTo(before.get("0.1.running_mean"));
            assertThat(after.get("0.0.weight")).isNotEqualTo(before.get("0.0.weight"));
            assertThat(after.get("0.1.weight")).isNotEqualTo(before.get("0.1.weight"));
        }
    }

    @Test
    void T12_sameSeed_givesTheSameWeightsWhateverThreadsLocaleAndTimeZone() {
        Map<String, List<Byte>> first;
        try (var learner = learner(1)) {
            learner.fineTune(1);
            first = weights(learner);
        }
        var locale = Locale.getDefault();
        var zone = TimeZone.getDefault();
        try (var learner = learner(3)) {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            learner.fineTune(1);
            assertThat(weights(learner)).isEqualTo(first);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void T04_interruptedAndResumedAnywhere_endsWithTheSameWeightsAndHistory() {
        Map<String, List<Byte>> whole;
        List<History.Step> steps;
        try (var learner = learner(1)) {
            steps = learner.fineTune(2).steps();
            whole = weights(learner);
        }
        int last = steps.size() - 1;
        for (int stopAt : new int[] {1, last / 3, last / 3 + 1, last / 2, last - 1, last}) {
            Path run = folder.resolve("run" + stopAt);
            try (var learner = learner(1).callback(Checkpoints.in(run))) {
                learner.callback(new Callback() {
                    int batches;

                    @Override
                    public void afterBatch(Fit fit, Step step) {
                        if (++batches == stopAt) {
                            learner.interrupt();
                        }
                    }
                });
                learner.fineTune(2);
                assertThat(learner.wasInterrupted()).isTrue();
            }
            try (var learner = learner(2)) {
                var history = Checkpoints.in(run).resume(learner);
                assertThat(weights(learner)).as("stopped at %s", stopAt).isEqualTo(whole);
                assertThat(history.steps()).isEqualTo(steps);
                assertThat(history.epochs()).hasSize(3);
            }
        }
    }

    @Test
    void T01_lossThatIsNotFinite_stopsAtOnceAndNamesTheFiles() throws IOException {
        Files.writeString(data.resolve("cat/0000.num"), "Infinity 1");
        try (var learner = learner(1).callback(new NanGuard())) {
            var fit = new Fit[1];
            var atStop = new ArrayList<Map<String, List<Byte>>>();
            learner.callback(new Callback() {
                @Override
                public void beforeBatch(Fit f, Step step) {
                    fit[0] = f;
                    atStop.add(weights(learner));
                }
            });
            learner.fit(3, Rates.of(0.01));
            assertThat(fit[0].stopReason().orElseThrow())
                    .contains("cat/0000.num")
                    .contains("Maybe");
            assertThat(weights(learner).get("0.0.weight"))
                    .isEqualTo(atStop.get(atStop.size() - 1).get("0.0.weight"));
            assertThat(learner.model().parameters().values())
                    .allMatch(parameter -> parameter.isFinite().all().item() == 1);
        }
    }

    @Test
    void T01_weightsThatAreNoNumbers_areNeitherKeptNorExported() {
        Path run = folder.resolve("run");
        try (var learner = learner(1).callback(Checkpoints.in(run)).callback(new NanGuard())) {
            learner.callback(new Callback() {
                @Override
                public void beforeValidate(Fit fit) {
                    if (fit.position().epoch() == 1) {
                        try (var off = Grad.off()) {
                            learner.model().stateDict().get("0.1.running_var").fill_(Double.NaN);
                        }
                    }
                }
            });
            var history = learner.fit(5, Rates.of(0.01));
            assertThat(history.epochs()).as("stopped at once").hasSize(2);
            assertThatThrownBy(() -> learner.export(folder.resolve("m.safetensors")))
                    .hasMessageContaining("0.1.running_var")
                    .hasMessageContaining("Maybe");
        }
        assertThat(run).isDirectoryContaining("glob:**-000001.safetensors");
        assertThat(run.resolve("checkpoint-000002.safetensors")).doesNotExist();
    }

    @Test
    void T06_unwritableFolder_failsBeforeTheFirstEpoch() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        try (var learner = learner(1).callback(Checkpoints.in(file.resolve("run")))) {
            assertThatThrownBy(() -> learner.fit(1, Rates.of(0.01)))
                    .hasMessageContaining("no place for checkpoints")
                    .hasMessageContaining("Maybe");
            assertThat(learner.history().steps()).isEmpty();
        }
    }

    @Test
    void T16_damagedLatestCheckpoint_fallsBackToTheOneBefore() throws IOException {
        Path run = folder.resolve("run");
        try (var learner = learner(1).callback(Checkpoints.in(run))) {
            learner.fit(3, Rates.of(0.01));
        }
        List<Path> files;
        try (var listing = Files.list(run)) {
            files = listing.filter(f -> f.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSize(2);
        byte[] bytes = Files.readAllBytes(files.get(1));
        bytes[bytes.length - 20] ^= 1;
        Files.write(files.get(1), bytes);
        try (var learner = learner(1)) {
            var history = Checkpoints.in(run).resume(learner);
            assertThat(history.epochs()).hasSize(3);
        }
        Files.write(files.get(0), Arrays.copyOf(bytes, 100));
        try (var learner = learner(1)) {
            assertThatThrownBy(() -> Checkpoints.in(run).resume(learner)).isInstanceOf(ModelFileException.class);
        }
    }

    @Test
    void resume_refusesOtherData() throws IOException {
        Path run = folder.resolve("run");
        try (var learner = learner(1).callback(Checkpoints.in(run))) {
            learner.fit(1, Rates.of(0.01));
        }
        Files.delete(data.resolve("cat/0001.num"));
        Files.delete(data.resolve("cat/0002.num"));
        Files.delete(data.resolve("dog/0001.num"));
        try (var learner = learner(1)) {
            assertThatThrownBy(() -> Checkpoints.in(run).resume(learner))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("other data")
                    .hasMessageContaining("3 training files are gone (cat/0001.num, cat/0002.num, dog/0001.num)");
            assertThat(Checkpoints.in(run).acceptChangedData().resume(learner).epochs())
                    .hasSize(1);
        }
    }

    @Test
    void T13_emptyValidation_givesEmptyMetricsNotErrors() {
        var loaders = Numbers.block().split(Splits.none()).batchSize(8).loaders(data);
        try (var learner = Learner.of(loaders, net(), Losses.crossEntropy()).metrics(Metrics.accuracy())) {
            learner.callback(SaveBest.of(Monitor.validLoss())).callback(CsvLog.to(folder.resolve("log.csv")));
            var last = learner.fit(1, Rates.of(0.01)).last().orElseThrow();
            assertThat(last.validLoss()).isEmpty();
            assertThat(last.metrics().get("accuracy")).isEmpty();
        }
    }

    @Test
    void lrFind_leavesNoTrace() {
        try (var learner = learner(1)) {
            learner.optimizer().groups().get(0).lr(0.25);
            learner.model().eval();
            var before = weights(learner);
            var found = learner.lrFind();
            assertThat(learner.optimizer().groups().stream().map(ParameterGroup::lr))
                    .containsExactly(0.25, 1e-3);
            assertThat(learner.model().isTraining()).isFalse();
            assertThat(weights(learner)).isEqualTo(before);
            assertThat(learner.optimizer().state()).isEmpty();
            assertThat(found.lrs()[0]).isEqualTo(1e-7);
            assertThat(found.lrs().length).isBetween(20, 100);
            assertThat(found.valley()).isPresent();
            assertThat(learner.history().steps()).isEmpty();
        }
    }

    @Test
    void T13_lrFindThatDiverges_doesNotCrash() throws IOException {
        Files.writeString(data.resolve("cat/0000.num"), "Infinity 1");
        try (var learner = learner(1)) {
            var before = weights(learner).get("0.0.weight");
            assertThat(learner.lrFind().lrs()).isNotEmpty();
            assertThat(weights(learner).get("0.0.weight")).isEqualTo(before);
        }
    }

    @Test
    void D21_nothingReadable_endsTrainingAndTheSearchForARate() throws IOException {
        Numbers.write(folder.resolve("cut"), List.of("a", "b"), 3, 1);
        var loaders = Numbers.block().split(Splits.none()).loaders(folder.resolve("cut"));
        for (var item : loaders.train().dataset().items()) {
            Files.writeString(item.path(), "cut");
        }
        try (var learner = Learner.of(loaders, net(), Losses.crossEntropy())) {
            assertThatThrownBy(learner::lrFind)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("6 of 6 training items cannot be read, the first: a/0000.num: ");
            assertThatThrownBy(() -> learner.fit(1, Rates.of(0.01))).isInstanceOf(DataException.class);
            assertThat(learner.history().epochs()).isEmpty();
        }
    }

    @Test
    void D21_unreadableValidation_isAnErrorNotAnEmptyLoss() throws IOException {
        var loaders = loaders(1);
        for (var item : loaders.valid().dataset().items()) {
            Files.writeString(item.path(), "cut");
        }
        try (var learner = Learner.of(loaders, net(), Losses.crossEntropy())) {
            assertThatThrownBy(() -> learner.fit(1, Rates.of(0.01)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(" items cannot be read, the first: cat/");
        }
    }

    @Test
    void T10_lastBatchOfOne_isNoErrorInTraining() throws IOException {
        Numbers.write(folder.resolve("small"), List.of("a", "b"), 9, 1);
        var loaders = Numbers.block()
                .split(Splits.byFunction(item -> item.id().equals("a/0000.num")))
                .batchSize(8)
                .loaders(folder.resolve("small"));
        try (var learner = Learner.of(loaders, net(), Losses.crossEntropy()).metrics(Metrics.accuracy())) {
            assertThat(learner.fit(2, Rates.of(0.01)).epochs()).hasSize(2);
        }
    }

    @Test
    void earlyStopping_stopsAndSaysWhy() {
        try (var learner = learner(1).callback(EarlyStopping.of(Monitor.higher("accuracy"), 2))) {
            var history = learner.fit(50, Rates.of(0.01));
            assertThat(history.epochs().size()).isLessThan(50);
        }
    }

    @Test
    void saveBest_bringsTheBestEpochBack() {
        try (var learner = learner(1).callback(SaveBest.of(Monitor.validLoss()))) {
            var history = learner.fit(6, Rates.of(0.3));
            double best = history.epochs().stream()
                    .mapToDouble(epoch -> epoch.validLoss().orElseThrow())
                    .min()
                    .orElseThrow();
            assertThat(learner.validate().loss().orElseThrow()).isCloseTo(best, within(1e-6));
        }
    }

    @Test
    void csvLog_equalsTheHistory() throws IOException {
        Path log = folder.resolve("log.csv");
        try (var learner = learner(1).callback(CsvLog.to(log)).callback(GradientClip.of(0.1))) {
            var history = learner.fitOneCycle(2, Rates.of(0.01));
            var lines = Files.readAllLines(log);
            assertThat(lines).hasSize(3);
            assertThat(lines.get(0)).isEqualTo("cycle,epoch,train_loss,valid_loss,accuracy,error_rate,seconds");
            assertThat(lines.get(2))
                    .startsWith("fit,2," + history.epochs().get(1).trainLoss() + ",");
        }
    }

    @Test
    void training_tellsTheLogOfEachEpoch_andEveryTenSecondsInALongOne() {
        var logger = (Logger) LoggerFactory.getLogger("espalier.train");
        var told = new ListAppender<ILoggingEvent>();
        told.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(told);
        logger.setAdditive(false);
        var seconds = new AtomicLong();
        try (var learner = learner(1)) {
            learner.freeze();
            var history = learner.fineTune(FineTune.of(1));
            assertThat(told.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly(
                            history.epochs().get(0).toString(),
                            history.epochs().get(1).toString());
            assertThat(told.list.get(1).getFormattedMessage()).startsWith("epoch 2 (unfrozen): train_loss 0.");
            told.list.clear();
            learner.callback(new ProgressLog(() -> seconds.getAndAdd(6) * 1_000_000_000));
            learner.fitOneCycle(1, Rates.of(0.01));
            assertThat(told.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .filteredOn(line -> line.contains("batches"))
                    .allMatch(line -> line.matches("epoch 1 of 1: \\d+ of 7 batches, loss 0[.]\\d{4}"))
                    .extracting(line -> line.replaceAll(".*: (\\d+) of 7.*", "$1"))
                    .containsExactly("2", "4", "6");
        } finally {
            logger.detachAppender(told);
            logger.setLevel(null);
            logger.setAdditive(true);
        }
    }

    @Test
    void callbacks_areCalledInOrderOfPhase() {
        var calls = new ArrayList<String>();
        record Told(Callback.Phase phase, List<String> calls) implements Callback {
            @Override
            public void afterEpoch(Fit fit) {
                calls.add(phase.name());
            }
        }
        try (var learner = learner(1)
                .callback(new Told(Callback.Phase.REPORT, calls))
                .callback(new Told(Callback.Phase.PREPARE, calls))
                .callback(new Told(Callback.Phase.USER, calls))) {
            learner.fit(1, Rates.of(0.01));
        }
        assertThat(calls).containsExactly("PREPARE", "USER", "REPORT");
    }

    @Test
    void exceptionInACallback_leavesTheLearnerUsable() {
        try (var learner = learner(1)) {
            var bad = new boolean[] {true};
            learner.callback(new Callback() {
                @Override
                public void afterLoss(Fit fit, Step step) {
                    if (bad[0]) {
                        throw new IllegalStateException("mine");
                    }
                }
            });
            assertThatThrownBy(() -> learner.fit(1, Rates.of(0.01))).hasMessage("mine");
            bad[0] = false;
            assertThat(learner.fit(1, Rates.of(0.01)).epochs()).hasSize(1);
        }
    }

    @Test
    void everyCallbackThatBegan_ends_whateverTheOthersThrow() {
        var ended = new ArrayList<String>();
        record Failing(String name, boolean begins, List<String> ended) implements Callback {
            @Override
            public void beforeFit(Fit fit) {
                if (!begins) {
                    throw new IllegalStateException(name + " does not begin");
                }
            }

            @Override
            public void afterFit(Fit fit) {
                ended.add(name);
                throw new IllegalStateException(name + " does not end");
            }
        }
        try (var learner = learner(1).callback(new Failing("a", true, ended)).callback(new Failing("b", true, ended))) {
            assertThatThrownBy(() -> learner.fit(1, Rates.of(0.01)))
                    .hasMessage("a does not end")
                    .hasSuppressedException(new IllegalStateException("b does not end"));
            assertThat(learner.history().epochs()).hasSize(1);
            assertThat(ended).containsExactly("a", "b");

            ended.clear();
            learner.callback(new Failing("c", false, ended)).callback(new Failing("d", true, ended));
            assertThatThrownBy(() -> learner.fit(1, Rates.of(0.01)))
                    .hasMessage("c does not begin")
                    .hasSuppressedException(new IllegalStateException("a does not end"));
            assertThat(ended).as("those that had begun").containsExactly("a", "b");
        }
    }

    @Test
    void groups_keepAllOtherChoices() {
        var model = net();
        var children = model.children().values().stream()
                .map(child -> List.copyOf(child.parameters().values()))
                .toList();
        var calls = new ArrayList<String>();
        try (var learner = Learner.of(loaders(1), model, Losses.crossEntropy())
                .metrics(Metrics.accuracy())
                .optimizer(Optimizers.sgd())
                .precision(Precision.FLOAT32)
                .norms(Norms.REST)
                .seed(7)
                .callback(new Callback() {
                    @Override
                    public void afterEpoch(Fit fit) {
                        calls.add("called");
                    }
                })
                .exporter((of, file) -> calls.add("exported"))
                .groups(children)) {
            assertThat(learner.optimizer().groups()).hasSize(2);
            assertThat(learner.metrics()).hasSize(1);
            assertThat(learner.precision()).isEqualTo(Precision.FLOAT32);
            assertThat(learner.seed()).isEqualTo(7);
            var before = weights(learner);
            learner.fit(1, Rates.of(0.01));
            assertThat(weights(learner).get("0.1.running_mean")).isEqualTo(before.get("0.1.running_mean"));
            learner.export(folder.resolve("model"));
            assertThat(calls).containsExactly("called", "exported");
            assertThatThrownBy(() -> learner.groups(children))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("2 groups")
                    .hasMessageContaining("Maybe");
        }
    }

    @Test
    void groups_mustHoldEveryParameterOnce() {
        try (var model = net()) {
            var some =
                    List.of(List.copyOf(model.children().get("0").parameters().values()));
            assertThatThrownBy(() ->
                            Learner.of(loaders(1), model, Losses.crossEntropy()).groups(some))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1.1.weight");
        }
    }

    @Test
    void sgd_trainsToo() {
        try (var learner = learner(1).optimizer(Optimizers.sgd())) {
            assertThat(learner.fitOneCycle(4, Rates.of(0.2))
                            .last()
                            .orElseThrow()
                            .trainLoss())
                    .isLessThan(0.6);
        }
    }
}
