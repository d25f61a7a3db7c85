package espalier.cli;

import espalier.app.CleanTexts;
import espalier.app.Retrain;
import espalier.app.TableOptions;
import espalier.app.TextTable;
import espalier.clean.CleanLock;
import espalier.clean.Cleaner;
import espalier.clean.FolderSet;
import espalier.clean.LabelledSet;
import espalier.clean.Picture;
import espalier.clean.Query;
import espalier.clean.TableSet;
import espalier.files.CannotWriteException;
import espalier.files.Destination;
import espalier.files.Journal;
import espalier.format.RunOptions;
import espalier.predict.Predictor;
import espalier.report.PlainText;
import espalier.web.clean.CleanServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier clean}: the cleaner in the browser, or its list on the terminal. */
@Command(
        name = "clean",
        description = {
            "Repair a data set with a model's help, in the browser.",
            "It shows pictures sorted by loss, copies, leaks, conflicting labels, unreadable files; each can be kept,"
                    + " relabelled, deleted or moved to another split.",
            "Nothing happens to the files before the plan was seen. Deleted files go to .espalier/trash; everything can be"
                    + " undone, in the page or by: espalier verify DIR --undo",
            "A model of texts cleans the table that holds them: a new one is written beside it.",
            "The page is on 127.0.0.1 alone, with a token that is another one each time. Ctrl-C ends it."
        },
        footer = {
            "",
            "Examples:",
            "  espalier clean pets.safetensors data/pets",
            "  espalier clean pets.safetensors data/pets --list 40 --json",
            "  espalier clean tags.safetensors data/photos --csv data/photos/tags.csv",
            "  espalier clean tweets.safetensors tweets.csv"
        })
final class CleanCommand extends ModelCommand {
    private static final int SHOWN = 70;

