package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Each is a process of its own, which has no variables but those of the test. */
@EnabledOnOs(OS.LINUX)
class HostMemoryTest {
    /** Blocks of 48 MB by turns, as the activations of a batch. Prints how many pages the later ones were faulted in with. */
    static final class Blocks {
        private static final int NUMBERS = 12 << 20;

        public static void main(String[] args) throws Exception {
            try (var scope = Scope.open()) {
                var weight = Tensor.ones(1).requiresGrad(true);
                weight.mul(2).sum().backward();
            }
            use();
            use();
            long before = faults();
            for (int i = 0; i < 10; i++) {
                use();
            }
            System.out.println("faults " + (faults() - before));
        }

        private static void use() {
            try (var scope = Scope.open()) {
                Tensor.ones(NUMBERS).add(1);
            }
        }

        /** The tenth number of the line, after a name that may hold spaces. */
        private static long faults() throws Exception {
            String line = Files.readString(Path.of("/proc/self/stat"));
            return Long.parseLong(line.substring(line.lastIndexOf(')') + 2).split(" ")[7]);
        }
    }

    private static String run(Map<String, String> environment) throws Exception {
        var builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Dorg.bytedeco.javacpp.cachedir=" + System.getProperty("user.home") + "/.javacpp/cache",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Blocks.class.getName()))
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("MALLOC_") || name.startsWith("OMP_"));
        builder.environment().putAll(environment);
        var process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static long faults(Map<String, String> environment) throws Exception {
        String output = run(environment);
        return Long.parseLong(output.substring(output.indexOf("faults ") + 7).strip());
    }

    @Test
    void afterAGradient_freedBlocksAreUsedAgain() throws Exception {
        long kept = faults(Map.of());
        long returned = faults(Map.of("MALLOC_MMAP_THRESHOLD_", "1048576")); // the user's choice stays

        assertThat(kept).isLessThan(returned / 2);
    }

    @Test
    void openMp_sleepsUnlessTheUserWantsItToSpin() throws Exception {
        assertThat(run(Map.of("OMP_DISPLAY_ENV", "true"))).contains("OMP_WAIT_POLICY = 'PASSIVE'");
        assertThat(run(Map.of("OMP_DISPLAY_ENV", "true", "OMP_WAIT_POLICY", "active")))
                .contains("OMP_WAIT_POLICY = 'ACTIVE'");
    }
}
