package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
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
    }

    @Test
    void version_isPrinted() {
        var run = Run.of("--version");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("espalier", "Java");
    }
}
