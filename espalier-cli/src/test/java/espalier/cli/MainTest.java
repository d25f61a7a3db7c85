package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
    private static List<CommandLine> withSubcommands(CommandLine line) {
        var all = new ArrayList<CommandLine>();
        line.getSubcommands().values().forEach(command -> {
            all.add(command);
            all.addAll(withSubcommands(command));
        });
        return all;
    }

    @Test
    void help_ofEveryCommand_hasAnExample() {
        for (var command : withSubcommands(Main.commandLine())) {
            String help = command.getUsageMessage();
            String name = command.getCommandSpec().qualifiedName();
            assertThat(help).as(name).contains("Example", "  " + name);
            assertThat(command.getCommandSpec().usageMessage().description())
                    .as(name)
                    .isNotEmpty();
        }
    }

    @Test
    void summaries_ofTheWebCommands_areWholeSentences() {
        for (String name : new String[] {"clean", "interpret", "package", "serve"}) {
            var spec = Main.commandLine().getSubcommands().get(name).getCommandSpec();
            assertThat(spec.usageMessage().description()[0])
                    .as(name)
                    .hasSizeLessThan(70)
                    .endsWith(".");
        }
        String serve = Main.commandLine().getSubcommands().get("serve").getUsageMessage();
        assertThat(serve).contains("(8080)", "(127.0.0.1)", "(256)");
    }

    @Test
    void everyCommand_hasTheSharedOptions() {
        for (var command : withSubcommands(Main.commandLine())) {
            if (command.getSubcommands().isEmpty()) {
                assertThat(command.getCommandSpec().optionsMap())
                        .as(command.getCommandSpec().qualifiedName())
                        .containsKeys("--json", "--quiet", "--help", "--verbose");
            }
        }
    }

    @Test
    void usageError_exitsWith2() {
        assertThat(Run.of().exitCode()).isEqualTo(2);
        assertThat(Run.of("no-such-command").exitCode()).isEqualTo(2);
        assertThat(Run.of("--no-such-option").err()).contains("--no-such-option");
        var run = Run.of("train", "image", "x", "--out", "y", "--epoch=3");
        assertThat(run.err())
                .startsWith("espalier: Unknown option: '--epoch=3'")
                .contains("Maybe --epochs", "espalier train image --help")
                .hasLineCount(2);
        assertThat(Run.of("train", "image", "x", "--out", "y", "--lr", "fast").err())
                .contains("'fast' is not a number")
                .doesNotContain("double");
    }

    @Test
    void numbersOutOfRange_nameTheOption(@TempDir Path folder) {
        String data = PictureFiles.twoClasses(folder.resolve("data"), 2).toString();
        for (String[] option : new String[][] {
            {"--lr", "0"}, {"--lr", "Infinity"}, {"--epochs", "-1"}, {"--freeze-epochs", "-1"}, {"--batch-size", "0"},
            {"--valid", "0"}, {"--valid", "1"}, {"--size", "0"}, {"--size", "100000"}, {"--threads", "0"},
            {"--mult", "-1"}, {"--min-scale", "2"}, {"--monitor-port", "99999"}
        }) {
            var run = Run.of("train", "image", data, "--out", folder + "/m.safetensors", option[0], option[1]);
            assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
            assertThat(run.err())
                    .contains(option[0] + " is ", "expected", "Maybe")
                    .hasLineCount(1);
        }
        assertThat(Run.of("quickstart", "--pictures", "0", "--out", folder + "/q")
                        .exitCode())
                .isEqualTo(2);
        assertThat(folder.resolve("q")).doesNotExist();
        assertThat(folder.resolve("m.safetensors.checkpoints")).doesNotExist();
    }

    @Test
    void version_isPrinted() {
        var run = Run.of("--version");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("espalier", "Java");
    }
}
