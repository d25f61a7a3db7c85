package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On few pictures; {@code .ci/newcomer} runs it in full and checks its accuracy. */
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
}
