package espalier.cli;

import espalier.clean.CleanLock;
import espalier.clean.Undo;
import espalier.collect.Finding;
import espalier.collect.Repair;
import espalier.collect.Verify;
import espalier.collect.VerifyReport;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier verify}: looks at every picture of a data set. */
@Command(
        name = "verify",
        description = {
            "Find what is wrong with a data set's pictures and folders.",
            "Decodes every picture in full and tells what is broken, misnamed, tiny, blank, there twice, under two labels"
                    + " or in two splits, and which labels look alike, or are hardly or not at all there.",
            "Nothing is deleted: --quarantine moves files to " + Journal.FOLDER
                    + "/trash, --undo brings everything back.",
            "Of a picture in two splits the copy in train goes, or else the one in valid. What cannot be moved is named,"
                    + " and the rest is done.",
            "Exit code 65 when something would make training go wrong and was not dealt with."
        },
        footer = {
            "",
            "Examples:",
            "  espalier verify data/bears",
            "  espalier verify data/bears --fix --quarantine",
            "  espalier verify data/bears --undo"
        })
final class VerifyCommand extends EspalierCommand {
    private static final int SHOWN = 10;

    @Parameters(paramLabel = "DIR", description = "The data set: folders of pictures, named by their labels.")
    private Path data = Path.of("");

    @Option(
            names = "--fix",
            description =
                    "Give files the ending of their format; write upright and whole copies of turned and truncated ones. Where"
                            + " less than half of a truncated picture is there, it stays broken.")
    private boolean fix;

    @Option(
            names = "--quarantine",
            description = "Move broken, tiny, blank, doubled and contradicting files out of the way.")
    private boolean quarantine;

