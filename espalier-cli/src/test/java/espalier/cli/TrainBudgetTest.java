package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.app.Budget;
import espalier.app.PictureOptions;
import espalier.app.Recipe;
import espalier.app.TrainImage;
import espalier.app.TrainingReport;
import espalier.format.ModelFile;
import espalier.format.Safetensors;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Precision;
import espalier.train.Step;
import java.awt.Color;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        words.addAll(List.of("--out", folder.resolve("m.safetensors").toString(), "--json", "--size", "32"));
        words.addAll(List.of(options.split(" ")));
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

    @ParameterizedTest
    @ValueSource(strings = {"--epochs 0", "--lr 1e-3 --epochs 0 --freeze-epochs 0", "--accumulate 2 --epochs 0"})
    void whatBelongsToEpochs_trainsByThem(String options) {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        var run = train(data, options);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).doesNotContain("no epochs are given", "the body has seen");
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
}
