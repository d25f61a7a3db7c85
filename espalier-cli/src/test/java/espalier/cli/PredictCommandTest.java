package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.app.Predict;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {
    @TempDir
    Path folder;

    @Test
    void answers_comeInOrderWithErrorsInTheirPlace() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        Path model = PictureFiles.untrained(data, folder.resolve("m.safetensors"));
        Path broken = Files.writeString(folder.resolve("=broken.jpg"), "no picture");
        var run = Run.of(
                "predict", "--json", model.toString(), data.resolve("red").toString(), broken.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        var rows = run.json();
        assertThat(rows.size()).isEqualTo(5);
        assertThat(rows.get(0).get("file").asString()).endsWith("0.png");
        var probabilities = rows.get(0).get("probabilities");
        assertThat(probabilities.get("red").asDouble()
                        + probabilities.get("blue").asDouble())
                .isCloseTo(1, within(1e-5));
        assertThat(rows.get(0).get("label").asString()).isIn("red", "blue");
        assertThat(rows.get(4).get("error").asString()).isNotBlank();
        assertThat(rows.get(4).has("label")).isFalse();
    }

    @Test
    void csv_disarmsFormulas() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        Path model = PictureFiles.untrained(data, folder.resolve("m.safetensors"));
        Path odd = Path.of("=cmd,1.png"); // relative, so that the cell starts with it
        var run = Run.of(
                "predict",
                "--csv",
                model.toString(),
                odd.toString(),
                data.resolve("red/0.png").toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        var lines = run.out().lines().toList();
        assertThat(lines.get(0)).isEqualTo("file,label,index,probability,error");
        assertThat(lines.get(1)).startsWith("\"'=cmd,1.png\",");
        assertThat(lines.get(2)).contains("0.png");
    }

    @Test
    void out_writesTheAnswersAsItsEndingSays() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 2);
        String model =
                PictureFiles.untrained(data, folder.resolve("m.safetensors")).toString();
        Files.writeString(data.resolve("red/broken.png"), "no picture");
        Path csv = folder.resolve("answers.csv");
        Path lines = folder.resolve("answers.JSONL");

        var run = Run.of("predict", model, "" + data, "--out", "" + csv);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("wrote " + csv + ": 5 answers, ").hasLineCount(1);
        var printed = Run.of("predict", "--csv", model, "" + data);
        assertThat(csv).content().isEqualTo(printed.out()).contains("label,index,probability,error\n");

        run = Run.of("predict", model, "" + data, "--out", "" + lines, "--json");
        assertThat(run.json().get("answers").asInt()).isEqualTo(5);
        var rows = Files.readAllLines(lines);
        var expected = Run.of("predict", "--json", model, "" + data).json();
        assertThat(rows).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(new Run(0, rows.get(i), "").json()).isEqualTo(expected.get(i));
        }
    }

    @Test
    void outThatCannotBe_isRefusedBeforeAnythingIsPredicted() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 1);
        String model =
                PictureFiles.untrained(data, folder.resolve("m.safetensors")).toString();

        Path old = Files.writeString(folder.resolve("old.csv"), "as it was");
        assertThat(Run.of("predict", model, "no-such.jpg", "--out", "" + old).exitCode())
                .isEqualTo(66);
        assertThat(old).hasContent("as it was");
        assertThat(Run.of("predict", model, "" + data, "--out", "" + folder.resolve("a.parquet"))
                        .err())
                .contains("expected a name that ends in .csv or .jsonl");
        assertThat(Run.of("predict", model, "" + data, "--out", "" + folder.resolve("no/such/a.csv"))
                        .exitCode())
                .isEqualTo(73);
        assertThat(Run.of("predict", model, "" + data, "--out", "" + folder.resolve("a.csv"), "--csv")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void exitCodes_tellWhatIsMissing() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        String model =
                PictureFiles.untrained(data, folder.resolve("m.safetensors")).toString();
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no picture");
        assertThat(Run.of("predict", model, broken.toString()).exitCode()).isEqualTo(65);
        assertThat(Run.of("predict", model, "no-such.jpg").exitCode()).isEqualTo(66);
        assertThat(Run.of("predict", "no-such.safetensors", broken.toString()).exitCode())
                .isEqualTo(66);
        assertThat(Run.of("predict", broken.toString(), broken.toString()).exitCode())
                .isEqualTo(65);
        assertThat(Run.of("predict", model).exitCode()).isEqualTo(2);
        assertThat(Run.of("predict", "--pretrained", "no-such-net", data.toString())
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void D16_linksOfAFolderAreFollowed_pipesAnsweredWithAnError() throws Exception {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 2);
        Path model = PictureFiles.untrained(data, folder.resolve("m.safetensors"));
        Path photos = Files.createDirectory(folder.resolve("photos"));
        Files.copy(data.resolve("red/0.png"), photos.resolve("b.png"));
        Files.createSymbolicLink(photos.resolve("a.png"), data.resolve("red/0.png"));
        Files.createSymbolicLink(photos.resolve("more"), data);
        assertThat(new ProcessBuilder("mkfifo", photos.resolve("c.jpg").toString())
                        .start()
                        .waitFor())
                .isZero();
        var run = Run.of("predict", "--json", model.toString(), photos.toString());
        var rows = run.json();
        assertThat(rows.size()).isEqualTo(3 + 4);
        assertThat(rows.get(0).get("label").asString()).isIn("red", "blue");
        assertThat(rows.get(1).get("label").asString()).isIn("red", "blue");
        assertThat(rows.get(2).get("error").asString()).contains("not a regular file");
        assertThat(rows.get(3).get("file").asString()).contains("more/");
    }

    @Test
    void D18_namesWithControlCharacters_doNotReachTheTerminal() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 2);
        Path model = PictureFiles.untrained(data, folder.resolve("m.safetensors"));
        Path odd = folder.resolve("a\u001b[31m\u202egnp\n.png");
        Files.copy(data.resolve("red/0.png"), odd);
        Path broken = Files.writeString(folder.resolve("b\u001b[2J.png"), "no picture");
        var run = Run.of("predict", model.toString(), odd.toString(), broken.toString());
        assertThat(run.out()).contains("a\\u001b[31m\\u202egnp\\n.png").hasLineCount(1);
        assertThat(run.err()).contains("b\\u001b[2J.png").doesNotContain("\u001b");
        assertThat(Run.of("predict", "--json", model.toString(), odd.toString())
                        .json()
                        .get(0)
                        .get("file")
                        .asString())
                .isEqualTo(odd.toString());
    }

    @Test
    void pretrained_isFoundBySeveralSpellings_andRanksFive() {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 1);
        String picture = data.resolve("red/0.png").toString();
        for (String name : List.of("EfficientNet_Lite0", "efficientnetlite0")) {
            var run = Run.of("predict", "--json", "--pretrained", name, picture);
            assertThat(run.exitCode()).as(run.err()).isZero();
            var top = run.json().get(0).get("top5");
            assertThat(top.size()).isEqualTo(5);
            assertThat(top.get(0).propertyNames()).containsExactly("index", "label", "probability");
            assertThat(top.get(0).get("index")).isEqualTo(run.json().get(0).get("index"));
        }
    }

    @Test
    void D09_orientations_giveEqualPredictions() throws IOException {
        var upright = new BufferedImage(256, 192, BufferedImage.TYPE_INT_RGB);
        var g = upright.createGraphics();
        g.setPaint(new GradientPaint(0, 0, Color.ORANGE, 256, 192, Color.BLUE));
        g.fillRect(0, 0, 256, 192);
        g.setColor(Color.WHITE);
        g.fillOval(32, 16, 96, 64);
        g.dispose();
        List<String> command = new ArrayList<>(List.of("predict", "--json", "--pretrained", "efficientnet-lite0"));
        List<Path> files = new ArrayList<>();
        for (int orientation = 1; orientation <= 8; orientation++) {
            files.add(Files.write(folder.resolve(orientation + ".jpg"), PictureFiles.jpeg(upright, orientation)));
            command.add(files.get(orientation - 1).toString());
        }
        var rows = Run.of(command.toArray(String[]::new)).json();
        assertThat(rows.size()).isEqualTo(8);
        double expected = rows.get(0).get("probability").asDouble();
        for (var row : rows) {
            assertThat(row.get("index").asInt())
                    .isEqualTo(rows.get(0).get("index").asInt());
            assertThat(row.get("probability").asDouble()).isCloseTo(expected, within(0.02));
        }
        List<Double> library = new ArrayList<>();
        Predict.pretrained("efficientnet-lite0", files)
                .run(answer -> library.add(answer.prediction().orElseThrow().probability()));
        for (int i = 0; i < 8; i++) {
            assertThat(library.get(i)).isEqualTo(rows.get(i).get("probability").asDouble());
        }
    }

    @Test
    @Tag("real")
    void lite0_onImageNetSample_isAsGoodAsPyTorch() throws IOException {
        assertThat(right("--pretrained", "efficientnet-lite0")).isBetween(55, 57);
    }

    @Test
    @Tag("real")
    void mobileNetV2_imported_isAsGoodAsPyTorch() throws IOException {
        Path pth = PictureFiles.shared().resolve("weights/mobilenet_v2-b0353104.pth");
        Path out = folder.resolve("mobilenet.safetensors");
        assertThat(Run.of("import", pth.toString(), "--model", "mobilenet-v2", "--out", out.toString())
                        .exitCode())
                .isZero();
        assertThat(right(out.toString())).isBetween(51, 53);
    }

    private static int right(String... model) throws IOException {
        Path sample = PictureFiles.shared().resolve("data/imagenet-sample");
        var labels = Files.readAllLines(sample.resolve("labels.csv"));
        List<String> command = new ArrayList<>(List.of("predict", "--json"));
        command.addAll(List.of(model));
        for (String line : labels.subList(1, labels.size())) {
            command.add(sample.resolve(line.split(",")[0]).toString());
        }
        var run = Run.of(command.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        var rows = run.json();
        assertThat(rows.size()).isEqualTo(labels.size() - 1).isEqualTo(59);
        int right = 0;
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i).get("top5").size()).isEqualTo(5);
            right += rows.get(i).get("index").asInt()
                            == Integer.parseInt(labels.get(i + 1).split(",")[1])
                    ? 1
                    : 0;
        }
        return right;
    }
}
