package espalier.app;

import espalier.data.Loaders;
import espalier.format.RunOptions;
import espalier.loss.CrossEntropy;
import espalier.metric.Metric;
import espalier.optim.OptimizerFactory;
import espalier.optim.Optimizers;
import espalier.train.Callback;
import espalier.train.Learner;
import espalier.train.Norms;
import espalier.train.callback.CsvLog;
import espalier.train.callback.CutMix;
import espalier.train.callback.EarlyStopping;
import espalier.train.callback.GradientAccumulation;
import espalier.train.callback.GradientClip;
import espalier.train.callback.MixUp;
import espalier.train.callback.MlflowLog;
import espalier.train.callback.SaveBest;
import espalier.train.callback.SaveEvery;
import espalier.train.callback.TensorBoardLog;
import espalier.train.callback.WeightAverage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a training has beyond its epochs and rates; nothing by default. What changes the weights must be the same when a run
 * is resumed, and is kept in the model file.
 *
 * @param steps how a step is made
 * @param regularization what keeps the model from learning the training items by heart
 * @param watching what is looked at and written
 */
public record TrainingKit(Steps steps, Regularization regularization, Watching watching) {
    /** Nothing beyond what a learner does. */
    public static final TrainingKit NONE = new TrainingKit(Steps.STANDARD, Regularization.NONE, Watching.NONE);

