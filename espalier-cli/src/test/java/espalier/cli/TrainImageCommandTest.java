package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.app.Caption;
import espalier.app.TrainImage;
import espalier.format.ModelFile;
import espalier.predict.Predictor;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainImageCommandTest {
    @TempDir
    private Path folder;

    /** Red and blue pictures, and one file that is none. */
    private Path pictures() throws IOException {
        Path data = folder.resolve("data");
        for (int i = 0; i < 10; i++) {
            save(data.resolve("red").resolve(i + ".png"), new Color(220, 20 * i, 10));
            save(data.resolve("blue").resolve(i + ".png"), new Color(10, 20 * i, 220));
        }
        Files.writeString(data.resolve("red").resolve("broken.png"), "no picture");
        return data;
    }

    private static void save(Path file, Color colour) throws IOException {
        Files.createDirectories(file.getParent());
        var image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setColor(colour);
        graphics.fillRect(0, 0, 40, 40);
        graphics.dispose();
        ImageIO.write(image, "png", file.toFile());
    }

    @Test
    void trains_andPrintsOneDocument() throws IOException {
        Path data = pictures();
        Path out = folder.resolve("colours.safetensors");
        var run = Run.of(
                "train",
                "image",
                data.toString(),
                "--out",
                out.toString(),
                "--size",
                "32",
                "--epochs",
                "1",
                "--batch-size",
                "8",
                "--augment",
                "none",
                "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        var json = run.json();
        assertThat(json.propertyNames())
                .containsExactly(
                        "model",
                        "classes",
                        "n_train",
                        "n_valid",
                        "precision",
                        "seconds",
                        "images_per_second",
                        "history",
                        "saved",
                        "rejected",
                        "warnings");
        assertThat(json.get("classes").toString()).isEqualTo("[\"blue\",\"red\"]");
        assertThat(json.get("n_train").asInt() + json.get("n_valid").asInt()).isEqualTo(20);
        assertThat(json.get("history").size()).isEqualTo(2);
        assertThat(json.get("history").get(0).get("phase").asString()).isEqualTo("frozen");
        assertThat(json.get("history").get(1).get("metrics").get("error_rate").isNumber())
                .isTrue();
        assertThat(json.get("rejected").get(0).get("file").asString()).endsWith("broken.png");
        assertThat(run.err()).contains("train_loss", "broken.png");
        assertThat(folder.resolve("colours.safetensors.checkpoints")).doesNotExist();
        try (var model = Predictor.load(out)) {
            assertThat(model.classes()).containsExactly("blue", "red");
        }
    }

    @Test
    void C07_labelsInATable_areTaken() throws IOException {
        Path data = pictures();
        Path csv = Files.writeString(folder.resolve("labels.csv"), """
                file,label,split
                red/0.png,warm,train
                red/1.png,warm,train
                red/2.png,warm,valid
                blue/0.png,cold,train
                blue/1.png,cold,train
                blue/1.png,warm,train
                ../up.png,warm,train
                red/none.png,warm,train
                """);
        String out = folder.resolve("m.safetensors").toString();
        var run = Run.of(
                ("train image --size 32 --epochs 0 --augment none --json --csv " + csv + " --out " + out + " " + data)
                        .split(" "));
        assertThat(run.exitCode()).as(run.err()).isZero();
        var json = run.json();
        assertThat(json.get("classes").toString()).isEqualTo("[\"cold\",\"warm\"]");
        assertThat(json.get("n_train").asInt()).isEqualTo(4);
        assertThat(json.get("n_valid").asInt()).isEqualTo(1);
        assertThat(json.get("rejected").toString()).contains("../up.png", "red/none.png", "is there twice");
        var judged = Run.of(("evaluate --json --split train --csv " + csv + " " + out + " " + data).split(" "));
        assertThat(judged.json().get("n").asInt()).isEqualTo(4);
        assertThat(Run.of("train", "image", data.toString(), "--csv", "none.csv", "--out", out)
                        .exitCode())
                .isEqualTo(66);
    }

    @Test
    void C04_C05_tablesWithFaults_areReadOrRefusedWithAHint() throws IOException {
        Path data = pictures();
        String out = folder.resolve("m.safetensors").toString();
        for (String text : new String[] {
            "red/0.png,warm\nred/1.png,warm\nblue/0.png,cold\n", "datei;klasse\nred/0;warm\nred/1;warm\nblue/0;cold\n"
        }) {
            Path odd = Files.writeString(folder.resolve("a.csv"), text);
            var run = Run.of(("train image --size 32 --epochs 0 --freeze-epochs 0 --json --csv " + odd + " --out " + out
                            + " " + data)
                    .split(" "));
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.json().get("classes").toString()).isEqualTo("[\"cold\",\"warm\"]");
        }
        Path part = Files.writeString(
                folder.resolve("b.csv"), "file,label,split\nred/0.png,warm,train\nblue/0.png,cold,vaild\n");
        var refused = Run.of("train", "image", data.toString(), "--csv", part.toString(), "--out", out);
        assertThat(refused.exitCode()).isEqualTo(65);
        assertThat(refused.err()).contains("b.csv, row 2, column split", "'vaild'", "Maybe");
        var column = Run.of(
                "train", "image", data.toString(), "--csv", part.toString(), "--label-column", "kind", "--out", out);
        assertThat(column.exitCode()).isEqualTo(65);
        assertThat(column.err()).contains("no column kind", "1 label");
        Path twice = Files.writeString(folder.resolve("c.csv"), """
                file,label
                red/0.png,warm
                red/1.png,warm
                red/0.png,cold
                blue/0.png,cold
                blue/1.png,cold
                blue/2.png,
                """);
        var run = Run.of(
                ("train image --size 32 --epochs 0 --json --csv " + twice + " --out " + out + " " + data).split(" "));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().get("rejected").toString())
                .contains("with another label: cold, before warm", "blue/2.png", "has no label");
    }

    @Test
    void missingFolder_exitsWith66() {
        var run = Run.of("train", "image", folder.resolve("nowhere").toString(), "--out", "x.safetensors");
        assertThat(run.exitCode()).isEqualTo(66);
        assertThat(run.err()).contains("nowhere", "Maybe");
    }

    @Test
    void folderWithoutPictures_exitsWith65() {
        var run = Run.of(
                "train",
                "image",
                folder.toString(),
                "--out",
                folder.resolve("x.safetensors").toString());
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void T06_outputThatCannotBeWritten_failsBeforeTheFirstEpoch() throws IOException {
        Path data = pictures();
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        var run = Run.of(
                "train",
                "image",
                data.toString(),
                "--out",
                file.resolve("x.safetensors").toString());
        assertThat(run.exitCode()).isEqualTo(73);
        assertThat(run.err()).contains("cannot write", "x.safetensors").doesNotContain("train_loss");
    }

    @Test
    void D20_nowhereToWrite_namesThePlace() throws IOException {
        Path data = pictures();
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        for (String[] command : new String[][] {
            {
                "train",
                "image",
                data.toString(),
                "--out",
                file.resolve("x.safetensors").toString()
            },
            {"show", data.toString(), "--out", file.resolve("x.png").toString()},
            {"quickstart", "--out", file.resolve("x").toString()}
        }) {
            var run = Run.of(command);
            assertThat(run.exitCode()).as(run.err()).isEqualTo(73);
            assertThat(run.err()).contains("cannot write " + file).contains("Maybe");
        }
    }

    @Test
    void monitor_tellsWhereThePageIs() throws IOException {
        Path out = folder.resolve("x.safetensors");
        var run = Run.of(
                "train",
                "image",
                pictures().toString(),
                "--out",
                out.toString(),
                "--size",
                "32",
                "--epochs",
                "0",
                "--monitor",
                "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).containsPattern("watch the training at http://127.0.0.1:\\d+/#token=[0-9a-f]{32}");
        assertThat(run.json().get("history").size()).isEqualTo(1);
    }

    @Test
    void resume_withoutACheckpoint_saysThatItStartsAnew() throws IOException {
        Path out = folder.resolve("x.safetensors");
        var run = Run.of(
                "train",
                "image",
                pictures().toString(),
                "--out",
                out.toString(),
                "--size",
                "32",
                "--epochs",
                "0",
                "--resume",
                "--quiet");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("starts anew", "x.safetensors.checkpoints");
        assertThat(out).isNotEmptyFile();
    }

    @Test
    void unknownModel_andWrongNumbers_exitWith2() throws IOException {
        Path data = pictures();
        String out = folder.resolve("x.safetensors").toString();
        var run = Run.of("train", "image", data.toString(), "--out", out, "--model", "resnet19");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("resnet19", "resnet18");
        assertThat(Run.of("train", "image", data.toString(), "--out", out, "--epochs", "many")
                        .exitCode())
                .isEqualTo(2);
        assertThat(Run.of("train", "image", data.toString(), "--out", out, "--valid", "2")
                        .exitCode())
                .isEqualTo(2);
        assertThat(Run.of("train", "image", data.toString()).exitCode()).isEqualTo(2);
    }

    @Test
    void titleAndDescription_areInTheModelFile() throws IOException {
        Path data = pictures();
        Path out = folder.resolve("x.safetensors");
        var run = Run.of(
                "train",
                "image",
                data.toString(),
                "--size",
                "32",
                "--epochs",
                "0",
                "--freeze-epochs",
                "0",
                "--out",
                out.toString(),
                "--title",
                "Red or blue",
                "--description",
                "Tells warm colours from cold.");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(Run.of("inspect", out.toString()).out())
                .contains("title         Red or blue", "description   Tells warm colours from cold.");
        var again = TrainImage.like(ModelFile.inspect(out), data, out);
        assertThat(again.caption()).isEqualTo(new Caption("Red or blue", "Tells warm colours from cold."));
        assertThat(Run.of("train", "image", data.toString(), "--out", out.toString(), "--title", "x".repeat(101))
                        .err())
                .contains("the title has 101 characters", "Maybe");
    }
}
