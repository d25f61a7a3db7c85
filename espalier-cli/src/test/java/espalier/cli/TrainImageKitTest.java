package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.app.PictureOptions;
import espalier.app.TrainImage;
import espalier.app.Variation;
import espalier.format.ModelFile;
import espalier.vision.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of {@code train image} beyond epochs, rate and data. */
class TrainImageKitTest {
    @TempDir
    private Path folder;

    private Run train(String... more) {
        Path data = folder.resolve("data");
        if (!Files.exists(data)) {
            PictureFiles.twoClasses(data, 12);
        }
        var words = new ArrayList<>(List.of("train", "image", data.toString(), "--out", out().toString()));
        words.addAll(List.of("--size", "32", "--batch-size", "4", "--freeze-epochs", "1", "--epochs", "1", "--json"));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    private Path out() {
        return folder.resolve("m.safetensors");
    }

    @Test
    void kit_isUsedWrittenAndKept() throws IOException {
        Path csv = folder.resolve("log.csv");
        Path events = folder.resolve("events");
        var run = train(
                "--optimizer",
                "radam",
                "--weight-decay",
                "0.05",
                "--accumulate",
                "2",
                "--clip-norm",
                "1",
                "--mixup",
                "0.4",
                "--label-smoothing",
                "0.1",
                "--ema",
                "0.5",
                "--schedule",
                "cosine:warmup=0.5",
                "--batch-norm",
                "frozen",
                "--metrics",
                "error_rate,f1_score",
                "--save-best",
                "matthews_corrcoef",
                "--save-every",
                "1",
                "--log-csv",
                csv.toString(),
                "--tensorboard",
                events.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        var json = run.json();
        assertThat(json.get("history").get(1).get("metrics").propertyNames())
                .containsExactly("error_rate", "f1_score", "matthews_corrcoef");
        assertThat(json.get("saved").get("phase").asString()).isIn("frozen", "unfrozen");
        assertThat(Files.readAllLines(csv)).hasSize(3).first().asString().contains("f1_score");
        assertThat(folder.resolve("m.epoch-02.safetensors")).exists();
        try (var files = Files.list(events)) {
            assertThat(files).hasSize(1);
        }
        var options = Run.of("inspect", out().toString(), "--json").json().toString();
        assertThat(options)
                .contains("\"--optimizer\":\"radam\"", "\"--mixup\":\"0.4\"", "\"--batch-norm\":\"frozen\"")
                .contains("cosine:end=0,warmup=0.5,warmup_start=0.01")
                .doesNotContain("events");
    }

    /** Pictures of one red and one blue class: means of the channels are known. */
    @Test
    void changesOfSinglePicturesAndTheDatasOwnStatistics_areKeptInTheModelFile() {
        var run = train("--augment", "trivial", "--normalize", "data");
        assertThat(run.exitCode()).as(run.err()).isZero();
        var document = ModelFile.inspect(out());
        assertThat(document.transforms())
                .extracting(step -> step.name())
                .containsExactly("randomResizedCrop", "flip", "trivialAugment");
        var mean = document.normalisation().orElseThrow().mean();
        assertThat(mean)
                .isNotEqualTo(
                        Models.efficientNetLite0().published().normalisation().mean());
        assertThat(mean).allSatisfy(level -> assertThat(level).isBetween(0.0, 1.0));
        var like = TrainImage.like(document, folder, out()).pictures();
        assertThat(like.variation().augment()).isEqualTo(Variation.Augment.TRIVIAL);
        assertThat(like.normalization()).isEqualTo(PictureOptions.Normalization.DATA);
        assertThat(Run.of("predict", out().toString(), folder + "/data").exitCode())
                .isZero();
        assertThat(train("--augment", "randaugment", "--max-warp", "0").err()).contains("belong to --augment standard");
    }

    @Test
    void resize_isKeptInTheModelFile() {
        var run = train("--resize-method", "squish");
        assertThat(run.exitCode()).as(run.err()).isZero();
        var document = ModelFile.inspect(out());
        assertThat(document.transforms()).extracting(step -> step.name()).containsExactly("resize");
        assertThat(document.transforms().get(0).parameters()).containsEntry("method", "squish");
        assertThat(TrainImage.like(document, folder, out())
                        .pictures()
                        .variation()
                        .framing())
                .isEqualTo(Variation.Framing.SQUISH);
        assertThat(Run.of("predict", out().toString(), folder + "/data").exitCode())
                .isZero();
        assertThat(train("--resize-method", "crop", "--min-scale", "0.5").err())
                .contains("--min-scale belongs to --resize-method");
    }

    @Test
    void mlflowServerThatDoesNotAnswer_endsBeforeTraining() {
        var run = train("--mlflow", "http://127.0.0.1:1");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.BAD_DATA);
        assertThat(run.err())
                .contains("the MLflow server http://127.0.0.1:1 cannot be used", "Maybe it is not running");
        assertThat(out()).doesNotExist();
        assertThat(train("--experiment", "dogs").err()).contains("--experiment is one of --mlflow");
        assertThat(train("--mlflow", "localhost:5000").err()).contains("Maybe http://localhost:5000");
    }

    @Test
    void whatIsNotKnown_endsBeforeTheFirstEpochAndSaysWhatIs() {
        var metric = train("--metrics", "f2");
        assertThat(metric.exitCode()).isEqualTo(2);
        assertThat(metric.err()).contains("no metric \"f2\"", "f1_score");
        var regression = train("--metrics", "mae");
        assertThat(regression.exitCode()).isEqualTo(2);
        assertThat(regression.err()).contains("mae does not fit these targets");
        assertThat(train("--optimizer", "adamw").err()).contains("no optimiser \"adamw\"", "adam,");
        assertThat(train("--schedule", "cosin").err()).contains("no schedule \"cosin\"", "cosine");
        var both = train("--mixup", "0.4", "--cutmix", "1");
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.err()).contains("--mixup and --cutmix", "Maybe");
        assertThat(train("--ema", "1").err()).contains("--ema is 1.0", "Maybe 0.99");
        assertThat(out()).doesNotExist();
    }
}
