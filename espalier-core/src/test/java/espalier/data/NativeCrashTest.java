package espalier.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import espalier.format.Transform;
import espalier.item.Item;
import espalier.item.Items;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.Numbers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures are decoded in the program's own process; when a codec crashes it, the log of the virtual machine says by which file. */
class NativeCrashTest {
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
                .containsPattern("Current thread .*JavaThread \"espalier-loader-\\d+ " + Fatal.ITEM + "\"");
    }

    /** Reads all training items, or tries to. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] args) {
            var loaders = DataBlock.of(new Fatal(), Targets.category())
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
    }

    /** Numbers of which one item ends the process, as a flaw in a codec would. */
    private static final class Fatal implements InputBlock<double[]> {
        static final String ITEM = "dog/0007.num";

        private final Numbers numbers = new Numbers();

        @Override
        public String name() {
            return numbers.name();
        }

        @Override
        public Optional<String> reject(Item item) {
            return numbers.reject(item);
        }

        @Override
        public double[] read(Item item, List<? extends Transform<double[]>> transforms, boolean training, Rng rng) {
            if (item.id().equals(ITEM)) {
                return new double[] {new Pointer(16).getByte(0)}; // an address that nobody has
            }
            return numbers.read(item, transforms, training, rng);
        }

        @Override
        public Supplier<Tensor> collate(
                List<double[]> inputs, List<BatchTransform> transforms, boolean training, List<Rng> rngs) {
            return numbers.collate(inputs, transforms, training, rngs);
        }

        @Override
        public List<Map.Entry<String, String>> explain(Item item, List<? extends Transform<double[]>> transforms) {
            return numbers.explain(item, transforms);
        }
    }
}
