package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    void help_listsEveryCommandInOneGroup_byAShortSentence() {
        var line = Main.commandLine();
        assertThat(HelpGroups.COMMANDS.values().stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(line.getSubcommands().keySet());
        String help = line.getUsageMessage();
        HelpGroups.COMMANDS.keySet().forEach(group -> assertThat(help).contains("\n" + group + ":\n  "));
        line.getSubcommands()
                .forEach((name, command) -> assertThat(
                                command.getCommandSpec().usageMessage().description()[0])
                        .as(name)
                        .hasSizeLessThan(80)
                        .endsWith("."));
    }

    @Test
    void helpOfACommand_listsItsOwnCommandsAlone() {
        assertThat(Run.of("fetch", "--help").out())
                .contains("\nCommands:\n", "kaggle")
                .doesNotContain("Begin:");
        assertThat(Run.of("predict", "--help").out()).doesNotContain("Commands:", "Begin:");
    }

    @Test
    void groupAlone_saysWhichCommandsItHas() {
        var run = Run.of("train");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("which one? train image, train tags, train text, train language-model.");
        assertThat(Run.of("fetch").err()).contains("which one? fetch url, fetch kaggle, fetch dataset.");
    }

    @Test
    void help_showsOptionsByWhatTheyAreAbout() {
        String help = Run.of("help", "train", "image").out();
        assertThat(help).isEqualTo(Run.of("train", "image", "--help").out());
        assertThat(help)
                .containsSubsequence("Options:", "--epochs=N", "Pictures:", "--size=PIXELS", "Output:", "--json");
        assertThat(help)
                .startsWith("Usage: espalier train image [OPTIONS] DIR")
                .containsSubsequence(
                        "What is trained:", "--head=N,N", "How it is trained:", "--mixup=ALPHA", "Pictures:");
        assertThat(help.split("--seed=N", -1)).as("once, in the list").hasSize(2);
        assertThat(Run.of("help", "inspect").out()).startsWith("Usage: espalier inspect [");
        var unknown = Run.of("help", "trian");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("espalier has no command 'trian'. Maybe", "train");
        assertThat(Run.of("help").out()).startsWith("Usage: espalier");
    }

    @Test
    void completion_knowsCommandsAndOptions() {
        String script = Run.of("completion").out();
        assertThat(script).contains("complete -F _complete_espalier", "--freeze-epochs", "quickstart", "lr-find");
    }

    @Test
    void manualPage_describesEveryCommandAndOption() {
        String page = Run.of("man").out();
        assertThat(page).startsWith(".TH ESPALIER 1");
        for (var command : withSubcommands(Main.commandLine())) {
            var spec = command.getCommandSpec();
            assertThat(page)
                    .contains("\n.SH \""
                            + spec.qualifiedName().toUpperCase(Locale.ROOT).replace("-", "\\-") + "\"");
            spec.options().stream()
                    .filter(option -> !option.usageHelp())
                    .forEach(option -> assertThat(page).contains("\\fB" + option.names()[0].replace("-", "\\-")));
        }
        assertThat(page.lines().filter(line -> line.startsWith(".")))
                .as("no text is taken for a request")
                .allMatch(line -> line.matches("[.](TH|SH|SS|TP|PP|nf|fi)( .*)?"));
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
    void P06_usageError_exitsWith2() {
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