    @Parameters(
            index = "1",
            paramLabel = "DIR",
            description = "The data set: folders of pictures, named by their labels; or a table of texts.")
    private Path data = Path.of("");

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "0",
            description = "The port of the page; 0 for any that is free (${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--no-browser", description = "Only print the page's address.")
    private boolean noBrowser;

    @Option(
            names = "--list",
            paramLabel = "N",
            description = "Print the first N pictures or texts instead of opening a page; changes nothing.")
    private Optional<Integer> list = Optional.empty();

    @Option(
            names = "--order",
            paramLabel = "loss|uncertainty|similarity|name",
            defaultValue = "LOSS",
            description = "What --list prints first (loss).")
    private Query.Order order = Query.Order.LOSS;

    @Option(
            names = "--view",
            paramLabel = "all|duplicates|near_duplicates|leaks|conflicts|unreadable",
            defaultValue = "ALL",
            description = "Which pictures --list prints (all).")
    private Query.View view = Query.View.ALL;

    @Mixin
    private EngineFlag engine = new EngineFlag();

    @Mixin
    private TableFlags table = new TableFlags();

    @Mixin
    private TextColumnFlags texts = new TextColumnFlags();

    @Override
    int run(Console console) throws IOException, InterruptedException {
        checkOptions();
        CommandException.model("clean", model, List.of(data));
        var ofTexts = TextModels.isOne(model)
                ? Optional.of(texts.of(data, table.labelColumn()))
                : Optional.<TextTable>empty();
        if (ofTexts.isEmpty()) {
            CommandException.folder(data);
        } else {
            table.refuseTexts(data);
        }
        if (list.isPresent()) {
            try (var predictor = engine.load(model)) {
                print(console, look(console, predictor, ofTexts), list.get());
            }
            return ExitCodes.DONE;
        }
        Path root = ofTexts.map(one -> one.set().root()).orElse(data);
        checkPlaces(root);
        ofTexts.ifPresent(one -> CommandException.writableBeside(one.set().cleaned(), data));
        try (var lock = CleanLock.take(root);
                var predictor = engine.load(model)) {
            var cleaner = look(console, predictor, ofTexts);
            cleaner.hold(lock);
            serve(console, cleaner);
        }
        return ExitCodes.DONE;
    }

    private void checkPlaces(Path root) {
        try {
            Destination.folder(root.resolve(Journal.FOLDER));
        } catch (CannotWriteException unwritable) {
            throw CommandException.unwritable(
                    root,
                    unwritable.hint("Maybe clean a copy of the data set; --list 40 only looks, and writes nothing."));
        }
        table.table(false)
                .map(one -> new TableSet(data, one))
                .ifPresent(set -> CommandException.writableBeside(set.cleaned(), set.csv()));
    }

    private Cleaner look(Console console, Predictor predictor, Optional<TextTable> ofTexts) throws IOException {
        try (var bar = console.progress("look", -1)) {
            LabelledSet set = ofTexts.isPresent() ? new CleanTexts(ofTexts.get()).set(predictor, bar) : set(predictor);
            return Cleaner.of(predictor, set, bar);
        }
    }

    /** What would be ignored is refused: it may have been meant. */
    private void checkOptions() {
        Bounds.port("--port", port);
        list.ifPresent(most -> Bounds.whole("--list", most, 0, Integer.MAX_VALUE, "40"));
        var parsed = spec.commandLine().getParseResult();
        for (String option : list.isEmpty() ? List.of("--order", "--view") : List.of("--port", "--no-browser")) {
            if (parsed.hasMatchedOption(option)) {
                throw wrongUsage(
                        list.isEmpty()
                                ? option + " is for --list, and the page has its own. Maybe add --list 40."
                                : option
                                        + " is for the page, which --list does not open. Maybe leave one of them out.");
            }
        }
    }

    private LabelledSet set(Predictor predictor) {
        boolean tags = predictor.document().isMultiLabel();
        return table.table(tags)
                .<LabelledSet>map(
                        one -> new TableSet(data, TableOptions.like(RunOptions.of(predictor.document()), one, tags)))
                .orElseGet(() -> FolderSet.like(predictor.document(), data));
    }

    private void print(Console console, Cleaner cleaner, int most) {
        var all = cleaner.pictures(Query.all().view(view).order(order));
        var shown = all.subList(0, Math.min(Math.max(0, most), all.size()));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("n", all.size());
        json.put("pictures", shown.stream().map(Picture::toMap).toList());
        json.put("rejected", Console.rejectedJson(cleaner.rejected()));
        console.json(json);
        if (view == Query.View.UNREADABLE) {
            console.table(
                    List.of("file", "label", "reason"),
                    shown.stream()
                            .map(one ->
                                    List.of(one.file(), one.label(), one.error().orElse("")))
                            .toList());
        } else {
            console.table(
                    List.of(cleaner.isTexts() ? "text" : "file", "label", "model", "loss", "probability"),
                    shown.stream().map(CleanCommand::row).toList());
        }
        console.rejected(cleaner.rejected());
    }

    private static List<String> row(Picture one) {
        boolean readable = one.error().isEmpty(); // among copies there may be one that is not
        return List.of(
                one.text().isEmpty() ? one.file() : PlainText.line(one.file() + ": " + one.text(), SHOWN),
                one.label(),
                readable ? String.join(" ", one.predicted()) : "-",
                readable ? String.format(Locale.ROOT, "%.3f", one.loss()) : "-",
                readable ? String.format(Locale.ROOT, "%.3f", one.probability()) : "-");
    }

    private void serve(Console console, Cleaner cleaner) throws InterruptedException {
        var again = Retrain.of(model, data);
        var page = CleanServer.of(cleaner);
        page = cleaner.isTexts()
                ? page
                : page.retrain(table.table(false).map(again::table).orElse(again));
        var end = new CountDownLatch(1);
        try (var server = page.start(port);
                var interrupts = console.interrupts("Stopping.")) {
            interrupts.onFirst(end::countDown);
            console.json(Map.of("url", server.link(), "port", server.port()));
            console.result("the cleaner is at " + server.link());
            if (!noBrowser && !BrowserWindow.open(server.link())) {
                console.say("No browser was found: open the address yourself.");
            }
            console.say("Ctrl-C ends it; choices are kept.");
            end.await();
        }
    }
}
