package espalier.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import espalier.item.Item;
import espalier.item.Items;
import espalier.tensor.Scope;
import espalier.testing.Numbers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures are decoded in the program's own process; when a codec crashes it, the log of the virtual machine says by which file. */
class NativeCrashTest {
    private static final String ITEM = "dog/0007.num";

    @TempDir
    Path folder;

    @Test
    void T17_nativeCrashWhileReading_leavesALogThatNamesTheFile() throws Exception {
        Path data = folder.resolve("data");
        Numbers.write(data, List.of("cat", "dog"), 12, 1);
        Path log = folder.resolve("crash.log");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Reader.class.getName(),
                        data.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out.txt").toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        String out = Files.readString(folder.resolve("out.txt"));
        assertThat(process.exitValue()).as(out).isNotZero();
        assertThat(out).doesNotContain("read all");
        assertThat(Files.readString(log))
                .containsPattern("Current thread .*JavaThread \"espalier-loader-\\d+ " + ITEM + "\"");
    }

    /** Reads all training items, or tries to: one ends the process, as a flaw in a codec would. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] args) {
            var input = new BatchesTest.Watched(Reader::crash, () -> {});
            var loaders = DataBlock.of(input, Targets.category())
                    .items(Items.files(Numbers.ENDINGS))
                    .split(Splits.byFunction(item -> false))
                    .batchSize(4)
                    .threads(2)
                    .loaders(Path.of(args[0]));
            try (var batches = loaders.train().epoch(0)) {
                while (batches.hasNext()) {
                    try (var scope = Scope.open()) {
                        batches.next();
                    }
                }
            }
            System.out.println("read all");
        }

        private static void crash(Item item) {
            if (item.id().equals(ITEM)) {
                new Pointer(16).getByte(0); // an address that nobody has
            }
        }
    }
}