    /**
     * How a step is made.
     *
     * @param optimizer a name of the catalogue of optimisers; empty: {@code adam}
     * @param weightDecay how much weights shrink; empty: the optimiser's own
     * @param accumulate how many batches make a step; empty: 1
     * @param clipNorm the largest norm of all gradients together; empty: any
     * @param clipValue the largest absolute value of a gradient; empty: any
     * @param norms which batch norms rest; empty: those before the head
     */
    public record Steps(
            Optional<String> optimizer,
            Optional<Double> weightDecay,
            Optional<Integer> accumulate,
            Optional<Double> clipNorm,
            Optional<Double> clipValue,
            Optional<Norms> norms) {
        /** Adam, each batch a step, nothing clipped. */
        public static final Steps STANDARD = new Steps(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * What keeps the model from learning the training items by heart.
     *
     * @param labelSmoothing how much of each target is spread over all classes
     * @param mixUp alpha of {@link MixUp}
     * @param cutMix alpha of {@link CutMix}
     * @param ema the decay of {@link WeightAverage#exponential}
     * @param swa the share of the epochs after which {@link WeightAverage#stochastic} begins
     */
    public record Regularization(
            Optional<Double> labelSmoothing,
            Optional<Double> mixUp,
            Optional<Double> cutMix,
            Optional<Double> ema,
            Optional<Double> swa) {
        /** None of them. */
        public static final Regularization NONE = new Regularization(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * What is looked at and written.
     *
     * @param metrics names of the catalogue of metrics, shown in this order; empty: the target's own
     * @param saveBest the value by whose best epoch the model is saved: a metric, {@code valid_loss} or {@code train_loss}
     * @param earlyStopping after how many epochs without a better value of {@code saveBest}, or {@code valid_loss}, to stop
     * @param saveEvery after how many epochs to write the model beside the final one
     * @param csv where to write the table of epochs
     * @param tensorBoard the folder for event files
     * @param mlflow the MLflow server that hears of the training
     */
    public record Watching(
            List<String> metrics,
            Optional<String> saveBest,
            Optional<Integer> earlyStopping,
            Optional<Integer> saveEvery,
            Optional<Path> csv,
            Optional<Path> tensorBoard,
            Optional<MlflowLog> mlflow) {
        /** The target's own metrics, nothing else. */
        public static final Watching NONE = new Watching(
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        public Watching {
            metrics = List.copyOf(metrics);
        }

        /** The model of the epoch in which a value was best: {@code "valid_loss"} or a metric's name. */
        public static Watching best(String name) {
            return new Watching(
                    List.of(),
                    Optional.of(name),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /** Returns this kit with other steps. */
    public TrainingKit steps(Steps steps) {
        return new TrainingKit(steps, regularization, watching);
    }

    /** Returns this kit with another regularisation. */
    public TrainingKit regularization(Regularization regularization) {
        return new TrainingKit(steps, regularization, watching);
    }

    /** Returns this kit with other things to look at. */
    public TrainingKit watching(Watching watching) {
        return new TrainingKit(steps, regularization, watching);
    }

    /** The kit of the run that made a model; what it wrote beside the model is not repeated. */
    static TrainingKit like(RunOptions options) {
        Function<String, Optional<Double>> number = name -> options.value(name, Double::valueOf);
        return new TrainingKit(
                new Steps(
                        options.value("--optimizer", name -> name),
                        number.apply("--weight-decay"),
                        options.value("--accumulate", Integer::valueOf),
                        number.apply("--clip-norm"),
                        number.apply("--clip-value"),
                        options.value("--batch-norm", Norms::named)),
                new Regularization(
                        number.apply("--label-smoothing"),
                        number.apply("--mixup"),
                        number.apply("--cutmix"),
                        number.apply("--ema"),
                        number.apply("--swa")),
                new Watching(
                        List.of(),
                        options.value("--save-best", name -> name),
                        options.value("--early-stopping", Integer::valueOf),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    /** What changes the weights, by the names of the command line; what was not chosen is left out. */
    Map<String, String> asOptions() {
        Map<String, Optional<?>> all = new LinkedHashMap<>();
        all.put("--optimizer", steps.optimizer);
        all.put("--weight-decay", steps.weightDecay);
        all.put("--accumulate", steps.accumulate);
        all.put("--clip-norm", steps.clipNorm);
        all.put("--clip-value", steps.clipValue);
        all.put("--batch-norm", steps.norms.map(Norms::word));
        all.put("--label-smoothing", regularization.labelSmoothing);
        all.put("--mixup", regularization.mixUp);
        all.put("--cutmix", regularization.cutMix);
        all.put("--ema", regularization.ema);
        all.put("--swa", regularization.swa);
        all.put("--save-best", watching.saveBest);
        all.put("--early-stopping", watching.earlyStopping);
        Map<String, String> chosen = new LinkedHashMap<>();
        all.forEach((name, value) -> value.ifPresent(is -> chosen.put(name, String.valueOf(is))));
        return chosen;
    }

    /**
     * Fits a learner out, before its first step.
     *
     * @param out where the model will be written
     * @param options of the run, which logs may tell of
     * @param thresholds above which probabilities tags are given; empty where there are none
     * @throws IllegalArgumentException for an optimiser or a metric that is not there, or that does not fit the target
     */
    void fitOut(Learner<?> learner, Path out, Map<String, String> options, Optional<Thresholds> thresholds) {
        var named = metrics(learner.loaders());
        var metrics = thresholds
                .map(chosen -> chosen.metrics(named, watching.metrics.isEmpty(), learner::thresholds))
                .orElse(named);
        thresholds.flatMap(Thresholds::fixed).map(List::of).ifPresent(learner::thresholds);
        learner.metrics(metrics.toArray(Metric[]::new));
        factory().ifPresent(learner::optimizer);
        steps.norms.ifPresent(learner::norms);
        regularization.labelSmoothing.ifPresent(share -> smooth(learner, share));
        callbacks(new WatchedValues(metrics), out, options).forEach(learner::callback);
    }

    private List<Metric> metrics(Loaders<?> loaders) {
        var names = new ArrayList<>(watching.metrics);
        watching.saveBest
                .filter(name -> !name.endsWith("_loss") && !names.contains(name))
                .ifPresent(names::add);
        return WatchedValues.metrics(names, loaders);
    }

    private Optional<OptimizerFactory> factory() {
        var named = steps.optimizer.map(name -> Optimizers.named(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no optimiser \"" + name + "\". There are "
                        + Optimizers.all().stream().map(OptimizerFactory::name).collect(Collectors.joining(", "))
                        + ".")));
        return steps.weightDecay.isEmpty()
                ? named
                : Optional.of(named.orElseGet(Optimizers::adam).decaying(steps.weightDecay.get()));
    }

    private static void smooth(Learner<?> learner, double share) {
        if (!(learner.loss() instanceof CrossEntropy entropy)) {
            throw new IllegalArgumentException("label smoothing is for items with one class each, and the loss is "
                    + learner.loss().name() + ".");
        }
        learner.loss(entropy.labelSmoothing(share));
    }

    private List<Callback> callbacks(WatchedValues values, Path out, Map<String, String> options) {
        List<Callback> all = new ArrayList<>();
        regularization.mixUp.map(MixUp::of).ifPresent(all::add);
        regularization.cutMix.map(CutMix::of).ifPresent(all::add);
        steps.accumulate
                .filter(batches -> batches > 1)
                .map(GradientAccumulation::of)
                .ifPresent(all::add);
        steps.clipNorm.map(GradientClip::of).ifPresent(all::add);
        steps.clipValue.map(GradientClip::byValue).ifPresent(all::add);
        regularization.ema.map(WeightAverage::exponential).ifPresent(all::add);
        regularization.swa.map(WeightAverage::stochastic).ifPresent(all::add);
        var watched = values.monitor(watching.saveBest.orElse("valid_loss"));
        watching.saveBest.ifPresent(name -> all.add(SaveBest.of(watched)));
        watching.earlyStopping.map(epochs -> EarlyStopping.of(watched, epochs)).ifPresent(all::add);
        watching.saveEvery.map(epochs -> SaveEvery.of(epochs, out)).ifPresent(all::add);
        watching.csv.map(CsvLog::to).ifPresent(all::add);
        watching.tensorBoard.map(TensorBoardLog::in).ifPresent(all::add);
        watching.mlflow.map(log -> log.parameters(options)).ifPresent(all::add);
        return all;
    }
}
