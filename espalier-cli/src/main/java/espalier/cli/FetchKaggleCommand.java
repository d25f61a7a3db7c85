package espalier.cli;

import espalier.collect.Archives;
import espalier.collect.FileType;
import espalier.collect.Kaggle;
import espalier.collect.KaggleCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier fetch kaggle}: downloads a competition or a data set. */
@Command(
        name = "kaggle",
        description = {
            "Download a competition's data or a data set from Kaggle and extract it.",
            "The key is looked for in KAGGLE_API_TOKEN, in KAGGLE_USERNAME and KAGGLE_KEY, and in ~/.kaggle/kaggle.json."
        },
        footer = {
            "",
            "Examples:",
            "  espalier fetch kaggle competition planet-understanding-the-amazon-from-space --out data/planet",
            "  espalier fetch kaggle competition titanic --file train.csv --out data/titanic",
            "  espalier fetch kaggle dataset zillow/zecon --out data/zecon"
        })
final class FetchKaggleCommand extends EspalierCommand {
    private enum Kind {
        COMPETITION,
        DATASET
    }

    @Parameters(index = "0", paramLabel = "competition|dataset", description = "Which of the two.")
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private Kind kind;

    @Parameters(index = "1", paramLabel = "NAME", description = "NAME of a competition, OWNER/SLUG of a data set.")
    private String name = "";

    @Option(names = "--file", paramLabel = "FILE", description = "Only this file of it.")
    private @Nullable String file;

    @Option(names = "--list", description = "Only list a competition's files.")
    private boolean list;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The folder for the files (default: data/NAME, data/OWNER/SLUG).")
    private @Nullable Path out;

    @Option(names = "--no-extract", description = "Leave archives as they are.")
    private boolean packed;

    @Mixin
    private NetworkFlags network = new NetworkFlags();

    @Override
    int run(Console console) throws IOException {
        if (list && kind != Kind.COMPETITION) {
            throw wrongUsage("--list goes with a competition. Maybe look at the data set's page.");
        }
        String checked = kind == Kind.COMPETITION ? Kaggle.checkedCompetition(name) : Kaggle.checkedDataset(name);
        Path folder = out == null ? Path.of("data").resolve(checked) : out; // two owners may use one slug
        network.endpoint(); // a wrong one is told before a missing key
        if (!list) {
            CommandException.writableFolder(folder);
        }
        var credentials = KaggleCredentials.find();
        credentials.warnings().forEach(console::warn);
        var plain = Kaggle.of(credentials);
        var guarded = plain.fetch(network.apply(plain.fetch()));
        var kaggle = network.endpoint().map(guarded::endpoint).orElse(guarded);
        return Interruptible.run(
                console, SearchCommand.STOPPED, () -> list ? list(console, kaggle) : fetch(console, kaggle, folder));
    }

    private int fetch(Console console, Kaggle kaggle, Path folder) throws IOException {
        Path archive;
        try (var bar = console.progress(name, -1)) {
            archive = download(kaggle.progress(bar), folder);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", archive.toString());
        console.result(archive.toString());
        if (!packed && FileType.of(archive).isArchive()) {
            var extracted = Archives.into(folder).extract(archive);
            json.put("out", folder.toString());
            json.put("files", extracted.files());
            json.put("warnings", extracted.warnings());
            extracted.warnings().forEach(console::warn);
            console.result(Amounts.of(extracted.files(), "file") + " extracted to " + folder);
        }
        console.json(json);
        return ExitCodes.DONE;
    }

    private Path download(Kaggle kaggle, Path folder) throws IOException {
        if (kind == Kind.COMPETITION) {
            return file == null ? kaggle.competition(name, folder) : kaggle.competition(name, file, folder);
        }
        return file == null ? kaggle.dataset(name, folder) : kaggle.dataset(name, file, folder);
    }

    private int list(Console console, Kaggle kaggle) throws IOException {
        List<String> files = kaggle.files(name);
        console.json(Map.of("files", files));
        files.forEach(console::result);
        return ExitCodes.DONE;
    }
}
