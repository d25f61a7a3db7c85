package espalier.cli;

import espalier.app.LinearTexts;
import espalier.app.TextReport;
import espalier.app.TextTrainer;
import espalier.app.TrainText;
import espalier.text.EasyAugmentation;
import espalier.text.LinearFit;
import espalier.text.LinearLearner;
import espalier.train.Callback;
import espalier.train.Fit;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier train text}: a classifier of the texts in a table. */
@Command(
        name = "text",
        description = {
            "Train a classifier on the texts of a CSV file, one row a text; or with --target a model that says numbers.",
            "It counts words and the characters within them; how much it trusts them is chosen by the validation texts.",
            "Networks are there by --model; on some thousand texts they are slower and worse."
        },
        footer = {
            "",
            "Ctrl-C finishes a network's batch and saves a checkpoint; the same command with --resume goes on.",
            "",
            "Examples:",
            "  espalier train text tweets.csv --text-column 5 --label-column 0 --out tweets.safetensors",
            "  espalier train text tickets.csv --tags --out tickets.safetensors",
            "  espalier train text reviews.csv --target stars --out stars.safetensors",
            "  espalier train text tweets.csv --model lstm --out lstm.safetensors"
        })
final class TrainTextCommand extends TrainCommand {
    @Parameters(
            paramLabel = "CSV",
            description = "The table: commas, semicolons, tabs or bars between cells; or JSON lines (.jsonl).")
    private Path file = Path.of("");

    @Mixin
    private TextFlags columns = new TextFlags();

    @Option(
            names = "--tags",
            description = "A text may have any number of labels, with blanks, commas, semicolons or bars between.")
    private boolean tags;

    @Option(
            names = "--split",
            paramLabel = "TRAIN/VALID/TEST",
            defaultValue = ".6/.2/.2",
            description = "The shares of the texts, alike in each class (${DEFAULT-VALUE}); with none for validation,"
                    + " cross-validation chooses.")
    private String split = "";

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Another seed, another split (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--strength",
            paramLabel = "C",
            description = "How far the weights may go, scikit-learn's C (the best of 0.3, 1, 3, 10, 30, 100).")
    private Optional<Double> strength = Optional.empty();

    @Mixin
    private NetworkTextFlags network = new NetworkTextFlags();

    @Mixin
    private KitFlags kit = new KitFlags();

    @Option(names = "--balanced", description = "Each class counts alike, however many texts it has.")
    private boolean balanced;

    @Option(
            names = "--max-features",
            paramLabel = "N",
            description = "The most n-grams of words, and of characters (as many as fit: up to 500000).")
    private Optional<Integer> maxFeatures = Optional.empty();

    private LinearLearner learner() {
        var learner = LinearLearner.standard().balanced(balanced);
        if (strength.isPresent()) {
            learner = learner.strengths(Bounds.number("--strength", strength.get(), 0, 1e9, "10"));
        }
        if (maxFeatures.isPresent()) {
            int most = Bounds.whole("--max-features", maxFeatures.get(), 1, 50_000_000, "100000");
            learner = learner.features(learner.features().maxFeatures(most));
        }
        return learner;
    }

    @Option(
            names = "--augment",
            paramLabel = "SHARE",
            description =
                    "Train on texts with this share of their words changed too, such as 0.1: swapped, deleted, and with"
                            + " --synonyms replaced and inserted (never).")
    private Optional<Double> augment = Optional.empty();

    @Option(
            names = "--resume",
            description = "Go on where an interrupted training of a network by the same command stopped.")
    private boolean resume;

    @Mixin
    private SynonymFlags synonyms = new SynonymFlags();

    @Mixin
    private CaptionFlags caption = new CaptionFlags();

    private Optional<EasyAugmentation> augmentation() {
        if (augment.isEmpty() && synonyms.given()) {
            throw wrongUsage("--synonyms is for --augment. Maybe --augment 0.1.");
        }
        return augment.map(share -> synonyms.augmentation("--augment", share));
    }

    private TextTrainer trainer() {
        var networks = network.trainer(kit.kit());
        if (networks.isEmpty() && resume) {
            throw wrongUsage("--resume is for networks; --model linear takes seconds. Maybe leave it out.");
        }
        if (networks.isPresent() && (balanced || strength.isPresent() || maxFeatures.isPresent())) {
            throw wrongUsage("--strength, --max-features and --balanced are for --model linear. Maybe leave them out.");
        }
        return networks.isPresent()
                ? networks.get().augmentation(augmentation())
                : LinearTexts.of(learner()).augmentation(augmentation());
    }

