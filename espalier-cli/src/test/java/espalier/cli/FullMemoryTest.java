package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command says when Java's memory is full: a sentence, not a trace. */
class FullMemoryTest {
    @TempDir
    Path folder;

    @Test
    void T08_fullMemory_isToldInOneLine() throws Exception {
        Path pth = folder.resolve("classes.txt");
        try (var file = new RandomAccessFile(pth.toFile(), "rw")) {
            file.setLength(1L << 30); // as one line, it fits nowhere
        }
        Files.writeString(folder.resolve("w.pth"), "no pickle");
        var java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "import",
                        folder.resolve("w.pth").toString(),
                        "--model",
                        "mobilenet-v2",
                        "--classes",
                        pth.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).isEqualTo(70);
        assertThat(said)
                .contains("the memory is full: Java has 64 MB", "Maybe")
                .doesNotContain("at espalier", "at java");
    }

    @Test
    void fullMemoryOfAThread_isToldToo() {
        var failure = new IllegalStateException("a reader failed", new OutOfMemoryError("Java heap space"));
        assertThat(FailureMessage.of(failure)).startsWith("the memory is full");
    }
}
