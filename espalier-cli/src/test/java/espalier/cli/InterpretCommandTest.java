package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterpretCommandTest {
    @TempDir
    Path folder;

    private Path data;
    private String model = "";

    @BeforeEach
    void makeModel() {
        data = PictureFiles.twoClasses(folder.resolve("data"), 12);
        model = PictureFiles.untrained(data, folder.resolve("m.safetensors")).toString();
    }

    @Test
    void figures_areThoseOfEvaluate() {
        Path out = folder.resolve("report");
        var run = Run.of("interpret", "--json", model, data.toString(), "--top-losses", "2", "--out", out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        var json = run.json();
        var judged = Run.of("evaluate", "--json", model, data.toString()).json();
        assertThat(json.get("items").asInt()).isEqualTo(24);
        assertThat(json.get("mean_loss").asDouble())
                .isCloseTo(judged.get("loss").asDouble(), within(1e-6));
        for (String list : List.of("largest", "smallest", "least_sure")) {
            assertThat(json.get("top_losses").get(list)).as(list).hasSize(2);
        }
        assertThat(run.err()).doesNotContain("no picture of");
        assertThat(json.get("confusion").get("accuracy").asDouble())
                .isCloseTo(judged.get("metrics").get("accuracy").asDouble(), within(1e-9));
        assertThat(json.get("files").get(0).asString())
                .isEqualTo(out.resolve("report.html").toString());
        assertThat(out.resolve("confusion.png")).isNotEmptyFile();
    }

    @Test
    void parts_andListsChooseThePictures() throws IOException {
        Path out = folder.resolve("report");
        var valid = Run.of(
                "interpret",
                "--json",
                model,
                data.toString(),
                "--split",
                "valid",
                "--top-losses",
                "2",
                "-o",
                out.toString());
        var train = Run.of(
                "interpret",
                "--json",
                model,
                data.toString(),
                "--split",
                "train",
                "--top-losses",
                "2",
                "-o",
                out.toString());
        int count = valid.json().get("items").asInt();
        assertThat(count).isPositive();
        assertThat(count + train.json().get("items").asInt()).isEqualTo(24);
        Path csv = Files.writeString(folder.resolve("l.csv"), "file,label\nblue/1.png,blue\nred/2.png,red\n");
        var listed = Run.of("evaluate", "--json", model, data.toString(), "--csv", csv.toString());
        assertThat(listed.json().get("n").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"dogs-vs-cats,dogs-vs-cats,400", "chest-xrays,chest-xrays/test,50"})
    @Tag("real")
    void realPictures_areCountedAsPredictSaysAndReportedInOneFile(String trained, String judged, int count)
            throws IOException {
        Path file = folder.resolve("real.safetensors");
        Path pictures = PictureFiles.shared().resolve("data");
        var training = Run.of(
                "train",
                "image",
                pictures.resolve(trained).toString(),
                "--size",
                "96",
                "--epochs",
                "0",
                "--out",
                file.toString());
        assertThat(training.exitCode()).as(training.err()).isZero();
        String test = pictures.resolve(judged).toString();
        Path out = folder.resolve("report");
        var json = Run.of("interpret", "--json", file.toString(), test, "--split", "all", "--out", out.toString())
                .json();
        assertThat(json.get("items").asInt()).isEqualTo(count);
        long[][] recount = new long[2][2];
        var classes = json.get("confusion").get("classes");
        for (var row : Run.of("predict", "--json", file.toString(), test).json()) {
            String actual = Path.of(row.get("file").asString())
                    .getParent()
                    .getFileName()
                    .toString();
            recount[classes.get(0).asString().equals(actual) ? 0 : 1][
                    row.get("index").asInt()]++;
        }
        assertThat(json.get("confusion").get("counts").toString())
                .isEqualTo(java.util.Arrays.deepToString(recount).replace(" ", ""));
        assertThat(json.get("confusion").get("accuracy").asDouble()).isGreaterThan(0.7);
        String html = Files.readString(out.resolve("report.html"));
        assertThat(html.length()).isLessThan(5_000_000);
        assertThat(html)
                .contains("what the model looked at")
                .doesNotContainPattern("(?i)(src|srcset|href)=\"http|url\\(|@import|<script|<link");
    }

    @Test
    void aClassWithoutPictures_isNamed_andAFolderThatIsALinkIsRead() throws IOException {
        Path other = folder.resolve("elsewhere");
        Files.move(data.resolve("red"), other);
        String report = folder.resolve("report").toString();
        var run = Run.of("interpret", model, data.toString(), "--top-losses", "0", "--out", report);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("no picture of: red; macro figures count it as 0");
        Files.createSymbolicLink(data.resolve("red"), other);
        for (var command : List.of(
                new String[] {"interpret", model, data.toString(), "--top-losses", "0", "--out", report},
                new String[] {"evaluate", model, data.toString()})) {
            assertThat(Run.of(command).err()).doesNotContain("no picture of", "left out");
        }
        assertThat(Run.of("clean", model, data.toString(), "--list", "3").err())
                .contains("1 folder was left out:", "red: a link to a folder, and nothing behind links is changed")
                .doesNotContain("file was");
    }

    @Test
    void people_getAMatrixAndAPath() {
        Path out = folder.resolve("report");
        var run = Run.of("interpret", model, data.toString(), "--top-losses", "2", "--out", out.toString());
        assertThat(run.out()).contains("actual", "predicted", "macro F1", "report.html");
    }

    @Test
    void failures_haveTheirExitCodes() throws IOException {
        String out = folder.resolve("report").toString();
        assertThat(Run.of("interpret", model, data.toString()).exitCode()).isEqualTo(2);
        assertThat(Run.of("interpret", folder.resolve("none").toString(), data.toString(), "-o", out)
                        .exitCode())
                .isEqualTo(66);
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        var run = Run.of(
                "interpret", model, data.toString(), "-o", file.resolve("x").toString());
        assertThat(run.exitCode()).isEqualTo(73);
        assertThat(run.err()).contains("cannot write", file.toString());
        assertThat(Run.of("interpret", file.toString(), data.toString(), "-o", out)
                        .exitCode())
                .isEqualTo(65);
        run = Run.of("interpret", model, data.toString(), "-o", out, "--top-losses", "-3");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--top-losses is -3, expected 0 or more. Maybe");
        run = Run.of("interpret", model, data.toString(), "-o", out, "--split", "test");
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.err()).contains("no picture in the part test of", "Maybe there is no folder of that name");
        assertThat(folder.resolve("report")).as("nothing is left behind").doesNotExist();
    }
}
