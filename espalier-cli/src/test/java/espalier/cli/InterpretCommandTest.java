package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    }
}
