package espalier.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.files.CannotWriteException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanLockTest {
    @TempDir
    Path root;

    /** Takes the lock, says so, and waits to be killed. */
    static final class Holder {
        public static void main(String... arguments) throws Exception {
            try (var lock = CleanLock.take(Path.of(arguments[0]))) {
                System.out.println("taken " + lock.isOpen());
                Thread.sleep(60_000);
            }
        }
    }

    @Test
    void theLock_isTakenOnce_alsoInOneProgram() throws Exception {
        try (var lock = CleanLock.take(root)) {
            assertThat(lock.isOpen()).isTrue();
            assertThatThrownBy(() -> CleanLock.take(root.resolve(".")))
                    .isInstanceOf(CannotWriteException.class)
                    .hasMessageContainingAll("open in a cleaner", "this program", "Maybe");
        }
        CleanLock.take(root).close();
    }

    @Test
    void theLock_ofAProgramThatWasKilled_isFree() throws Exception {
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        root.toString())
                .redirectErrorStream(true)
                .start();
        try (var out = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.lines().anyMatch("taken true"::equals)).isTrue();
            assertThatThrownBy(() -> CleanLock.take(root)).hasMessageContaining("process " + child.pid());
            assertThatThrownBy(() -> Undo.of(root).all()).isInstanceOf(CannotWriteException.class);
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(Files.readString(root.resolve(".espalier/cleaner.lock"))).contains("process " + child.pid());
        CleanLock.take(root).close();
    }
}
