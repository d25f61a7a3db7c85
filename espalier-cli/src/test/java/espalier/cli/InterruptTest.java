package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to a training in a process of its own. */
@Tag("slow")
class InterruptTest {
    @TempDir
    private Path folder;

    private String[] arguments(String... more) {
        var all = new ArrayList<>(List.of(
                "train",
                "image",
                PictureFiles.twoClasses(folder.resolve("data"), 10).toString(),
                "--out",
                folder.resolve("m.safetensors").toString(),
                "--size",
                "32",
                "--epochs",
                "4",
                "--batch-size",
                "4"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private Child start() throws IOException {
        return Child.start(folder.resolve("log"), folder, Map.of(), arguments());
    }

    /** Ten seconds to save; on a machine where several programs wait for each processor, as many times longer. */
    private static int patience() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return (int) (10 * Math.max(1, 2 * system.getSystemLoadAverage() / system.getAvailableProcessors()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void T07_signalOnce_savesAndResumes(String name) throws Exception {
        try (var child = start()) {
            child.await("unfrozen");
            child.signal(name);
            assertThat(child.exitCode(patience())).as(child.log()).isEqualTo(130);
            assertThat(child.log()).contains("--resume", "nothing is lost");
        }
        assertThat(folder.resolve("m.safetensors")).doesNotExist();
        assertThat(folder.resolve("m.safetensors.checkpoints")).isNotEmptyDirectory();

        var resumed = Run.of(arguments("--resume", "--json"));
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(resumed.err()).doesNotContain("starts anew");
        assertThat(resumed.json().get("history").size()).isEqualTo(5);
        assertThat(folder.resolve("m.safetensors")).isNotEmptyFile();
        assertThat(folder.resolve("m.safetensors.checkpoints")).doesNotExist();
    }

    @Test
    void T07_signalTwice_endsAtOnce() throws Exception {
        try (var child = start()) {
            child.await("unfrozen");
            child.signal("INT");
            child.await("Once more ends at once");
            child.signal("INT");
            assertThat(child.exitCode(patience())).as(child.log()).isEqualTo(130);
        }
        assertThat(folder.resolve("m.safetensors")).doesNotExist();
    }

    @Test
    void D20_readOnlyDataAndWorkingDirectory_areLeftAlone() throws Exception {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 10);
        Path nowhere = Files.writeString(folder.resolve("file"), "no folder").resolve("cache");
        var before = files(data);
        // For root, who may write everywhere, the list of files below is what tells.
        assertThat(data.toFile().setWritable(false)).isTrue();
        Path out = folder.resolve("m.safetensors");
        try (var child = Child.start(
                folder.resolve("log"),
                data,
                Map.of("ESPALIER_HOME", nowhere.toString(), "TORCH_HOME", nowhere.toString()),
                "train",
                "image",
                ".",
                "--out",
                out.toString(),
                "--size",
                "32",
                "--epochs",
                "0")) {
            assertThat(child.exitCode(120)).as(child.log()).isZero();
        } finally {
            assertThat(data.toFile().setWritable(true)).isTrue();
        }
        assertThat(out).isNotEmptyFile();
        assertThat(files(data)).isEqualTo(before);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            return walk.sorted().toList();
        }
    }
}
