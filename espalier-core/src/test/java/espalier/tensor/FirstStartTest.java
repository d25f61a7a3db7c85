package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that are poorer than the one where it was built; each start is a process of its own. */
class FirstStartTest {
    @TempDir
    Path folder;

    /** What the child does. */
    static final class Product {
        public static void main(String[] args) throws InterruptedException {
            for (int i = 0; i < 2; i++) {
                try (var scope = Scope.open()) {
                    var a = Tensor.ones(64, 64);
                    System.out.println("sum " + a.matmul(a).sum().item());
                } catch (NativeException missing) {
                    System.out.println("told " + missing.getMessage());
                }
            }
            if (args.length > 0) {
                var other = new Thread(() -> System.out.println("threads " + Machine.threads()));
                other.start();
                other.join();
                System.out.println("kernels " + Machine.cpuCapability());
            }
        }
    }

    private String start(Map<String, String> environment, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:-CreateCoredumpOnCrash");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Product.class.getName()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output.txt");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        String text = Files.readString(output);
        assertThat(code).as(text).isZero();
        return text;
    }

    @Test
    void P01_noPlaceForTheLibraries_isToldAtEachUse_withThePropertyToSet() throws Exception {
        String nowhere =
                Files.writeString(folder.resolve("file"), "x").resolve("below").toString();
        String text = start(
                Map.of(),
                List.of(
                        "-Duser.home=" + nowhere,
                        "-Djava.io.tmpdir=" + nowhere,
                        "-Dorg.bytedeco.javacpp.cachedir=" + nowhere));
        assertThat(text.lines().filter(line -> line.startsWith("told ")))
                .hasSize(2)
                .allMatch(line -> line.contains("libtorch could not be loaded")
                        && line.contains("-Dorg.bytedeco.javacpp.cachedir=FOLDER"));
    }

    @Test
    void P03_processorWithoutAvx_computesTheSame() throws Exception {
        String text =
                start(Map.of("ONEDNN_MAX_CPU_ISA", "SSE41", "ATEN_CPU_CAPABILITY", "default"), List.of(), "and more");
        assertThat(text).contains("sum 262144.0", "kernels DEFAULT");
    }

    /** As in a container with half a processor and 512 MB, of which Java takes what the system lets it. */
    @Test
    void P04_limitsOfAContainer_holdForLibtorchToo() throws Exception {
        String text = start(Map.of(), List.of("-XX:ActiveProcessorCount=1", "-XX:MaxRAM=512m"), "and more");
        assertThat(text).contains("sum 262144.0", "threads 1\n");
    }
}
