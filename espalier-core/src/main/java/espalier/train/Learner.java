package espalier.train;

import espalier.data.DataException;
import espalier.data.Loader;
import espalier.data.Loaders;
import espalier.loss.Loss;
import espalier.metric.Metric;
import espalier.nn.Finite;
import espalier.nn.Module;
import espalier.optim.OneCycle;
import espalier.optim.Optimizer;
import espalier.optim.OptimizerFactory;
import espalier.optim.Optimizers;
import espalier.optim.Rates;
import espalier.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Fits a model to loaders. The words and the defaults are fastai's.
 *
 * <pre>{@code
 * try (var learner = Learner.of(loaders, model, Losses.crossEntropy()).metrics(Metrics.accuracy())) {
 *     learner.fitOneCycle(5, Rates.of(1e-3));
 * }
 * }</pre>
 *
 * <p>For pictures start from {@code VisionLearner.of}, which brings pretrained weights, a head, parameter groups and
 * the loss. Closing frees the model and the optimiser's state. Not thread-safe, but for {@link #interrupt}.
 *
 * @param <X> an input before it becomes part of a batch
 */
public final class Learner<X> implements AutoCloseable {
    private static final String NAME = "learner";

    private final Loaders<X> loaders;
    private final Module model;
    private final Loss loss;
    private final Interruption interruption = new Interruption();
    private final List<Metric> metrics = new ArrayList<>();
    private final List<Callback> callbacks = new ArrayList<>(List.of(interruption));
    private Groups groups;
    private OptimizerFactory factory = Optimizers.adam();
    private Optional<Optimizer> optimizer = Optional.empty();
    private Optional<Exporter> exporter = Optional.empty();
    private Optional<Fit> fit = Optional.empty();
    private Precision precision = Precision.AUTO;
    private long seed = 42;

    private Learner(Loaders<X> loaders, Module model, Loss loss) {
        this.loaders = loaders;
        this.model = model.channelsLast();
        this.loss = loss;
        this.groups = new Groups(model, List.of(List.copyOf(model.parameters().values())));
    }

    /** A learner whose parameters form one group. */
    public static <X> Learner<X> of(Loaders<X> loaders, Module model, Loss loss) {
        return new Learner<>(loaders, model, loss);
    }

    // ---- choices, before training

    /**
     * Puts the parameters into groups from input to output, all of them trained; one group by default. Gives itself.
     *
     * @throws IllegalStateException when the optimiser has been made: it holds the parameters in the groups of before
     */
    public Learner<X> groups(List<List<Tensor>> groups) {
        if (optimizer.isPresent()) {
            throw new IllegalStateException("groups(...) comes too late: the optimiser holds the parameters in "
                    + this.groups.count() + " groups. Maybe call it before training and lrFind().");
        }
        this.groups = this.groups.regrouped(groups);
        return this;
    }

    /** Adds metrics to judge the validation items by; gives itself. */
    public Learner<X> metrics(Metric... more) {
        metrics.addAll(List.of(more));
        return this;
    }

    /** Adds a callback; gives itself. */
    public Learner<X> callback(Callback callback) {
        callbacks.add(callback);
        return this;
    }

    /** Chooses the optimiser; fastai's Adam by default. Gives itself. */
    public Learner<X> optimizer(OptimizerFactory factory) {
        optimizer.ifPresent(Optimizer::close);
        optimizer = Optional.empty();
        this.factory = factory;
        return this;
    }

    /** Chooses the precision; {@link Precision#AUTO} by default. Gives itself. */
    public Learner<X> precision(Precision precision) {
        this.precision = precision;
        return this;
    }

