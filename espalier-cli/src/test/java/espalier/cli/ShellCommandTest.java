package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellCommandTest {
    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    void shell_knowsTensorsAndLayersWithoutImports() throws Exception {
        Path lines = Files.writeString(folder.resolve("lines.jsh"), """
                var x = Tensor.arange(0, 6).reshape(2, 3);
                System.out.println(x.sum(1));
                var net = Sequential.of(Linear.of(3, 2), ReLU.of());
                System.out.println(net.forward(x.to(espalier.format.DType.FLOAT32)).shape());
                /exit 3
                """);
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "espalier.cli.Main",
                        "shell",
                        lines.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains("tensor([ 3, 12])").contains("[2, 2]");
        assertThat(process.exitValue()).as(output).isEqualTo(3);
    }

    @Test
    void shell_namesAFileThatIsNotThere() {
        var run = Run.of("shell", folder.resolve("none.jsh").toString());
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains("there is no file").contains("none.jsh");
    }
}
