package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
