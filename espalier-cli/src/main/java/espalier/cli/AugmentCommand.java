package espalier.cli;

import espalier.app.AugmentText;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier augment}: more training data of what is there. */
@Command(
        name = "augment",
        description = "Make more training data of what is there.",
        subcommands = AugmentCommand.Texts.class,
        footer = {"", "Example:", "  espalier augment text train.csv --out more.csv"})
final class AugmentCommand extends CommandGroup {
    /** {@code espalier augment text}. */
    @Command(
            name = "text",
            description = {
                "Write a table with changed copies of its texts: words swapped, deleted, and with a file of synonyms also"
                        + " replaced and inserted.",
                "Augment the training texts alone, or let `train text --augment` do it: copies in the test flatter the model."
            },
            footer = {
                "",
                "Examples:",
                "  espalier augment text train.csv --out more.csv",
                "  espalier augment text train.csv --synonyms thesaurus.txt --per-row 8 --out more.csv"
            })
    static final class Texts extends EspalierCommand {
        @Parameters(paramLabel = "CSV", description = "The table: commas, semicolons, tabs or bars between cells.")
        private Path file = Path.of("");

        @Option(
                names = {"-o", "--out"},
                paramLabel = "FILE",
                required = true,
                description = "The table to write.")
        private Path out = Path.of("");

        @Mixin
        private TextColumnFlags columns = new TextColumnFlags();

        @Mixin
        private SynonymFlags synonyms = new SynonymFlags();

        @Option(
                names = "--per-row",
                paramLabel = "N",
                defaultValue = "4",
                description = "The most copies of each text (${DEFAULT-VALUE}).")
        private int perRow;

        @Option(
                names = "--alpha",
                paramLabel = "SHARE",
                defaultValue = "0.1",
                description = "The share of the words that is changed (${DEFAULT-VALUE}).")
        private double alpha;

        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "42",
                description = "Another seed, other copies (${DEFAULT-VALUE}).")
        private long seed;

        @Override
        int run(Console console) {
            var eda = synonyms.augmentation("--alpha", alpha);
            int copies = Bounds.whole("--per-row", perRow, 1, 1_000, "4");
            AugmentText.Result result;
            try (var progress = console.progress("augment text", -1)) {
                var table = columns.of(file, Optional.empty());
                result = new AugmentText(table, out, eda, copies, seed).run(progress);
            } catch (UncheckedIOException unwritable) {
                throw CommandException.unwritable(out, unwritable);
            }
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("rows", result.rows());
            json.put("copies", result.copies());
            json.put("out", out.toString());
            console.json(json);
            console.result("saved " + out + ": " + result.rows() + " rows and " + result.copies() + " changed copies");
            return ExitCodes.DONE;
        }
    }
}