    /** Chooses the seed of dropout and other random layers; 42 by default. Gives itself. */
    public Learner<X> seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** Says which batch norms rest; {@link Norms#REST_FROZEN} by default. Gives itself. */
    public Learner<X> norms(Norms norms) {
        groups.norms(norms);
        return this;
    }

    /** Says how {@link #export} writes the model; gives itself. */
    public Learner<X> exporter(Exporter exporter) {
        this.exporter = Optional.of(exporter);
        return this;
    }

    // ---- training

    /** Trains all groups that are not frozen at a constant rate. */
    public History fit(int epochs, Rates rates) {
        return run(List.of(Plans.constant(epochs, groups.frozenTo(), rates.forGroups(groups.count()))));
    }

    /** Trains with the one-cycle policy: the rate climbs for a quarter of the batches, then falls to nearly 0. */
    public History fitOneCycle(int epochs, Rates rates) {
        return run(List.of(Plans.oneCycle(
                "fit", epochs, groups.frozenTo(), rates.forGroups(groups.count()), OneCycle.standard())));
    }

    /** Transfer learning with fastai's defaults: one frozen epoch, base rate 2e-3; see {@link #fineTune(FineTune)}. */
    public History fineTune(int epochs) {
        return fineTune(FineTune.of(epochs));
    }

    /** Transfer learning: some epochs with only the last group trained, then all of it at smaller rates. */
    public History fineTune(FineTune options) {
        return run(options.plan(groups.count()));
    }

    /** Carries out the cycles one after the other. */
    public History run(List<Cycle> plan) {
        return proceed(new Fit(this, plan, Position.START, new History()));
    }

    /**
     * Goes on where a checkpoint of the same run stopped. Compared are the names and shapes of the weights, the training
     * items with their labels and a mark of their content, the seeds of the learner and of the data block, and the batch
     * size. All else is for the caller to choose as before: loss, optimiser, precision, transforms, callbacks.
     *
     * @throws espalier.model.ModelFileException when the file is damaged
     * @throws espalier.data.DataException when it belongs to another run
     */
    public History resume(Path checkpoint) {
        return proceed(Checkpoint.load(this, RunTerms.of(this), checkpoint));
    }

    History proceed(Fit started) {
        model.checkOpen(NAME);
        fit = Optional.of(started);
        new TrainingLoop(this, started).run();
        return started.history();
    }

    /** Asks the running training to stop after the present batch; for other threads and signal handlers. */
    public void interrupt() {
        interruption.want();
    }

    /** True when the last training was stopped by {@link #interrupt}. */
    public boolean wasInterrupted() {
        return fit.flatMap(Fit::stopReason).filter(Interruption.REASON::equals).isPresent();
    }

    /** Searches for a learning rate; the model is afterwards as it was before. */
    public LrFinder.Result lrFind() {
        model.checkOpen(NAME);
        return new LrFinder(this).run();
    }

    // ---- freezing

    /** Freezes all groups but the last. */
    public void freeze() {
        freezeTo(-1);
    }

    /** Trains all groups. */
    public void unfreeze() {
        freezeTo(0);
    }

    /** Freezes the groups before the given one; negative numbers count from the end. */
    public void freezeTo(int group) {
        groups.freezeTo(group);
    }

    void settleNorms() {
        groups.settleNorms();
    }

    // ---- judging

    /** Loss and metrics over the validation items. */
    public Evaluation validate() {
        return evaluate(loaders.valid());
    }

    /** Loss and metrics over the items of any loader with labels. */
    public Evaluation evaluate(Loader<?> loader) {
        model.checkOpen(NAME);
        return new Evaluator(this).evaluate(loader);
    }

    /** What the model says about each validation item. */
    public Outputs predictions() {
        return predictions(loaders.valid());
    }

    /** What the model says about each item of any loader. */
    public Outputs predictions(Loader<?> loader) {
        model.checkOpen(NAME);
        return new Evaluator(this).outputs(loader);
    }

    /**
     * Writes the model with everything that a prediction needs into one file.
     *
     * @throws IllegalStateException when this learner was made from a model that no file can describe
     * @throws espalier.data.DataException when a weight is NaN or infinite, as after a training that diverged
     */
    public void export(Path file) {
        model.checkOpen(NAME);
        Finite.firstBroken(model).ifPresent(name -> {
            throw new DataException("the model is not saved: " + name + " holds NaN or infinity. Maybe the learning"
                    + " rate was too large: try a tenth of it.");
        });
        exporter.orElseThrow(() -> new IllegalStateException(
                        "this learner's model has no description for a model file. Maybe start from VisionLearner.of."))
                .export(this, file);
    }

    // ---- parts

    /** The loaders. */
    public Loaders<X> loaders() {
        return loaders;
    }

    /** The model. */
    public Module model() {
        return model;
    }

    /** The loss. */
    public Loss loss() {
        return loss;
    }

    /** The metrics. */
    public List<Metric> metrics() {
        return List.copyOf(metrics);
    }

    /** The optimiser, made when first needed. */
    public Optimizer optimizer() {
        if (optimizer.isEmpty()) {
            optimizer = Optional.of(factory.create(groups.toOptimizer()));
        }
        return optimizer.get();
    }

    /** The precision. */
    public Precision precision() {
        return precision;
    }

    /** The seed of random layers. */
    public long seed() {
        return seed;
    }

    /** What happened in the last training; empty before. */
    public History history() {
        return fit.map(Fit::history).orElseGet(History::new);
    }

    List<Callback> callbacksInOrder() {
        return callbacks.stream().sorted(Comparator.comparing(Callback::phase)).toList();
    }

    /** Frees the model and the optimiser's state. */
    @Override
    public void close() {
        optimizer.ifPresent(Optimizer::close);
        model.close();
    }
}
