package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
    @TempDir
    private Path folder;

    @Test
    void quickstart_onFewPictures_writesEverything() {
        Path out = folder.resolve("out");
        var run = Run.of("quickstart", "--out", out.toString(), "--pictures", "4", "--epochs", "0");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("frozen", "accuracy", "Three of them", "espalier interpret", "ankle-boot");
        assertThat(out.resolve("clothes.safetensors")).isNotEmptyFile();
        assertThat(out.resolve("confusion.png")).isNotEmptyFile();
        assertThat(out.resolve("losses.png")).isNotEmptyFile();
    }

    @Test
    @Tag("slow")
    void quickstart_inFull_reachesItsAccuracy() {
        var run = Run.of("quickstart", "--out", folder.resolve("out").toString(), "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().get("test").get("n").asInt()).isEqualTo(200);
        assertThat(run.json().get("test").get("accuracy").asDouble()).isGreaterThan(0.7);
    }
}
