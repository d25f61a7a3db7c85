package espalier.cli;

import espalier.app.Predict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier predict}: what a model says about files and folders. */
@Command(
        name = "predict",
        description = {
            "Predict files and folders, in the given order, each answer printed as soon as it is known.",
            "Files that cannot be read get an error in their place. Exit code 0 when at least one file was predicted,"
                    + " 65 when none could be read, 66 when none is there.",
            "Models of more than 100 classes give the five most probable (\"top5\") instead of all probabilities."
        },
        footer = {
            "",
            "Examples:",
            "  espalier predict dogs.safetensors grizzly.jpg photos/",
            "  espalier predict --pretrained efficientnet-lite0 photos/"
        })
final class PredictCommand extends EspalierCommand {
    @Parameters(
            paramLabel = "MODEL PATH",
            arity = "1..*",
            description = "The model file, then files and folders; with --pretrained files and folders only.")
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private List<Path> paths;

    @Option(
            names = "--pretrained",
            paramLabel = "NAME",
            description = "Use a network with its published ImageNet weights, such as efficientnet-lite0.")
    private @Nullable String pretrained;

    @Option(
            names = "--csv",
            description = "Print CSV. Cells that a spreadsheet would run as a formula start with an apostrophe.")
    private boolean csv;

    @Override
    int run(Console console) {
        if (csv && console.json()) {
            throw wrongUsage("--csv and --json exclude each other. Maybe one of them was meant.");
        }
        var job = job();
        if (job.paths().stream().noneMatch(Files::exists)) {
            throw new CommandException(
                    ExitCodes.NO_INPUT,
                    "there is no file or folder " + job.paths().get(0)
                            + ". Maybe it is misspelt: paths are relative to "
                            + Path.of("").toAbsolutePath() + ".");
        }
        Predict.Result result;
        try (var predictor = job.open();
                var answers = Answers.of(console, csv, predictor.classes().size())) {
            result = job.run(predictor, answers::add);
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

    private Predict job() {
        if (pretrained != null) {
            return Predict.pretrained(pretrained, paths);
        }
        if (paths.size() < 2) {
            throw wrongUsage("give a model file and at least one file or folder to predict.");
        }
        return Predict.of(CommandException.file(paths.get(0)), paths.subList(1, paths.size()));
    }
}
