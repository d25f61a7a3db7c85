package espalier.cli;

import espalier.data.Table;
import espalier.data.TableSource;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which table holds the labels, and how it is read. */
final class TableFlags {
    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = {
                "Take pictures and labels from a table: a row names a file below the folder and its label, maybe its"
                        + " part (train, valid, test). Columns, delimiter and encoding are found out."
            })
    private Optional<Path> csv = Optional.empty();

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "The folder of the pictures when the table stands in place of the folder (the table's own).")
    private Optional<Path> images = Optional.empty();

    @Option(
            names = "--suffix",
            paramLabel = "ENDING",
            description = "What the names of files go on with behind what the table says, such as .jpg (found out).")
    private Optional<String> suffix = Optional.empty();

    @Option(
            names = "--csv-delimiter",
            paramLabel = "CHAR",
            description = "What stands between its cells: a character, or tab (found out).")
    private Optional<String> delimiter = Optional.empty();

    @Option(
            names = "--csv-encoding",
            paramLabel = "NAME",
            description = "How its characters are written, such as windows-1251 or Shift_JIS (found out: UTF-8, UTF-16"
                    + " with a mark, else Latin-1).")
    private Optional<String> encoding = Optional.empty();

    @Option(
            names = {"--file-column", "--image-column"},
            paramLabel = "COLUMN",
            description = "Its column of files, by name or by number from 0 (the one that names files that exist).")
    private Optional<String> file = Optional.empty();

    @Option(
            names = {"--label-column", "--tag-column"},
            paramLabel = "COLUMN",
            split = ",",
            description = "Its column of labels; or several, each called by a label, with 1 in the rows that have it"
                    + " (found out).")
    private List<String> labels = List.of();

    @Option(
            names = "--target",
            paramLabel = "COLUMN",
            split = ",",
            description = "Its columns of numbers to be said of each picture, such as an age, instead of labels.")
    private List<String> target = List.of();

    @Option(
            names = "--part-column",
            paramLabel = "COLUMN",
            description = "Its column of parts: train, valid, test; or true for validation (split or is_valid).")
    private Optional<String> part = Optional.empty();

    @Option(
            names = "--group-column",
            paramLabel = "COLUMN",
            description = "Rows of one value, as of one patient, stay together when validation is drawn (none).")
    private Optional<String> group = Optional.empty();

    @Option(
            names = {"--label-delimiter", "--delimiter"},
            paramLabel = "TEXT",
            description = "What stands between several labels in one cell (blanks).")
    private Optional<String> labelDelimiter = Optional.empty();

    /** The column of labels that was named; the first of several. */
    Optional<String> labelColumn() {
        return labels.stream().findFirst();
    }

    /**
     * Pictures with their labels.
     *
     * @param folder the folder of the pictures
     * @param table the table of labels; empty: a picture's label is the name of its folder
     */
    record Labelled(Path folder, Optional<TableSource> table) {}

    /**
     * What a command was given: the folder, maybe with the table behind {@code --csv}, or the table, maybe with the folder
     * behind {@code --images}.
     *
     * @throws CommandException with code 66 when it is not there, with code 2 when both say it
     */
    Labelled of(Path data, boolean tags) {
        boolean isTable = Files.isRegularFile(data) && (images.isPresent() || TextModels.isTable(data));
        if (!isTable) {
            return new Labelled(CommandException.folder(data), table(tags));
        }
        if (csv.isPresent()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    data + " is a table, and --csv names another, " + csv.get()
                            + ". Maybe the folder of the pictures was meant: " + csv.get() + " --images DIR.");
        }
        var folder =
                images.orElseGet(() -> Optional.ofNullable(data.getParent()).orElse(Path.of(".")));
        return new Labelled(CommandException.folder(folder), Optional.of(source(data, tags)));
    }

    /** Whether a table has a column called tags, and no other was named. */
    boolean saysTags(Path data) {
        var file = csv.orElse(data);
        if (!labels.isEmpty() || !target.isEmpty() || !Files.isRegularFile(file)) {
            return false;
        }
        try (var rows = Table.of(file).open()) {
            return rows.columns().stream().anyMatch(name -> name.strip().equalsIgnoreCase("tags"));
        }
    }

    /** Refuses what names a table of pictures beside one of texts. */
    void refuseTexts(Path texts) {
        if (csv.isPresent() || images.isPresent() || !target.isEmpty()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "the model takes texts, which are in " + texts + ": --csv, --images and --target are for pictures."
                            + " Maybe leave them out.");
        }
    }

    /** The table; empty when none is named. */
    Optional<TableSource> table(boolean tags) {
        if (images.isPresent()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--images goes with a table in place of the folder. Maybe: labels.csv --images " + images.get()
                            + ".");
        }
        if (csv.isEmpty()) {
            check("--csv-delimiter", delimiter.isPresent());
            check("--csv-encoding", encoding.isPresent());
            check("--file-column", file.isPresent());
            check("--label-column", !labels.isEmpty());
            check("--target", !target.isEmpty());
            check("--part-column", part.isPresent());
            check("--group-column", group.isPresent());
            check("--label-delimiter", labelDelimiter.isPresent());
            check("--suffix", suffix.isPresent());
            return Optional.empty();
        }
        return Optional.of(source(csv.get(), tags));
    }

    private TableSource source(Path from, boolean tags) {
        var plain = Table.of(CommandException.file(from));
        var table = encoding.map(TableFlags::charset).map(plain::encoding).orElse(plain);
        var source = TableSource.of(delimiter
                        .map(TableFlags::character)
                        .map(table::delimiter)
                        .orElse(table))
                .columns(new TableSource.Columns(file, labels, part, group))
                .tags(tags);
        source = suffix.map(source::suffix).orElse(source);
        if (!target.isEmpty()) {
            if (tags || !labels.isEmpty() || labelDelimiter.isPresent()) {
                throw new CommandException(
                        ExitCodes.USAGE,
                        "--target names columns of numbers, so there are no labels. Maybe leave out --tags,"
                                + " --label-column and --label-delimiter.");
            }
            return source.numbers(target.toArray(String[]::new));
        }
        return labelDelimiter.map(source::tags).orElse(source);
    }

    private static void check(String option, boolean given) {
        if (given) {
            throw new CommandException(ExitCodes.USAGE, option + " is about a table of labels. Maybe add --csv FILE.");
        }
    }

    private static Charset charset(String name) {
        try {
            return Charset.forName(name.strip());
        } catch (IllegalArgumentException unknown) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--csv-encoding: there is no encoding '" + name + "'. Maybe UTF-8, UTF-16, windows-1252,"
                            + " windows-1251, Shift_JIS or GBK is meant.");
        }
    }

    private static char character(String text) {
        if (text.equalsIgnoreCase("tab") || text.equals("\\t")) {
            return '\t';
        } else if ((text.length() == 1 && text.charAt(0) != '"' && text.charAt(0) >= ' ') || text.equals("\t")) {
            return text.charAt(0);
        }
        throw new CommandException(
                ExitCodes.USAGE,
                "--csv-delimiter: expected one character or tab, received '" + text + "'. Maybe ';' is meant.");
    }
}
