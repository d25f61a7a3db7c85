package espalier.cli;

import espalier.app.Show;
import espalier.app.ShowTexts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier show}: a grid of pictures as the model will see them, or the tokens of texts. */
@Command(
        name = "show",
        description = "Draw pictures as training will see them, or print the tokens of texts.",
        footer = {
            "",
            "Examples:",
            "  espalier show data/dogs --resize squish",
            "  espalier show data/dogs --augmentations --out augmentations.png",
            "  espalier show train.csv --images train-jpg --part valid",
            "  espalier show data/dogs --explain",
            "  espalier show tweets.csv --texts --text-column 5 --label-column 0"
        })
final class ShowCommand extends EspalierCommand {
    @Parameters(
            paramLabel = "DATA",
            description = "The folder with one sub-folder a class, or a table of labels, see --images.")
    private Path data = Path.of("");

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "The PNG to write (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("show.png");

    @Option(names = "--count", paramLabel = "N", description = "How many pictures (default: ${DEFAULT-VALUE}).")
    private int count = 9;

    @Option(
            names = "--resize",
            paramLabel = "crop|pad|random|squish",
            description = "How they get that size (crop; with --explain random, as in training).")
    private Optional<Show.Style> resize = Optional.empty();

    @Mixin
    private PictureFlags pictures = new PictureFlags();

    @Option(
            names = "--part",
            paramLabel = "train|valid",
            defaultValue = "TRAIN",
            description = "Which pictures (train).")
    private Show.Part part = Show.Part.TRAIN;

    @Option(
            names = {"--augmentations", "--unique"},
            description = "Show one picture as different epochs would alter it.")
    private boolean augmentations;

    @Option(names = "--seed", paramLabel = "N", description = "The seed of the order (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(names = "--explain", description = "Tell step by step what happens to the data; writes nothing.")
    private boolean explain;

    @Option(
            names = "--texts",
            description =
                    "The table holds texts: tell how long they are, what words there are, and print some in tokens.")
    private boolean texts;

    @Mixin
    private TextColumnFlags columns = new TextColumnFlags();

    private int showTexts(Console console) {
        var usual = ShowTexts.of(columns.of(data, pictures.labelColumn()));
        int shown = Bounds.whole("--count", count, 1, 10_000, "9");
        return ShowTextLines.show(new ShowTexts(usual.data(), usual.words(), shown, seed), console);
    }

    @Override
    int run(Console console) {
        if (texts) {
            return showTexts(console);
        }
        var given = pictures.of(data, pictures.areTags(data));
        var plain = Show.of(given.folder())
                .pictures(given.options())
                .part(part)
                .count(Bounds.whole("--count", count, 1, 10_000, "9"))
                .style(resize.orElse(explain ? Show.Style.RANDOM : Show.Style.CROP))
                .seed(seed);
        var job = augmentations ? plain.augmentations() : plain;
        if (explain) {
            String text = console.during("show", job::explain);
            console.json(Map.of("explanation", text));
            console.text(text.stripTrailing());
            return ExitCodes.DONE;
        }
        CommandException.writableBeside(out, given.folder());
        var grid = console.during("show", job::grid);
        try {
            grid.write(out);
        } catch (IOException failure) {
            throw CommandException.unwritable(out, failure);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("out", out.toString());
        json.put("width", grid.render().getWidth());
        json.put("height", grid.render().getHeight());
        console.json(json);
        console.result("wrote " + out);
        return ExitCodes.DONE;
    }
}
