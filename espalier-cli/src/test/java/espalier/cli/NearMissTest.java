package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Command lines that are nearly right get the right one suggested. */
class NearMissTest {
    @TempDir
    Path folder;

    @Test
    void misspeltCommands_areSuggested() {
        for (String[] pair : new String[][] {
            {"trian", "train"}, {"predit", "predict"}, {"evalute", "evaluate"}, {"verfy", "verify"}, {"serv", "serve"}
        }) {
            var run = Run.of(pair[0], "x");
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).as(pair[0]).contains("Maybe " + pair[1]);
        }
    }

    @Test
    void trainingWithoutItsKind_isSuggestedWithIt() {
        Path data = PictureFiles.twoClasses(folder.resolve("pictures"), 2);
        for (String group : new String[] {"train", "lr-find"}) {
            var run = Run.of(group, data.toString());
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("Maybe: espalier " + group + " image " + data);
        }
    }

    @Test
    void suggestedFolderWithBlanks_isOneWord() {
        Path data = PictureFiles.twoClasses(folder.resolve("my  pictures"), 2);
        assertThat(Run.of("train", data.toString()).err()).contains("Maybe: espalier train image '" + data + "'.");
    }

    @Test
    void exchangedArguments_areToldWithTheRightOrder() {
        Path data = PictureFiles.twoClasses(folder.resolve("pictures"), 2);
        Path picture = data.resolve("red/0.png");
        Path model = folder.resolve("m.safetensors");
        var predicted = Run.of("predict", picture.toString(), model.toString());
        assertThat(predicted.exitCode()).isEqualTo(2);
        assertThat(predicted.err())
                .contains(picture + " is a picture; the model comes first. Maybe: espalier predict " + model + " "
                        + picture);
        for (String command : new String[] {"evaluate", "interpret", "clean"}) {
            var run = command.equals("interpret")
                    ? Run.of(command, data.toString(), model.toString(), "--out", folder + "/report")
                    : Run.of(command, data.toString(), model.toString());
            assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
            assertThat(run.err())
                    .contains(data + " is a folder; the model comes first. Maybe: espalier " + command + " " + model);
        }
    }

    @Test
    void help_fitsTheTerminal() {
        for (int columns : new int[] {60, 80}) {
            System.setProperty("espalier.columns", Integer.toString(columns));
            try {
                for (CommandLine command : Main.commandLine().getSubcommands().values()) {
                    String text = command.getUsageMessage();
                    String name = command.getCommandName();
                    text.lines()
                            .takeWhile(line -> !line.startsWith("Example"))
                            .forEach(line -> assertThat(line)
                                    .as("%s at %d", name, columns)
                                    .hasSizeLessThanOrEqualTo(columns));
                }
            } finally {
                System.clearProperty("espalier.columns");
            }
        }
    }
}
