package espalier.cli;

import espalier.app.TrainingKit;
import espalier.train.Norms;
import espalier.train.callback.MlflowLog;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options of a training beyond epochs, rate and data: {@link TrainingKit} on the command line. */
final class KitFlags {
    private static final double BELOW_ONE = Math.nextDown(1.0);

    /** {@link Norms} by PyTorch's words. */
    private enum BatchNorm {
        EVAL,
        FROZEN,
        TRAIN;

        Norms norms() {
            return Norms.named(name().toLowerCase(Locale.ROOT));
        }
    }

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            description = "What makes the steps: adadelta, adagrad, adam, adamax, lamb, larc, lars, lion, nadam, radam,"
                    + " ranger, rmsprop, sgd (adam).")
    private Optional<String> optimizer = Optional.empty();

    @Option(
            names = "--weight-decay",
            paramLabel = "SHARE",
            description = "How much weights shrink, times the rate (the optimiser's own; adam 0.01).")
    private Optional<Double> weightDecay = Optional.empty();

    @Option(names = "--accumulate", paramLabel = "N", description = "Batches that make one step (1).")
    private Optional<Integer> accumulate = Optional.empty();

    @Option(
            names = "--clip-norm",
            paramLabel = "NORM",
            description = "Scale gradients so that their common norm is at most this.")
    private Optional<Double> clipNorm = Optional.empty();

    @Option(names = "--clip-value", paramLabel = "VALUE", description = "Cut each gradient to this size.")
    private Optional<Double> clipValue = Optional.empty();

    @Option(
            names = "--batch-norm",
            paramLabel = "eval|frozen|train",
            description = "Whether the body's batch norms are in evaluation mode: always, while frozen, never (eval).")
    private Optional<BatchNorm> norms = Optional.empty();

    @Option(
            names = "--label-smoothing",
            paramLabel = "SHARE",
            description = "Spread this share of each target over all classes, such as 0.1.")
    private Optional<Double> labelSmoothing = Optional.empty();

    @Option(
            names = "--mixup",
            paramLabel = "ALPHA",
            description = "Train on mixtures of two pictures, such as 0.4: the larger, the more even.")
    private Optional<Double> mixUp = Optional.empty();

    @Option(
            names = "--cutmix",
            paramLabel = "ALPHA",
            description = "Train on pictures with a box of another in them, such as 1.")
    private Optional<Double> cutMix = Optional.empty();

    @Option(
            names = "--ema",
            paramLabel = "DECAY",
            description = "Keep a moving average of the weights, such as 0.99, and save it.")
    private Optional<Double> ema = Optional.empty();

    @Option(
            names = "--swa",
            paramLabel = "SHARE",
            description = "Average the weights of the epochs after this share of them, such as 0.75, and save that.")
    private Optional<Double> swa = Optional.empty();

    @Option(
            names = "--metrics",
            paramLabel = "NAME",
            split = ",",
            description = "What to judge each epoch by, such as error_rate,f1_score,roc_auc_score (error_rate; for tags"
                    + " accuracy_multi).")
    private List<String> metrics = List.of();

    @Option(
            names = "--save-best",
            paramLabel = "NAME",
            description = "Save the model of the epoch in which this was best: a metric or valid_loss.")
    private Optional<String> saveBest = Optional.empty();

    @Option(
            names = "--early-stopping",
            paramLabel = "N",
            description =
                    "Stop when the value of --save-best, or valid_loss, has not become better for so many epochs.")
    private Optional<Integer> earlyStopping = Optional.empty();

    @Option(
            names = "--save-every",
            paramLabel = "N",
            description = "Write the model after every so many epochs too, as OUT.epoch-02.safetensors.")
    private Optional<Integer> saveEvery = Optional.empty();

    @Option(names = "--log-csv", paramLabel = "FILE", description = "Write the table of epochs into this file.")
    private Optional<Path> csv = Optional.empty();

    @Option(
            names = "--tensorboard",
            paramLabel = "DIR",
            description = "Write event files that `tensorboard --logdir DIR` shows.")
    private Optional<Path> tensorBoard = Optional.empty();

    @Option(
            names = "--mlflow",
            paramLabel = "URL",
            description = "Tell an MLflow server, such as http://localhost:5000, of options, losses and metrics.")
    private Optional<URI> mlflow = Optional.empty();

    @Option(names = "--experiment", paramLabel = "NAME", description = "The experiment of --mlflow (Default).")
    private Optional<String> experiment = Optional.empty();

    /** The names of these options. */
    static Stream<String> names() {
        return Arrays.stream(KitFlags.class.getDeclaredFields())
                .map(field -> field.getAnnotation(Option.class))
                .filter(Objects::nonNull)
                .map(option -> option.names()[0]);
    }

    TrainingKit kit() {
        var steps = new TrainingKit.Steps(
                optimizer,
                weightDecay.map(n -> Bounds.number("--weight-decay", n, Bounds.FROM_ZERO, 1, "0.01")),
                count("--accumulate", accumulate, "4"),
                clipNorm.map(n -> Bounds.number("--clip-norm", n, 0, Double.MAX_VALUE, "1")),
                clipValue.map(n -> Bounds.number("--clip-value", n, 0, Double.MAX_VALUE, "0.5")),
                norms.map(BatchNorm::norms));
        var regularization = new TrainingKit.Regularization(
                labelSmoothing.map(n -> Bounds.number("--label-smoothing", n, Bounds.FROM_ZERO, 1, "0.1")),
                mixUp.map(n -> Bounds.number("--mixup", n, 0, 100, "0.4")),
                cutMix.map(n -> Bounds.number("--cutmix", n, 0, 100, "1")),
                ema.map(n -> Bounds.number("--ema", n, Bounds.FROM_ZERO, BELOW_ONE, "0.99")),
                swa.map(n -> Bounds.number("--swa", n, Bounds.FROM_ZERO, BELOW_ONE, "0.75")));
        if (mixUp.isPresent() && cutMix.isPresent()) {
            throw new CommandException(
                    ExitCodes.USAGE, "--mixup and --cutmix both mix the pictures of a batch. Maybe choose one.");
        }
        if (ema.isPresent() && swa.isPresent()) {
            throw new CommandException(ExitCodes.USAGE, "--ema and --swa both average the weights. Maybe choose one.");
        }
        var watching = new TrainingKit.Watching(
                metrics,
                saveBest,
                count("--early-stopping", earlyStopping, "3"),
                count("--save-every", saveEvery, "1"),
                csv,
                tensorBoard,
                mlflow());
        return new TrainingKit(steps, regularization, watching);
    }

    private Optional<MlflowLog> mlflow() {
        if (mlflow.isEmpty() && experiment.isPresent()) {
            throw new CommandException(ExitCodes.USAGE, "--experiment is one of --mlflow. Maybe add its URL.");
        }
        try {
            var log = mlflow.map(MlflowLog::to);
            return experiment.isPresent() ? log.map(one -> one.experiment(experiment.get())) : log;
        } catch (IllegalArgumentException wrong) {
            throw new CommandException(ExitCodes.USAGE, "--mlflow: " + wrong.getMessage());
        }
    }

    private static Optional<Integer> count(String option, Optional<Integer> value, String usual) {
        Function<Integer, Integer> checked = n -> Bounds.whole(option, n, 1, 100_000, usual);
        return value.map(checked);
    }
}
