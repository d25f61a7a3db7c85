package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each start is a process of its own, with a folder of its own for the libraries. */
class UnpackedLibrariesTest {
    @TempDir
    Path folder;

    private Path cache;

    /** What the child does. */
    static final class Sum {
        public static void main(String[] args) {
            try (var scope = Scope.open()) {
                System.out.println("sum " + Tensor.ones(3).sum().item());
            }
        }
    }

    @BeforeEach
    void emptyCache() {
        cache = folder.resolve("natives");
    }

    private Process start(int number) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                        "-XX:-CreateCoredumpOnCrash",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sum.class.getName())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output(number).toFile())
                .start();
    }

    private Path output(int number) {
        return folder.resolve("output-" + number + ".txt");
    }

    private void assertSum(Process process, int number) throws Exception {
        int code = process.waitFor();
        assertThat(Files.readString(output(number))).endsWith("sum 3.0\n");
        assertThat(code).isZero();
    }

    private Path library(String name) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
        }
    }

    @Test
    void P02_librariesThatAKilledProcessLeftHalfWritten_areUnpackedAnew() throws Exception {
        assertSum(start(0), 0);
        var torch = library(System.mapLibraryName("torch_cpu"));
        long whole = Files.size(torch);
        try (var file = new RandomAccessFile(torch.toFile(), "rw")) {
            file.setLength(whole * 2 / 3);
        }
        assertSum(start(1), 1);
        assertThat(torch).hasSize(whole);
    }

    @Test
    void P02_firstStartsAtTheSameTime_allWork() throws Exception {
        var starts = List.of(start(0), start(1), start(2));
        for (int i = 0; i < starts.size(); i++) {
            assertSum(starts.get(i), i);
        }
    }
}
