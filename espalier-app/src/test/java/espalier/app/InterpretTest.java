package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.report.DataException;
import espalier.report.Progress;
import espalier.testing.NoLeaks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(NoLeaks.class)
class InterpretTest {
    @TempDir
    Path folder;

    @Test
    void report_tellsEverything() throws IOException {
        Path data = Halves.write(folder.resolve("data"), 10);
        Path model = Halves.model(data, folder.resolve("halves.safetensors"), 2);
        Files.writeString(data.resolve("left/broken.png"), "no picture");
        Halves.write(data.resolve("up/0.png"), "left", 0);
        Path out = folder.resolve("a/report");
        var result = Interpret.of(model, data, out).topLosses(4).run(Progress.NONE);

        assertThat(result.interpretation().predictions().size()).isEqualTo(20);
        assertThat(result.history().epochs()).hasSize(2);
        assertThat(result.rejected()).hasSize(2);
        assertThat(result.files())
                .allSatisfy(file -> assertThat(file).isNotEmptyFile())
                .extracting(file -> out.relativize(file).toString())
                .containsExactly(
                        "report.html",
                        "confusion.png",
                        "confusion-normalised.png",
                        "roc.png",
                        "precision-recall.png",
                        "calibration.png",
                        "losses.png",
                        "metrics.png",
                        "top-losses.png");
        for (Path file : result.files().subList(1, 9)) {
            assertThat(ImageIO.read(file.toFile())).as(file.toString()).isNotNull();
        }
        String html = Files.readString(out.resolve("report.html"));
        assertThat(html)
                .contains("halves.safetensors on data", "efficientnet-lite0", "error_rate", "validation loss")
                .contains("broken.png", "up/0.png", "2: left, right")
                .containsPattern("what the model looked at|no region spoke for (left|right)")
                .containsPattern("<br>(left|right)/[0-9]+[.]png</figcaption>")
                .doesNotContain("cannot be read:");
        assertThat(new JsonMapper().writeValueAsString(result.toMap()))
                .contains(
                        "\"items\":20",
                        "\"normalised\":[[",
                        "\"history\":[{\"epoch\":1",
                        "broken.png",
                        "report.html",
                        "top_losses");
    }

    @Test
    void report_onAThousandPicturesIsOneSmallFile() throws IOException {
        Path data = Halves.write(folder.resolve("data"), 500);
        Path model = Halves.model(data, folder.resolve("halves.safetensors"), 0);
        Path out = folder.resolve("report");
        var result = Interpret.of(model, data, out).run(Progress.NONE);
        assertThat(result.interpretation().predictions().size()).isEqualTo(1000);
        assertThat(out.resolve("report.html")).isNotEmptyFile();
        assertThat(Files.size(out.resolve("report.html"))).isLessThan(5_000_000);
        String html = Files.readString(out.resolve("report.html"));
        assertThat(html).contains("default-src 'none'");
        assertThat(Pattern.compile("(?i)(src|srcset|href|action|data|poster)\\s*=\\s*\"?([^\"]{0,10})")
                        .matcher(html)
                        .results())
                .isNotEmpty()
                .allMatch(found -> found.group(2).startsWith("data:image"));
        assertThat(html).doesNotContainPattern("(?i)url\\(|@import|<script|<link|<iframe");
    }

    @Test
    void nothingToJudge_andNowhereToWrite_areNamed() throws IOException {
        Path data = Halves.write(folder.resolve("data"), 4);
        Path model = Halves.model(data, folder.resolve("halves.safetensors"), 0);
        Path other = folder.resolve("other");
        Halves.write(other.resolve("up/0.png"), "left", 0);
        assertThatThrownBy(() ->
                        Interpret.of(model, other, folder.resolve("report")).run(Progress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("up")
                .hasMessageContaining("Maybe");
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        assertThatThrownBy(
                        () -> Interpret.of(model, data, file.resolve("report")).run(Progress.NONE))
                .isInstanceOf(UncheckedIOException.class);
    }
}
