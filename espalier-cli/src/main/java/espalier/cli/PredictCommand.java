package espalier.cli;

import espalier.app.Predict;
import espalier.app.Submission;
import espalier.cli.Answers.Form;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier predict}: what a model says about files and folders. */
@Command(
        name = "predict",
        description = {
            "Ask a model about pictures or texts.",
            "Files and folders are taken in the given order, each answer is printed as soon as it is known.",
            "A model of texts predicts --text, .txt files, the rows of a CSV file (printed with two more columns), or,"
                    + " when it is given alone, each line of standard input.",
            "Files that cannot be read get an error in their place. Exit code 0 when at least one file was predicted,"
                    + " 65 when none could be read, 66 when none is there.",
            "Models of more than 100 classes give the five most probable (\"top5\") instead of all probabilities."
        },
        footer = {
            "",
            "Examples:",
            "  espalier predict dogs.safetensors grizzly.jpg photos/",
            "  espalier predict dogs.safetensors photos/ --out answers.csv",
            "  espalier predict --pretrained efficientnet-lite0 photos/",
            "  espalier predict planet.safetensors test-jpg/ --submission submission.csv --sample sample_submission.csv",
            "  espalier predict tweets.safetensors --text 'I love this'",
            "  espalier predict tweets.safetensors new-tweets.csv > predicted.csv"
        })
final class PredictCommand extends EspalierCommand {
    @Parameters(
            paramLabel = "MODEL PATH",
            arity = "1..*",
            description = "The model file, then files and folders; with --pretrained files and folders only.")
    private List<Path> paths = List.of();

    @Option(
            names = "--pretrained",
            paramLabel = "NAME",
            description = "Use a network with its published ImageNet weights, such as efficientnet-lite0.")
    private @Nullable String pretrained;

    @Option(
            names = "--csv",
            description = "Print CSV. Cells that a spreadsheet would run as a formula start with an apostrophe.")
    private boolean csv;

    @Option(
            names = "--submission",
            paramLabel = "FILE",
            description = "Write what a competition wants instead: the name of each picture and its tags, as CSV.")
    private Optional<Path> submission = Optional.empty();