    @Option(names = "--undo", description = "Undo everything that --fix, --quarantine and the cleaner did.")
    private boolean undo;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "With --undo: a table that the cleaner changed and that is not in DIR; may be repeated.")
    private List<Path> tables = List.of();

    @Option(
            names = "--deep",
            description =
                    "Also search the inside of JPEGs for damage that decoders paper over; takes half as long again."
                            + " It names the files behind lines such as \"Corrupt JPEG data\", which the decoder"
                            + " prints.")
    private boolean deep;

    @Option(names = "--exact", description = "Look only for files with the same bytes, not for altered copies.")
    private boolean exact;

    @Option(
            names = "--min-size",
            paramLabel = "PIXELS",
            description = "The shorter side below which a picture is tiny (default: ${DEFAULT-VALUE}).")
    private int minSize = 32;

    @Override
    int run(Console console) throws IOException {
        Bounds.whole("--min-size", minSize, 0, Integer.MAX_VALUE, "200 pixels, or 0 for all");
        CommandException.folder(data);
        if (!undo && !tables.isEmpty()) {
            throw wrongUsage("--csv is for --undo; labels of tables are not verified. Maybe leave it out.");
        }
        if (undo) {
            undo(console);
            return ExitCodes.DONE;
        }
        VerifyReport report = verify(console);
        var changes = new ArrayList<Change>();
        var repair = Repair.of(data);
        if ((fix || quarantine) && !report.findings().isEmpty()) {
            try (var turn = CleanLock.take(data)) { // a cleaner's page would not show what is changed beside it
                report = repair(console, report, repair, changes);
            }
        }
        tell(console, report, changes, repair.left());
        boolean dealtWith = report.isSound() || quarantine;
        return dealtWith && repair.left().isEmpty() ? ExitCodes.DONE : ExitCodes.BAD_DATA;
    }

    /** Adds what is changed to {@code changes}. Gives the report of what is left after {@code --fix}. */
    private VerifyReport repair(Console console, VerifyReport found, Repair repair, List<Change> changes)
            throws IOException {
        VerifyReport report = found;
        if (fix) {
            changes.addAll(repair.fix(report));
            report = changes.isEmpty() ? report : verify(console);
        }
        if (quarantine) {
            changes.addAll(repair.quarantine(report));
        }
        return report;
    }

    private void undo(Console console) throws IOException {
        var undo = Undo.of(data);
        for (Path csv : tables) {
            undo = undo.table(CommandException.file(csv));
        }
        var undone = undo.all();
        int files = undone.filesBack();
        int rows = undone.rowsBack();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("restored", files);
        json.put("rows", rows);
        int skipped = Journal.of(data).skipped();
        if (skipped > 0) {
            console.warn(Amounts.of(skipped, "line") + " of "
                    + data.resolve(Journal.FOLDER).resolve("journal.jsonl")
                    + " left out: they lead out of the data set or have impossible numbers. Maybe another program wrote"
                    + " them.");
        }
        json.put("skipped", skipped);
        json.put("left", undone.left().stream().map(Change::toMap).toList());
        console.json(json);
        if (files > 0 || rows == 0) {
            console.result(Amounts.of(files, "file is", "files are") + " back where they were");
        }
        if (rows > 0) {
            console.result(Amounts.of(rows, "picture has its", "pictures have their") + " old row in the table again");
        }
        undone.left()
                .forEach(change -> console.result("not undone, as something has taken the place or the file is gone: "
                        + change.action() + " of " + change.from()));
    }

    private VerifyReport verify(Console console) throws IOException {
        try (var bar = console.progress("verify", -1)) {
            var plain = Verify.of(data).minSize(minSize).progress(bar);
            var wanted = exact ? plain.exactOnly() : plain;
            return (deep ? wanted.deeply() : wanted).run();
        }
    }

    private void tell(Console console, VerifyReport report, List<Change> changes, List<Rejected> left) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sound", report.isSound());
        json.put("report", report);
        json.put("changes", changes.stream().map(Change::toMap).toList());
        json.put("left", Console.rejectedJson(left));
        console.json(json);
        tell(console, report);
        if (!changes.isEmpty()) {
            console.result(Amounts.of(changes.size(), "file") + " changed; undo by: "
                    + Console.command("verify", data, "--undo"));
        }
        if (!left.isEmpty()) {
            console.result(Amounts.of(left.size(), "file") + " left as " + (left.size() == 1 ? "it was" : "they were"));
            left.stream().limit(SHOWN).forEach(file -> console.result("  " + file.file() + ": " + file.reason()));
            console.warn("not everything was dealt with. Maybe look at what was left, and run this again.");
        } else if (changes.isEmpty() && !report.isSound()) {
            console.next("verify", data, "--fix", "--quarantine");
        } else if (report.classes().size() < 2) {
            console.say("training needs two classes, and " + classes(report) + ". Maybe more folders are missing, or a"
                    + " table has the labels: espalier train image --help.");
        } else if (changes.isEmpty()) {
            console.next("train", "image", data, "--out", CommandException.modelOf(data));
        }
    }

    private static String classes(VerifyReport report) {
        return report.classes().stream()
                .findFirst()
                .map(only -> "there is only " + only)
                .orElse("no picture lies in a class's folder");
    }

    /** Pictures by label as people read them. */
    private static Map<String, Integer> named(Map<String, Integer> labels) {
        var named = new TreeMap<String, Integer>();
        labels.forEach((label, count) -> named.put(label.isEmpty() ? "(in no class's folder)" : label, count));
        return named;
    }

    private static void tell(Console console, VerifyReport report) {
        console.result(Amounts.of(report.pictures(), "picture") + " " + report.formats() + ", "
                + Amounts.of(report.otherFiles(), "other file"));
        report.balance()
                .forEach((split, labels) ->
                        console.result("  " + (split.isEmpty() ? "" : split + ": ") + named(labels)));
        Map<Finding.Kind, List<Finding>> byKind = new TreeMap<>();
        report.distinct()
                .forEach(finding -> byKind.computeIfAbsent(finding.kind(), key -> new ArrayList<>())
                        .add(finding));
        byKind.forEach((kind, findings) -> {
            console.result(kind.label() + ": " + findings.size());
            findings.stream().limit(SHOWN).forEach(finding -> console.result("  " + line(finding)));
            if (findings.size() > SHOWN) {
                console.result("  ... and " + (findings.size() - SHOWN) + " more (--json lists all)");
            }
        });
        if (report.findings().isEmpty()) {
            console.result("no problems found");
        }
    }

    private static String line(Finding finding) {
        return String.join(", ", finding.files()) + ": " + finding.reason();
    }
}
