package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.app.Budget;
import espalier.app.PictureOptions;
import espalier.app.Recipe;
import espalier.app.TrainImage;
import espalier.app.TrainingReport;
import espalier.data.Source;
import espalier.format.ModelFile;
import espalier.format.Safetensors;
import espalier.predict.Ensemble;
import espalier.predict.Predictor;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Precision;
import espalier.train.Step;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is trained when nothing is said about epochs, and what becomes of it when it is interrupted. */
class TrainBudgetTest {
    @TempDir
    private Path folder;

    private Run train(Path data, String options) {
        var words = new ArrayList<>(List.of("train", "image", data.toString()));
        words.addAll(List.of("--json", "--size", "32"));
        words.addAll(List.of(options.split(" ")));
        if (!options.contains("--out")) {
            words.addAll(List.of("--out", folder.resolve("m.safetensors").toString()));
        }
        return Run.of(words.toArray(String[]::new));
    }

    @Test
    void withoutEpochs_aBudgetIsTheDefaultAndSaysSo() {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 8);
        var run = train(data, "--valid 0.4");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("no epochs are given", "--epochs N", "the body has seen", "done: ");
        assertThat(run.json().get("history").get(0).get("phase").asString()).isEqualTo("head");
        assertThat(ModelFile.inspect(folder.resolve("m.safetensors")).details().toString())
                .contains("--budget")
                .contains("auto");
    }

    /** Whatever is shown, it is counted whether enough is wrong for more training to be seen to help. */
    @ParameterizedTest
    @ValueSource(strings = {"accuracy", "f1_score", "error_rate,f1_score"})
    void otherMetrics_endTheBudgetWhereAlmostNothingIsWrong(String metrics) {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 8);
        var run = train(data, "--valid 0.4 --metrics " + metrics);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("validation pictures are wrong, too few to see a gain");
        var shown = run.json().get("history").get(0).get("metrics").propertyNames();
        assertThat(shown).containsAll(List.of(metrics.split(",")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--epochs 0",
                "--lr 1e-3 --epochs 0 --freeze-epochs 0",
                "--accumulate 2 --epochs 0",
                "--schedule fine-tune --epochs 0 --freeze-epochs 1"
            })
    void whatBelongsToEpochs_trainsByThem(String options) {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        var run = train(data, options);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).doesNotContain("no epochs are given", "the body has seen");
    }

    @Test
    void folds_predictEachPictureByAModelThatHasNotSeenIt() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 6);
        Path csv = folder.resolve("folds.csv");
        var run = train(data, "--folds 3 --out " + csv);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("fold 1 of 3: 8 training and 4 validation pictures", "fold 3 of 3");
        var lines = Files.readAllLines(csv);
        assertThat(lines).hasSize(13);
        assertThat(lines.get(0)).isEqualTo("file,fold,label,loss,blue,red");
        double loss = 0;
        Map<String, Integer> folds = new TreeMap<>();
        for (String line : lines.subList(1, 13)) {
            String[] cells = line.split(",");
            assertThat(cells[0]).startsWith(cells[2] + "/");
            loss += Double.parseDouble(cells[3]) / 12;
            folds.merge(cells[1], 1, Integer::sum);
        }
        assertThat(folds).isEqualTo(Map.of("1", 4, "2", 4, "3", 4));
        var values = run.json().get("values");
        assertThat(values.get("valid_loss").get("mean").asDouble()).isCloseTo(loss, within(1e-4));
        assertThat(values.get("error_rate").get("deviation").isNumber()).isTrue();
        assertThat(train(data, "--folds 3 --resume --out " + csv).exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(Run.of("train", "image", data.toString(), "--folds", "3", "--out", "m.safetensors")
                        .err())
                .contains("ends in .csv");
    }

    @Test
    void folds_neverTrainOnTheTest_andJudgeByItAtTheEnd() throws IOException {
        Path data = folder.resolve("parts");
        PictureFiles.twoClasses(data.resolve("train"), 5);
        PictureFiles.twoClasses(data.resolve("valid"), 1);
        PictureFiles.twoClasses(data.resolve("test"), 2);
        Path csv = folder.resolve("folds.csv");
        Path both = folder.resolve("both.safetensors");
        var run = train(data, "--folds 2 --out " + csv + " --ensemble " + both);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("fold 1 of 2: 6 training and 6 validation", "the mean of the models on the test: accuracy");
        assertThat(Files.readAllLines(csv)).hasSize(13).noneMatch(line -> line.contains("test/"));
        assertThat(run.json().get("test").get("valid_loss").get("mean").isNumber())
                .isTrue();
        assertThat(run.json().get("ensemble_test").get("accuracy").asDouble()).isBetween(0.0, 1.0);

        var ensemble = Ensemble.from(ModelFile.open(both));
        assertThat(ensemble.members()).hasSize(2);
        try (var model = Predictor.load(both);
                var one = Ensemble.of(List.of(ensemble.members().get(0))).predictor();
                var other = Ensemble.of(List.of(ensemble.members().get(1))).predictor()) {
            Path picture = data.resolve("test/red/0.png");
            float mean = (one.predict(picture).probabilities()[0]
                            + other.predict(picture).probabilities()[0])
                    / 2;
            assertThat(model.predict(picture).probabilities()[0]).isCloseTo(mean, within(1e-5f));
        }

        var named = train(data, "--folds 2 --train-folder train --valid-folder valid --test-folder test --out " + csv);
        assertThat(named.err()).contains("fold 1 of 2: 6 training and 6 validation");
        assertThat(named.json().get("test").get("error_rate").get("mean").isNumber())
                .isTrue();
        assertThat(train(data, "--ensemble " + both).err()).contains("Maybe add --folds 5");
    }

    /** Validation contradicts training, so that the whole model's training never helps and is undone. */
    private Path contradictory() {
        Path data = folder.resolve("data");
        for (int i = 0; i < 8; i++) {
            PictureFiles.png(data.resolve("train/red/" + i + ".png"), new Color(220, 10 * i, 20));
            PictureFiles.png(data.resolve("train/blue/" + i + ".png"), new Color(20, 10 * i, 220));
            PictureFiles.png(data.resolve("valid/red/" + i + ".png"), new Color(10, 10 * i, 230));
            PictureFiles.png(data.resolve("valid/blue/" + i + ".png"), new Color(230, 10 * i, 10));
        }
        return data;
    }

    private TrainImage spec(Path data, String name) {
        return TrainImage.of(data, folder.resolve(name))
                .pictures(PictureOptions.standard().size(32).batchSize(4))
                .precision(Precision.FLOAT32)
                .recipe(Recipe.standard().budget(Budget.of(Duration.ofHours(1))));
    }

    private static Map<String, String> weights(Path model) {
        Map<String, String> weights = new LinkedHashMap<>();
        try (var reader = Safetensors.open(model)) {
            reader.tensors().forEach((name, tensor) -> {
                byte[] bytes = new byte[tensor.data().remaining()];
                tensor.data().duplicate().get(bytes);
                weights.put(name, Arrays.hashCode(bytes) + " of " + bytes.length);
            });
        }
        return weights;
    }

    private static List<String> rows(TrainingReport report) {
        return report.history().stream()
                .map(row -> row.cycle() + " " + row.validLoss() + " " + row.metrics())
                .toList();
    }

    @Test
    void T04_aRoundThatWasInterrupted_isResumedAndUndoneAsEver() {
        Path data = contradictory();
        var whole = spec(data, "whole.safetensors").run();
        assertThat(rows(whole)).as("the head and one round that did not help").hasSize(2);
        assertThat(whole.kept().orElseThrow().cycle()).isEqualTo("head");
        var spec = spec(data, "m.safetensors");
        var interrupted = spec.run(new Callback() {
            @Override
            public void afterBatch(Fit fit, Step step) {
                fit.learner().interrupt();
            }
        });
        assertThat(interrupted.interrupted()).isTrue();
        assertThat(folder.resolve("m.safetensors")).doesNotExist();
        var resumed = spec.resume(true).run();
        assertThat(rows(resumed)).isEqualTo(rows(whole));
        assertThat(resumed.kept().orElseThrow().cycle()).isEqualTo("head");
        assertThat(weights(folder.resolve("m.safetensors"))).isEqualTo(weights(folder.resolve("whole.safetensors")));
        assertThat(spec.checkpoints().exist()).isFalse();
    }

    /** A clock that goes on by half a second whenever it is looked at. */
    private static final class Steps implements LongSupplier {
        private final AtomicLong nanos;

        Steps(long seconds) {
            nanos = new AtomicLong(seconds * 1_000_000_000L);
        }

        @Override
        public long getAsLong() {
            return nanos.addAndGet(500_000_000L);
        }

        double seconds() {
            return nanos.get() / 1e9;
        }
    }

    private List<String> lines(Path data, Steps clock) {
        return lines(spec(data, "m.safetensors"), clock);
    }

    private List<String> lines(TrainImage job, Steps clock) {
        var lines = new ArrayList<String>();
        var spec = job.recipe(Recipe.standard().budget(Duration.ofSeconds(12)));
        try (var training = spec.open()) {
            training.listener(lines::add).clock(clock, 0).run();
        }
        assertThat(folder.resolve("m.safetensors")).exists();
        return lines;
    }

    @Test
    void slowMachine_looksAtFewerPicturesAndViewsAndIsDoneInTime() {
        var clock = new Steps(0);
        var lines = lines(contradictory(), clock);
        assertThat(lines.get(0))
                .contains("(plain, the budget is too short for mirror images)")
                .contains("16 training pictures");
        assertThat(lines.get(1)).contains("a random choice of 16");
        assertThat(lines).last().asString().contains("s are left");
        assertThat(clock.seconds()).isLessThanOrEqualTo(12);
    }

    @Test
    void startThatTookTheWholeBudget_isSaidSoBeforeTheWork() {
        var clock = new Steps(60);
        var lines = lines(contradictory(), clock);
        assertThat(lines.get(0)).contains("a budget of 12 s is too short here, it will take at least about 6");
        assertThat(lines.get(1)).contains("the body has seen 4 training pictures", "and 4 others");
        assertThat(lines)
                .noneMatch(
                        line -> line.contains("cross-validation") || line.contains("training the whole model for 1"));
    }

    /** Nothing was held out, and the other validation pictures are not looked at for it. */
    @Test
    void thresholdWithoutTime_isSearchedOnThePicturesThatWereSeen() throws IOException {
        Path data = contradictory();
        var rows = new ArrayList<>(List.of("file,tags,part"));
        for (String part : List.of("train", "valid")) {
            for (int i = 0; i < 8; i++) {
                rows.add(part + "/red/" + i + ".png,warm," + part);
                rows.add(part + "/blue/" + i + ".png,cold blue," + part);
            }
        }
        Path csv = Files.write(folder.resolve("tags.csv"), rows);
        var spec = spec(data, "m.safetensors");
        spec = spec.pictures(spec.pictures().table(Source.table(csv).tags(true)));
        assertThat(lines(spec, new Steps(60)))
                .anyMatch(line -> line.startsWith("tags count above") && line.contains("on the 4 held-out pictures"));
    }
}