    @Option(
            names = "--sample",
            paramLabel = "FILE",
            description = "The competition's sample_submission.csv: its names, order and header, and nothing missing.")
    private Optional<Path> sample = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the answers into FILE while they come, as its ending says: .csv, or .jsonl for a JSON"
                    + " document on each line. What cannot be read has its reason in the column error.")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private EngineFlag engine = new EngineFlag();

    @Mixin
    private TtaFlag tta = new TtaFlag();

    @Option(names = "--text", paramLabel = "TEXT", description = "A text to predict; may be given several times.")
    private List<String> texts = List.of();

    @Mixin
    private TextFlags columns = new TextFlags();

    @Override
    int run(Console console) {
        if (csv && console.json()) {
            throw wrongUsage("--csv and --json exclude each other. Maybe one of them was meant.");
        }
        if (csv && out.isPresent()) {
            throw wrongUsage("--csv prints, and --out writes a file. Maybe one of them was meant.");
        }
        if (out.isPresent() && submission.isPresent()) {
            throw wrongUsage("--out and --submission exclude each other. Maybe one of them was meant.");
        }
        if (out.isEmpty()) {
            return predict(console, csv ? Form.CSV : console.json() ? Form.JSON : Form.LINES, Progress.NONE);
        }
        var form = ResultFile.form(out.get());
        long start = System.nanoTime();
        int code;
        int[] done = new int[1];
        try (var progress = console.progress("predict", -1);
                var file = ResultFile.open(out.get(), paths)) {
            code = predict(console.into(file.writer()), form, (count, total, message) -> {
                done[0] = (int) count;
                progress.update(count, total, message);
            });
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        console.json(Map.of("out", out.get().toString(), "answers", done[0], "seconds", seconds));
        console.result(
                String.format(Locale.ROOT, "wrote %s: %s, %.1f s", out.get(), Amounts.of(done[0], "answer"), seconds));
        return code;
    }

    /** @param progress hears of each answer */
    private int predict(Console console, Form form, Progress progress) {
        if (pretrained == null && TextModels.isOne(paths.get(0))) {
            engine.name();
            tta.refuseTexts();
            boolean table = paths.size() == 2 && TextModels.isTable(paths.get(1));
            if (table && texts.isEmpty()) {
                return TextModels.predict(paths.get(0), columns.of(paths.get(1)), form, console, progress);
            }
            if (paths.size() == 1) {
                return TextModels.predict(paths.get(0), texts, form, console, progress);
            }
        }
        if (!texts.isEmpty()) {
            throw wrongUsage("--text is for a model of texts, which is given alone. Maybe another model was meant.");
        }
        return predictFiles(console, form, progress);
    }

    private int predictFiles(Console console, Form form, Progress progress) {
        var job = job();
        if (job.paths().stream().noneMatch(Files::exists)) {
            throw new CommandException(
                    ExitCodes.NO_INPUT,
                    "there is no file or folder " + job.paths().get(0)
                            + ". Maybe it is misspelt: paths are relative to "
                            + Path.of("").toAbsolutePath() + ".");
        }
        if (submission.isPresent()) {
            return submit(job, submission.get(), console);
        }
        if (sample.isPresent()) {
            throw wrongUsage("--sample is what a submission is checked by. Maybe add --submission FILE.");
        }
        Predict.Result result;
        int[] done = new int[1];
        try (var predictor = open(job);
                var answers = Answers.of(console, form, predictor.document())) {
            result = job.run(predictor, answer -> {
                answers.add(answer);
                progress.update(++done[0], -1, "");
            });
        }
        if (result.predicted() > 0) {
            return ExitCodes.DONE;
        }
        console.warn(
                result.failed() == 0
                        ? "there are no pictures in " + job.paths() + ". Maybe another folder was meant."
                        : (result.failed() == 1 ? "the only file" : "none of the " + result.failed() + " files")
                                + (result.failed() == 1 ? " could not be read" : " could be read")
                                + ". Maybe these are no pictures.");
        return ExitCodes.BAD_DATA;
    }

    private Predictor open(Predict job) {
        var passes = tta.passes();
        return passes.isPresent() ? job.open(engine.name(), passes.get()) : job.open(engine.name());
    }

    private int submit(Predict job, Path file, Console console) {
        for (Path input : job.paths()) {
            CommandException.writableBeside(file, input);
        }
        var rejected = new ArrayList<Rejected>();
        Map<Path, List<String>> answers = new LinkedHashMap<>();
        try (var predictor = open(job);
                var progress = console.progress("predict", -1)) {
            var plain = Submission.of(file).like(predictor.document());
            var checked = sample.map(CommandException::file).map(plain::sample).orElse(plain);
            job.run(predictor, answer -> {
                answer.prediction().ifPresent(said -> answers.put(answer.file(), Submission.answer(said)));
                answer.error()
                        .ifPresent(reason ->
                                rejected.add(new Rejected(answer.file().toString(), reason)));
                progress.update(answers.size(), -1, "");
            });
            told(checked.write(answers), file, console);
        } catch (IOException failure) {
            throw CommandException.unwritable(file, failure);
        } finally {
            console.rejected(rejected);
        }
        return ExitCodes.DONE;
    }

    private static void told(Submission.Result written, Path file, Console console) {
        console.json(Map.of("out", file.toString(), "rows", written.rows(), "extra", written.extra()));
        if (!written.extra().isEmpty()) {
            console.warn("the sample does not have " + written.extra().size() + " of the pictures, which are left out: "
                    + Submission.shown(written.extra()));
        }
        if (written.blank() > 0) {
            console.warn(written.blank() + " of the pictures got no tag. Maybe the model's threshold is too high.");
        }
        console.result("wrote " + file + " (" + written.rows() + " rows)");
    }

    private Predict job() {
        if (pretrained != null) {
            return Predict.pretrained(pretrained, paths);
        }
        if (paths.size() < 2) {
            throw wrongUsage("give a model file and at least one file or folder to predict.");
        }
        return Predict.of(
                CommandException.model("predict", paths.get(0), paths.subList(1, paths.size())),
                paths.subList(1, paths.size()));
    }
}
