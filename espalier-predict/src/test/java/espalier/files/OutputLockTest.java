package espalier.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputLockTest {
    @TempDir
    Path dir;

    /** Takes the lock, says so, and waits to be killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String... arguments) throws Exception {
            try (var lock = OutputLock.take(Path.of(arguments[0]))) {
                System.out.println("taken " + (lock != null));
                Thread.sleep(60_000);
            }
        }
    }

    @Test
    void secondProgram_isTold_andALockOfAKilledOneIsFree() throws Exception {
        Path target = dir.resolve("m.safetensors");
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        target.toString())
                .redirectErrorStream(true)
                .start();
        try (var out = child.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.lines().anyMatch("taken true"::equals)).isTrue();
            assertThatThrownBy(() -> OutputLock.take(target))
                    .isInstanceOf(CannotWriteException.class)
                    .hasMessageContainingAll("m.safetensors", "made by another run: process " + child.pid());
        } finally {
            child.destroyForcibly().waitFor();
        }
        OutputLock.take(target).close();
        try (var files = Files.list(dir)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void remainderOfFolders_isRemoved() throws Exception {
        Path target = dir.resolve("a/b/m.safetensors");
        OutputLock.take(target).close();
        assertThat(dir).isEmptyDirectory();
    }
}
