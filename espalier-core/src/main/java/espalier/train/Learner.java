package espalier.train;

import espalier.data.Loader;
import espalier.data.Loaders;
import espalier.loss.Loss;
import espalier.metric.Metric;
import espalier.nn.Finite;
import espalier.nn.Module;
import espalier.optim.GradScaler;
import espalier.optim.Optimizer;
import espalier.optim.OptimizerFactory;
import espalier.optim.Optimizers;
import espalier.optim.Policies;
import espalier.optim.Policy;
import espalier.optim.Rates;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.tensor.Device;
import espalier.tensor.HostMemory;
import espalier.tensor.ProcessGroup;
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
    private Loss loss;
    private final Interruption interruption = new Interruption();
    private final LossScaling scaling = new LossScaling();
    private final List<Metric> metrics = new ArrayList<>();
    private final List<Callback> callbacks = new ArrayList<>(List.of(scaling, interruption));
    private Groups groups;
    private OptimizerFactory factory = Optimizers.adam();
    private Optional<Optimizer> optimizer = Optional.empty();
    private Optional<Exporter> exporter = Optional.empty();
    private Optional<Fit> fit = Optional.empty();
    private Optional<Precomputed> precomputed = Optional.empty();
    private Optional<Loaders<?>> standIn = Optional.empty();
    private List<Loaders<X>> stages = List.of();
    private Optional<Loaders<X>> stage = Optional.empty();
    private History earlier = new History();
    private List<Double> thresholds;
    private boolean keepsState;
    private Ranks ranks = Ranks.ALONE;
    private Precision precision = Precision.AUTO;
    private Device device = Device.cpu();
    private long seed = 42;

    private Learner(Loaders<X> loaders, Module model, Loss loss) {
        HostMemory.keepFreed();
        this.loaders = loaders;
        this.model = model.channelsLast();
        this.loss = loss;
        this.thresholds = loaders.target().thresholds();
        this.groups = new Groups(model, List.of(List.copyOf(model.parameters().values())));
    }

    /** A learner whose parameters form one group. */
    public static <X> Learner<X> of(Loaders<X> loaders, Module model, Loss loss) {
        return new Learner<>(loaders, model, loss);
    }

    // ---- choices, before training

    /**
     * Puts the parameters into groups from input to output, all of them trained; one group by default. Returns this.
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

    /** Adds metrics to judge the validation items by; returns this learner. */
    public Learner<X> metrics(Metric... more) {
        metrics.addAll(List.of(more));
        return this;
    }

    /** Adds a callback; returns this learner. */
    public Learner<X> callback(Callback callback) {
        callbacks.add(callback);
        return this;
    }

    /** Chooses the optimiser; fastai's Adam by default. Returns this. */
    public Learner<X> optimizer(OptimizerFactory factory) {
        optimizer.ifPresent(Optimizer::close);
        optimizer = Optional.empty();
        this.factory = factory;
        return this;
    }

    /** Chooses another loss than the one this was made with; returns this learner. */
    public Learner<X> loss(Loss loss) {
        this.loss = loss;
        return this;
    }

    /** Chooses the precision; {@link Precision#AUTO} by default. Returns this. */
    public Learner<X> precision(Precision precision) {
        this.precision = precision;
        return this;
    }

    /** Chooses how losses are scaled under {@link Precision#FLOAT16}; as PyTorch does by default. Returns this. */
    public Learner<X> lossScaling(GradScaler.Options options) {
        scaling.options(options);
        return this;
    }

    /**
     * Trains and judges on {@code device}: moves the model there now, and each batch when its turn comes; the CPU by default.
     * Returns this learner.
     *
     * @throws IllegalStateException when the device is not available, or the optimiser has been made
     */
    public Learner<X> device(Device device) {
        if (optimizer.isPresent()) {
            throw new IllegalStateException("device(...) comes too late: the optimiser's state is on " + this.device
                    + ". Maybe call it before training and lrFind().");
        }
        model.to(device);
        this.device = device;
        return this;
    }

    /** Chooses the seed of dropout and other random layers; 42 by default. Returns this. */
    public Learner<X> seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** Says which batch norms rest; {@link Norms#REST_FROZEN} by default. Returns this. */
    public Learner<X> norms(Norms norms) {
        groups.norms(norms);
        return this;
    }

    /**
     * Chooses the probabilities above which labels count in the model file, one for all or one for each; the target's own by
     * default. Returns this learner.
     */
    public Learner<X> thresholds(List<Double> chosen) {
        thresholds = List.copyOf(chosen);
        return this;
    }

    /**
     * Trains together with the other ranks of a group, each of which has such a learner of its own, made with the same data,
     * options and callbacks: PyTorch's {@code DistributedDataParallel}. Each rank takes its share of every batch, so that the batch
     * size is that of all together; the gradients are averaged over the items of all. Rank 0 gives the weights to begin with,
     * validates, and writes checkpoints. Callbacks decide by what is the same everywhere: losses, metrics, weights. Returns this.
     */
    public Learner<X> distributed(ProcessGroup group) {
        ranks = Ranks.of(group);
        return this;
    }

    /** Says how {@link #export} writes the model; returns this learner. */
    public Learner<X> exporter(Exporter exporter) {
        this.exporter = Optional.of(exporter);
        return this;
    }

    /** Lets what {@code part} computes stand in for the items wherever it can; returns this learner. */
    public Learner<X> precomputed(Precomputed part) {
        precomputed = Optional.of(part);
        return this;
    }

    /**
     * Trains each cycle of a plan on loaders of its own, such as ones of larger pictures: the same items with the same targets, in
     * the same parts. Cycles beyond the list take the learner's, by which the finished model is judged and exported. Returns this
     * learner.
     */
    public Learner<X> stages(List<Loaders<X>> loaders) {
        stages = List.copyOf(loaders);
        return this;
    }

    // ---- training

    /** Trains all groups that are not frozen at a constant rate. */
    public History fit(int epochs, Rates rates) {
        return fit(epochs, rates, Policies.constant());
    }

    /** Trains all groups that are not frozen at rates that move as the policy says. */
    public History fit(int epochs, Rates rates, Policy policy) {
        return run(List.of(Cycle.of("fit", epochs, groups.frozenTo(), rates.forGroups(groups.count()), policy)));
    }

    /** Trains with the one-cycle policy: the rate climbs for a quarter of the batches, then falls to nearly 0. */
    public History fitOneCycle(int epochs, Rates rates) {
        return fit(epochs, rates, Policies.oneCycle());
    }

    /** Trains at a rate that stays for three quarters of the batches, then falls to nearly 0. */
    public History fitFlatCosine(int epochs, Rates rates) {
        return fit(epochs, rates, Policies.flatCosine());
    }

    /** Trains by cosines with warm restarts: the first of {@code length} epochs, each twice as long as the one before. */
    public History fitSgdr(int restarts, int length, Rates rates) {
        int epochs = length * ((1 << restarts) - 1);
        return fit(epochs, rates, Policies.sgdr().restarts(restarts));
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
     * @throws espalier.format.ModelFileException when the file is damaged
     * @throws espalier.report.DataException when it belongs to another run
     */
    public History resume(Path checkpoint) {
        return proceed(Checkpoint.load(this, RunTerms.of(this), checkpoint));
    }

    History proceed(Fit started) {
        model.checkOpen(NAME);
        earlier = wholeHistory();
        fit = Optional.of(started);
        try {
            new TrainingLoop(this, started).run();
        } finally {
            standIn = Optional.empty();
            stage = Optional.empty();
        }
        return started.history();
    }

    /**
     * Carries out the last cycle of {@code plan}, whose others were carried out before; the history goes on. With the same
     * plan in pieces, everything random is as in one {@link #run}.
     */
    public History extend(List<Cycle> plan) {
        var soFar = history();
        fit = Optional.empty(); // it goes on in the next
        return proceed(new Fit(this, plan, new Position(plan.size() - 1, 0, 0), soFar));
    }

    /**
     * Judges the model as it is and enters the result into the history, as after an epoch: for weights that did not come from
     * the training loop.
     *
     * @param phase what the row is called
     * @param trainLoss the loss over the training items
     * @param seconds how long making the weights took
     */
    public EpochResult record(String phase, double trainLoss, double seconds) {
        if (fit.isEmpty()) {
            fit = Optional.of(new Fit(this, List.of(), Position.START, new History()));
        }
        try {
            standIn = precomputed.flatMap(part -> part.loaders(this));
            var judged = validate();
            var result = new EpochResult(phase, 0, trainLoss, judged.loss(), judged.metrics(), seconds);
            history().add(result);
            return result;
        } finally {
            standIn = Optional.empty();
        }
    }

    // ---- stages

    /**
     * Writes a stage of training, to come back to it by {@link #load}: weights, optimiser's state and whole history, as one
     * safetensors file. For predictions there is {@link #export}.
     *
     * @throws espalier.format.ModelFileException when the file cannot be written
     */
    public void save(Path file) {
        model.checkOpen(NAME);
        StageFile.save(this, file);
    }

    /** Writes the weights alone, under PyTorch's names; {@link #load} reads them too. */
    public void saveWeights(Path file) {
        model.checkOpen(NAME);
        StageFile.saveWeights(this, file);
    }

    /**
     * Takes back what {@link #save} or {@link #saveWeights} wrote. The history becomes that of the file; with an optimiser's
     * state, the next training goes on with it instead of starting anew.
     *
     * @throws espalier.format.ModelFileException when the file is damaged or belongs to another model or optimiser
     */
    public void load(Path file) {
        model.checkOpen(NAME);
        earlier = StageFile.load(this, file);
        fit = Optional.empty();
        keepsState = true;
    }

    /** True once after {@link #load}: the optimiser's state was chosen and is not to be forgotten. */
    boolean takeState() {
        boolean kept = keepsState;
        keepsState = false;
        return kept;
    }

    /** Asks the running training to stop after the present batch; for other threads and signal handlers. */
    public void interrupt() {
        interruption.want();
    }

    /** True from {@link #interrupt} on, until the training has heard of it. */
    public boolean isInterrupted() {
        return interruption.wanted();
    }

    /** True when the last training was stopped by {@link #interrupt}. */
    public boolean wasInterrupted() {
        return fit.flatMap(Fit::stopReason).filter(Interruption.REASON::equals).isPresent();
    }

    /** Searches for a learning rate; the model is afterwards as it was before. */
    public LrFinder.Result lrFind() {
        return lrFind(Progress.NONE);
    }

    /** Searches for a learning rate, and says how far it is. */
    public LrFinder.Result lrFind(Progress progress) {
        model.checkOpen(NAME);
        return new LrFinder(this, progress).run();
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

    /** Freezes as a cycle of the plan asks for, and finds the loaders that serve it. */
    Loaders<?> enter(int place, Cycle cycle) {
        freezeTo(cycle.freezeTo());
        stage = place < stages.size() ? Optional.of(stages.get(place)) : Optional.empty();
        boolean fixedInputs = callbacks.stream().noneMatch(Callback::changesInputs);
        standIn = fixedInputs ? precomputed.flatMap(part -> part.loaders(this)) : Optional.empty();
        return active();
    }

    private Loaders<?> active() {
        return standIn.isPresent() ? standIn.get() : stage();
    }

    void settleNorms() {
        groups.settleNorms();
    }

    // ---- judging

    /** Loss and metrics over the validation items. */
    public Evaluation validate() {
        return evaluate(active().valid());
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

    /** What the model says about each validation item with test-time augmentation, by fastai's defaults. */
    public Outputs tta() {
        return tta(TestTimeAugmentation.standard(), loaders.valid());
    }

    /** What the model says about each item of any loader with test-time augmentation. */
    public Outputs tta(TestTimeAugmentation passes, Loader<?> loader) {
        model.checkOpen(NAME);
        return passes.outputs(this, loader);
    }

    /**
     * Writes the model with everything that a prediction needs into one file.
     *
     * @throws IllegalStateException when this learner was made from a model that no file can describe
     * @throws espalier.report.DataException when a weight is NaN or infinite, as after a training that diverged
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

    /** The loaders of the stage that is being trained; without {@link #stages}, and afterwards, the learner's. */
    public Loaders<X> stage() {
        return stage.orElse(loaders);
    }

    /** The model. */
    public Module model() {
        return model;
    }

    /** The loss. */
    public Loss loss() {
        return loss;
    }

    /** The probabilities above which labels count; empty where none are needed. */
    public List<Double> thresholds() {
        return thresholds;
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

    /** The precision, as {@link Precision#AUTO} is meant for the loss and the device. */
    public Precision precision() {
        return precision.of(loss).on(device);
    }

    GradScaler.Options lossScaling() {
        return scaling.options();
    }

    /** Where the model and its batches are. */
    public Device device() {
        return device;
    }

    /** The seed of random layers. */
    public long seed() {
        return seed;
    }

    /** What happened in the last training; empty before. */
    public History history() {
        return fit.map(Fit::history).orElseGet(History::new);
    }

    /** What happened in all trainings of this learner, and in those before a {@link #load}, as one. */
    public History wholeHistory() {
        return earlier.followedBy(history());
    }

    /** This learner's rank among those that train together; 0 when it trains alone. */
    public int rank() {
        return ranks.rank();
    }

    Ranks ranks() {
        return ranks;
    }

    List<Callback> callbacksInOrder() {
        return callbacks.stream().sorted(Comparator.comparing(Callback::phase)).toList();
    }

    /** Frees the model and the optimiser's state. */
    @Override
    public void close() {
        optimizer.ifPresent(Optimizer::close);
        precomputed.ifPresent(Precomputed::close);
        model.close();
    }
}