    private TrainText job() {
        if (tags && columns.ofNumbers()) {
            throw wrongUsage("--target names columns of numbers, so there are no tags. Maybe leave out --tags.");
        }
        if (balanced && (tags || columns.ofNumbers())) {
            throw wrongUsage("--balanced is for one label a text, not for --tags or --target. Maybe leave it out.");
        }
        double[] shares = shares();
        if (augment.isPresent() && shares[1] == 0) {
            throw wrongUsage("--augment needs texts for validation, and --split " + split
                    + " leaves none. Maybe --split .6/.2/.2.");
        }
        return TrainText.of(columns.of(file).tags(tags), out)
                .shares(shares[1], shares[2])
                .seed(seed)
                .trainer(trainer())
                .caption(caption.caption())
                .resume(resume);
    }

    private double[] shares() {
        String[] parts = split.split("/", -1);
        double[] shares = new double[3];
        double sum = 0;
        try {
            for (int i = 0; i < shares.length && parts.length == shares.length; i++) {
                shares[i] = Double.parseDouble(parts[i]);
                sum += shares[i];
            }
        } catch (NumberFormatException wrong) {
            throw wrongUsage("--split is " + split + ", expected three shares such as .6/.2/.2.");
        }
        boolean whole = Math.abs(sum - 1) < 1e-6 || Math.abs(sum - 100) < 1e-6;
        if (!whole || !(shares[0] > 0 && shares[1] >= 0 && shares[2] >= 0)) {
            throw wrongUsage(
                    "--split is " + split + ", expected three shares that make 1, the first above 0. Maybe .6/.2/.2.");
        }
        return new double[] {shares[0] / sum, shares[1] / sum, shares[2] / sum};
    }

    @Override
    int run(Console console) {
        var job = job();
        TextReport report;
        if (resume) {
            TrainingSession.checkResume(job.checkpoints(), out, console);
        }
        try (var interrupts = console.interrupts(
                        "Interrupted: a network finishes its batch and saves a checkpoint. Once more ends at once.");
                var progress = console.progress("train text", -1)) {
            report = job.run(progress, new EpochTable(console), new Callback() {
                @Override
                public void beforeFit(Fit fit) {
                    interrupts.onFirst(fit.learner()::interrupt);
                }
            });
        } catch (UncheckedIOException unwritable) {
            throw CommandException.unwritable(out, unwritable);
        }
        console.json(report.toMap());
        if (report.interrupted()) {
            return TrainingSession.stopped(job.checkpoints(), console);
        }
        report.warnings().forEach(console::warn);
        describe(report, console);
        console.rejected(report.rejected());
        console.result("saved " + out + " (" + Amounts.time(report.seconds()) + ")");
        console.next("predict", out, "--text", "I love this");
        return ExitCodes.DONE;
    }

    private static void describe(TextReport report, Console console) {
        String counts = String.format(
                Locale.ROOT,
                "%d training, %d validation and %d test texts %s, ",
                report.trainItems(),
                report.validItems(),
                report.testItems(),
                report.isNumeric()
                        ? "with " + String.join(", ", report.classes())
                        : "in " + report.classes().size() + " classes");
        if (report.training() instanceof TextReport.Regression linear) {
            console.say(counts + linear.features() + " n-grams");
            console.table(List.of("strength", "valid_loss", "accuracy", "time"), trials(linear));
        } else if (report.training() instanceof TextReport.Network net) {
            console.say(counts + net.vocabulary() + " tokens");
            net.missing().ifPresent(missing -> console.say(missing + " of them have no pretrained vector"));
            console.say(String.format(
                    Locale.ROOT,
                    "%d weights, %.1f %% of the batches padding, %.0f texts/s",
                    net.weights(),
                    100 * net.padding(),
                    report.itemsPerSecond()));
        }
        for (String part : List.of("valid", "test")) {
            var figures = report.metrics();
            if (figures.containsKey(part + "_mae")) {
                console.result(String.format(
                        Locale.ROOT,
                        "%-5s  mean error %s, root of the mean square %s, R2 %s",
                        part,
                        decimal(figures.getOrDefault(part + "_mae", Double.NaN)),
                        decimal(figures.getOrDefault(part + "_rmse", Double.NaN)),
                        decimal(figures.getOrDefault(part + "_r2_score", Double.NaN))));
            }
            if (figures.containsKey(part + "_accuracy")) {
                console.result(String.format(
                        Locale.ROOT,
                        "%-5s  accuracy %s, macro F1 %s, loss %s",
                        part,
                        decimal(figures.getOrDefault(part + "_accuracy", Double.NaN)),
                        decimal(figures.getOrDefault(part + "_f1_macro", Double.NaN)),
                        decimal(figures.getOrDefault(part + "_loss", Double.NaN))));
            }
        }
    }

    private static List<List<String>> trials(TextReport.Regression linear) {
        var rows = new ArrayList<List<String>>();
        for (LinearFit.Trial trial : linear.trials()) {
            rows.add(List.of(
                    trial.c() + (trial.c() == linear.strength() ? " *" : ""),
                    decimal(trial.loss()),
                    decimal(trial.accuracy()),
                    Amounts.time(trial.seconds())));
        }
        return rows;
    }

    private static String decimal(double value) {
        return Amounts.decimal("%.4f", value);
    }
}
