package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.app.Stages;
import espalier.app.TrainImage;
import espalier.format.ModelFile;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train image --stages plan.json}. */
class TrainStagesTest {
    private static final String PLAN = """
            [{"freeze": true, "epochs": 1, "lr": 1e-2, "save": "first"},
             {"freeze": false, "epochs": 1, "lr": [1e-4, 1e-3], "size": 48, "batch_size": 8}]
            """;

    @TempDir
    private Path folder;

    private Path data;
    private Path plan;

    @BeforeEach
    void make() throws IOException {
        data = PictureFiles.twoClasses(folder.resolve("data"), 12);
        plan = folder.resolve("plan.json");
        Files.writeString(plan, PLAN);
    }

    private Path out() {
        return folder.resolve("m.safetensors");
    }

    private Run train(String... more) {
        var words = new ArrayList<>(List.of("train", "image", data.toString(), "--out", out().toString()));
        words.addAll(List.of("--stages", plan.toString(), "--size", "32", "--batch-size", "4"));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    private static Object height(Path model) {
        return ModelFile.inspect(model).transforms().get(0).parameters().get("height");
    }

    @Test
    void stages_areOneRunWithOneHistory() {
        var run = train("--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        var history = run.json().get("history");
        assertThat(history).hasSize(2);
        assertThat(history.get(0).get("phase").asString()).isEqualTo("frozen");
        assertThat(history.get(1).get("phase").asString()).isEqualTo("unfrozen");
        assertThat(history.get(1).get("epoch").asInt()).isEqualTo(2);
        assertThat(height(out())).isEqualTo(48);
        assertThat(height(folder.resolve("first.safetensors"))).isEqualTo(32);
        assertThat(ModelFile.inspect(folder.resolve("first.safetensors")).history())
                .hasSize(1);
        assertThat(run.err())
                .contains("stage 1 of 2: frozen, 1 epoch, learning rate 0.01, 32 pixels, batches of 4")
                .contains("stage 2 of 2: unfrozen, 1 epoch, learning rate 1.0E-4 to 0.001, 48 pixels, batches of 8")
                .contains("saved " + folder.resolve("first.safetensors"));
        var again = TrainImage.like(ModelFile.inspect(out()), data, folder.resolve("again.safetensors"));
        assertThat(again.recipe().stages()).contains(Stages.parse(PLAN).startingWith(32));
    }

    /** Interrupted in the second stage, whose pictures are larger and whose batches are others. */
    @Test
    void interruptedInAStage_goesOnToTheSameModel() {
        assertThat(train().exitCode()).isZero();
        var whole = ModelFile.load(out()).tensors();
        var spec = TrainImage.like(ModelFile.inspect(out()), data, out());
        try (var training = spec.open()) {
            var report = training.run(new Callback() {
                @Override
                public void afterBatch(Fit fit, Step step) {
                    if (fit.position().cycle() == 1 && fit.position().batch() == 1) {
                        fit.learner().interrupt();
                    }
                }
            });
            assertThat(report.interrupted()).isTrue();
        }
        var resumed = spec.resume(true).run();
        assertThat(resumed.history()).hasSize(2);
        var parts = ModelFile.load(out()).tensors();
        whole.forEach(
                (name, value) -> assertThat(parts.get(name).data()).as(name).isEqualTo(value.data()));
    }

    @Test
    void wrongPlans_areRefusedBeforeTraining() throws IOException {
        var both = train("--epochs", "3");
        assertThat(both.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(both.err()).contains("--epochs does not go with --stages");
        Files.writeString(plan, PLAN.replace("first", "m"));
        assertThat(train().err()).contains("saves stage 1 as " + out());
        Files.writeString(plan, PLAN.replace("freeze", "frozen"));
        var wrong = train();
        assertThat(wrong.exitCode()).isEqualTo(ExitCodes.BAD_DATA);
        assertThat(wrong.err()).contains("stage 1", "frozen");
        plan = folder.resolve("none.json");
        assertThat(train().exitCode()).isEqualTo(ExitCodes.NO_INPUT);
    }
}
