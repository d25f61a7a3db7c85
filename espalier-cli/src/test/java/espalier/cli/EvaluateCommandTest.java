package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
    @TempDir
    Path folder;

    @Test
    void figures_agreeWithThoseOfPredict() {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 5);
        String model =
                PictureFiles.untrained(data, folder.resolve("m.safetensors")).toString();
        var predicted = Run.of("predict", "--json", model, data.toString()).json();
        double loss = 0;
        int right = 0;
        for (var row : predicted) {
            String actual = Path.of(row.get("file").asString())
                    .getParent()
                    .getFileName()
                    .toString();
            loss -= Math.log(row.get("probabilities").get(actual).asDouble()) / predicted.size();
            right += row.get("label").asString().equals(actual) ? 1 : 0;
        }
        var run = Run.of("evaluate", "--json", model, data.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        var json = run.json();
        assertThat(json.get("n").asInt()).isEqualTo(10);
        assertThat(json.get("loss").asDouble()).isCloseTo(loss, within(1e-6));
        assertThat(json.get("metrics").get("accuracy").asDouble()).isEqualTo(right / 10.0);
        assertThat(json.get("metrics").get("error_rate").asDouble()).isEqualTo((10 - right) / 10.0);
        assertThat(json.get("images_per_second").asDouble()).isPositive();
        assertThat(json.get("rejected").size()).isZero();
    }

    @Test
    void classInAnotherCase_isNamedWithTheModelsOwn() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 3);
        String model =
                PictureFiles.untrained(data, folder.resolve("m.safetensors")).toString();
        String first = Run.of("predict", "--json", model, data.toString())
                .json()
                .get(0)
                .get("probabilities")
                .propertyNames()
                .iterator()
                .next();
        Files.move(data.resolve(first), data.resolve(first.toUpperCase(Locale.ROOT)));
        var run = Run.of("evaluate", "--json", model, data.toString());
        assertThat(run.json().get("n").asInt()).isEqualTo(3);
        assertThat(run.json().get("rejected").toString())
                .contains("its class " + first.toUpperCase(Locale.ROOT) + " is not one of the model's, maybe " + first);
    }

    @Test
    void testTimeAugmentation_agreesWithThatOfPredictByEveryEngine() {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 3);
        String model = folder + "/m.safetensors";
        String train =
                "train image " + data + " --epochs 2 --freeze-epochs 0 --lr 0.01 --size 32 --batch-size 4 --out ";
        assertThat(Run.of((train + model).split(" ")).exitCode()).isZero();
        double loss = 0;
        for (var row : Run.of("predict", "--json", "--tta", "2", model, data.toString())
                .json()) {
            String actual = Path.of(row.get("file").asString())
                    .getParent()
                    .getFileName()
                    .toString();
            loss -= Math.log(row.get("probabilities").get(actual).asDouble()) / 6;
        }
        double byLibtorch = loss("--tta=2", "--engine", "libtorch", model, data.toString());
        assertThat(byLibtorch).isCloseTo(loss, within(1e-4));
        assertThat(loss("--tta", model, data.toString(), "--engine", "onnxruntime"))
                .isCloseTo(loss("--tta", "4", model, data.toString(), "--engine", "libtorch"), within(1e-4))
                .isNotCloseTo(loss(model, data.toString()), within(1e-5));
        assertThat(Run.of("evaluate", "--tta", "0", model, data.toString()).err())
                .contains("--tta is 0");
    }

    private static double loss(String... rest) {
        var run = Run.of(Stream.concat(Stream.of("evaluate", "--json", "--split", "all"), Stream.of(rest))
                .toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.json().get("loss").asDouble();
    }

    @Test
    void tags_haveTheirOwnFigures() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        Path csv = folder.resolve("tags.csv");
        var lines = new StringBuilder("file,tags\n");
        for (int i = 0; i < 4; i++) {
            lines.append("blue/" + i + ".png,blue" + (i % 2 == 0 ? " even" : "") + "\n");
            lines.append("red/" + i + ".png,red\n");
        }
        Files.writeString(csv, lines);
        String model = folder + "/tags.safetensors";
        String[] train = {"train", "image", data.toString(), "--csv", csv.toString(), "--tags", "--epochs", "0"};
        var trained =
                Run.of(Stream.concat(Stream.of(train), Stream.of("--size", "32", "--threshold", "0.5", "--out", model))
                        .toArray(String[]::new));
        assertThat(trained.exitCode()).as(trained.err()).isZero();

        var run = Run.of("evaluate", "--json", model, data.toString(), "--csv", csv.toString(), "--split", "all");
        assertThat(run.exitCode()).as(run.err()).isZero();
        var json = run.json();
        assertThat(json.get("metrics").propertyNames())
                .contains("accuracy_multi", "f2_samples", "f2_macro", "average_precision");
        var even = json.get("tags").get(1);
        assertThat(even.get("tag").asString()).isEqualTo("even");
        assertThat(even.get("items").asInt()).isEqualTo(2);
        assertThat(even.get("threshold").asDouble()).isEqualTo(0.5);
        double mean = 0;
        for (var tag : json.get("tags")) {
            mean += tag.get("average_precision").asDouble() / 3;
        }
        assertThat(json.get("metrics").get("average_precision").asDouble()).isCloseTo(mean, within(1e-12));

        var shown = Run.of("evaluate", model, data.toString(), "--csv", csv.toString(), "--split", "all");
        assertThat(shown.out()).contains("accuracy_multi", "avg_precision", "threshold", "even");
        assertThat(shown.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void whatCannotBeJudged_isReported() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        String model =
                PictureFiles.untrained(data, folder.resolve("m.safetensors")).toString();
        PictureFiles.png(data.resolve("green/0.png"), Color.GREEN);
        PictureFiles.png(data.resolve("lost.png"), Color.GREEN);
        Files.writeString(data.resolve("red/broken.jpg"), "no picture");
        var json = Run.of("evaluate", "--json", model, data.toString()).json();
        assertThat(json.get("n").asInt()).isEqualTo(8);
        assertThat(json.get("rejected").size()).isEqualTo(3);
        assertThat(json.get("rejected").toString()).contains("green/0.png", "lost.png", "red/broken.jpg");
    }

    @Test
    void nothingToJudge_isBadData() {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        String model =
                PictureFiles.untrained(data, folder.resolve("m.safetensors")).toString();
        Path other = folder.resolve("other");
        PictureFiles.png(other.resolve("green/0.png"), Color.GREEN);
        var run = Run.of("evaluate", model, other.toString());
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.err()).contains("green", "Maybe");
        assertThat(Run.of("evaluate", model, folder.resolve("none").toString()).exitCode())
                .isEqualTo(66);
    }

    /** On its own training pictures a model does better than on any others, and a beginner believes it. */
    @Test
    void folderThatTheModelWasTrainedOn_isJudgedByItsOtherPictures_andSaid() throws Exception {
        Path data = PictureFiles.twoClasses(folder.resolve("mine"), 20);
        String model = folder + "/mine.safetensors";
        var trained = Run.of("train", "image", data.toString(), "--epochs", "0", "--size", "32", "--out", model);
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        var valid = Run.of("evaluate", model, data.toString(), "--split", "valid", "--json")
                .json();
        int n = valid.get("n").asInt();
        assertThat(n).isBetween(2, 15);

        var judged = Run.of("evaluate", model, data.toString(), "--json");
        assertThat(judged.json().get("n").asInt()).isEqualTo(n);
        assertThat(judged.json().get("loss").asDouble())
                .isEqualTo(valid.get("loss").asDouble());
        String note = "the model was trained on " + (40 - n) + " of these 40 pictures; it is judged by the other " + n;
        assertThat(judged.err()).contains(note);
        assertThat(judged.json().get("note").asString()).isEqualTo(note);

        var all = Run.of("evaluate", model, data.toString(), "--split", "all", "--json");
        assertThat(all.json().get("n").asInt()).isEqualTo(40);
        assertThat(all.err()).contains("trained on " + (40 - n) + " of these 40 pictures; on new ones it does worse");

        Path elsewhere = folder.resolve("elsewhere");
        PictureFiles.png(elsewhere.resolve("red/new.png"), java.awt.Color.PINK);
        PictureFiles.png(elsewhere.resolve("blue/new.png"), java.awt.Color.CYAN);
        var fresh = Run.of("evaluate", model, elsewhere.toString(), "--json");
        assertThat(fresh.json().get("n").asInt()).isEqualTo(2);
        assertThat(fresh.err()).doesNotContain("trained on");

        var report = Run.of("interpret", model, data.toString(), "--out", folder + "/report", "--json");
        assertThat(report.err()).contains(note);
        assertThat(java.nio.file.Files.readString(folder.resolve("report/report.html")))
                .contains("judged by the other " + n);
    }
}
