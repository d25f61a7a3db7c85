package espalier.app;

import espalier.app.ImageTraining.Listener;
import espalier.data.Dataset;
import espalier.data.Vectors;
import espalier.image.Image;
import espalier.loss.CrossEntropy;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.optim.OneCycle;
import espalier.optim.Rates;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.train.Checkpoints;
import espalier.train.Cycle;
import espalier.train.EpochResult;
import espalier.train.Fit;
import espalier.train.Learner;
import espalier.train.Outputs;
import espalier.train.StatefulCallback;
import espalier.train.Step;
import espalier.vision.BodyFeatures;
import espalier.vision.LinearHead;
import espalier.vision.model.TransferModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.stream.DoubleStream;

/**
 * The schedule that finds its own way. What the published body says about each picture is computed once, and the best linear
 * head on it is found by cross-validation: the trivial baseline that nothing must lose to. Then, as far as the time allows and
 * while the validation loss falls, the whole model is trained from that head on, in rounds of 1, 2, 4 ... epochs; a round
 * that does not help is undone.
 */
final class BudgetTraining implements AutoCloseable {
    /** A step through the whole model costs so many times what looking at a picture does. */
    private static final double STEP_COST = 4;

    /** With fewer mistakes among the validation pictures, no gain can be told from chance. */
    private static final int FEWEST_MISTAKES = 5;

    /** By this factor the validation loss must fall, or a round is undone. */
    private static final double GAIN = 0.99;

    private static final double BODY_LR = 1e-4;
    private static final double HEAD_LR = 3e-4;

    private final TrainImage spec;
    private final Learner<Image> learner;
    private final BodyFeatures features;
    private final Listener listener;
    private final Budget budget;
    private final Allowance time;
    private final List<Cycle> plan = new ArrayList<>();
    private final Map<String, Tensor> before = new LinkedHashMap<>();
    private Optional<Outputs> heldOut = Optional.empty();
    private double best;
    private int validSeen;

    /**
     * @param nanos what time it is, as {@link System#nanoTime} has it
     * @param start when the budget began
     */
    BudgetTraining(
            TrainImage spec,
            Learner<Image> learner,
            BodyFeatures features,
            Listener listener,
            LongSupplier nanos,
            long start) {
        this.spec = spec;
        this.learner = learner;
        this.features = features;
        this.listener = listener;
        this.budget = spec.recipe().budget().orElseThrow();
        boolean free = spec.recipe().views().isEmpty();
        var mirrored = free ? OptionalInt.of(train()) : OptionalInt.empty();
        this.time = new Allowance(budget, nanos, start, mirrored, listener::line);
        if (learner.loss() instanceof CrossEntropy
                && errorRate(learner.metrics()).isEmpty()) {
            learner.metrics(Metrics.errorRate()); // by which it sees whether there is anything left to gain
        }
    }

    /** The metric that counts mistakes, where one is chosen. */
    private static Optional<String> errorRate(List<Metric> metrics) {
        return metrics.stream()
                .map(Metric::name)
                .filter(name -> name.equals("error_rate") || name.equals("accuracy"))
                .findFirst();
    }

    void run() {
        var model = (TransferModel) learner.model();
        learner.callback(new Clock()).freeze();
        double begin = time.spent();
        time.begin();
        if (!budget.afterFeatures()) {
            features.deadline(time);
        }
        var vectors = features.vectors(learner, model);
        if (vectors.isEmpty()) {
            return; // interrupted
        }
        double featureSeconds = time.spent() - begin;
        validSeen = seen(learner.loaders().valid().dataset(), vectors.get());
        int views = tellSeen(vectors.get(), featureSeconds);
        if (budget.afterFeatures()) {
            time.restart();
        }
        best = head(model, vectors.get());
        double perPicture = featureSeconds / (views + validSeen);
        unfreeze(1, perPicture * (train() * STEP_COST + valid()));
    }

    /** Goes on with the round of epochs in which a checkpoint was made, then as ever. */
    void resume(Checkpoints checkpoints) {
        time.restart();
        validSeen = valid();
        learner.callback(new Clock());
        int rows = learner.history().epochs().size();
        checkpoints.resume(learner);
        int done = Math.max(1, learner.history().epochs().size() - rows);
        if (!plan.isEmpty() && helped()) {
            unfreeze(2 * plan.get(plan.size() - 1).epochs(), time.here() / done);
        }
    }

    /** Tells what the body has seen; gives how many views of training pictures that were. */
    private int tellSeen(Vectors vectors, double seconds) {
        var data = learner.loaders().train().dataset();
        int seen = seen(data, vectors);
        int looked = data.items().stream()
                .mapToInt(item -> vectors.views(item).size())
                .sum();
        var views = spec.recipe().chosenViews().orElseThrow();
        boolean plain = views.mirrored() && looked == seen;
        listener.tell(
                "the body has seen %d training pictures (%s) and %d others, once, in %.1f s",
                seen, plain ? "plain, the budget is too short for mirror images" : views, validSeen, seconds);
        var valid = learner.loaders().valid().dataset();
        if (validSeen + valid.rejected().size() < valid.size()) {
            listener.tell(
                    "it is judged by these %d, a random choice of %d: the budget is too short for all",
                    validSeen, valid.size());
        }
        if (seen + data.rejected().size() < train()) {
            listener.tell("the head is found by them, a random choice of %d: the budget is too short for all", train());
        }
        return looked;
    }

    private static int seen(Dataset part, Vectors vectors) {
        return (int) part.items().stream()
                .filter(item -> !vectors.views(item).isEmpty())
                .count();
    }

    /** What heads found without them say about training pictures; empty once the whole model was trained. */
    Optional<Outputs> heldOut() {
        return heldOut;
    }

    private int train() {
        return learner.loaders().train().dataset().size();
    }

    private int valid() {
        return learner.loaders().valid().dataset().size();
    }

    /** Finds the head; gives its validation loss. */
    private double head(TransferModel model, Vectors vectors) {
        double begin = time.spent();
        var data = learner.loaders().train().dataset();
        var classes = learner.loaders().classes();
        double[] weights = spec.recipe().classWeights().weights(classes, data.counts(classes));
        var task = new LinearHead.Task(data, learner.loaders().target(), weights);
        var head = LinearHead.fit(task, vectors, spec.seed(), time::headPassed);
        head.into(model);
        heldOut = head.heldOut().or(this::seenValid);
        var judged = learner.record("head", head.trainLoss(), time.spent() - begin);
        if (head.heldOutLoss().isPresent()) {
            listener.tell(
                    "a linear head by five-fold cross-validation: of %d strengths of L2 tried, %.0f is best"
                            + " (held-out loss %.4f, errors %.1f %%), %.1f s",
                    head.losses().size(),
                    head.strength(),
                    head.heldOutLoss().getAsDouble(),
                    100 * head.errorRate(),
                    judged.seconds());
        }
        listener.tell("on the validation pictures: %s", figures(judged));
        return judged.validLoss().orElse(Double.NaN);
    }

    /** What the head says of the validation pictures that were looked at: to look at the others would take time that there is not. */
    private Optional<Outputs> seenValid() {
        return features.loaders(learner)
                .map(seen -> learner.predictions(seen.valid()))
                .filter(said -> !said.items().isEmpty());
    }

    private static String figures(EpochResult result) {
        Map<String, OptionalDouble> all = new LinkedHashMap<>();
        all.put("valid_loss", result.validLoss());
        all.putAll(result.metrics());
        var text = new ArrayList<String>();
        all.forEach((name, value) ->
                value.ifPresent(number -> text.add(String.format(Locale.ROOT, "%s %.4f", name, number))));
        return text.isEmpty() ? "there are none to judge by" : String.join(", ", text);
    }

    /** Trains the whole model in rounds, the first of so many epochs. */
    private void unfreeze(int first, double guess) {
        double epochSeconds = guess;
        for (int epochs = first; ; epochs *= 2) {
            var reason = reasonToStop(best, epochSeconds);
            if (reason.isPresent()) {
                listener.tell("done: %s", reason.get());
                return;
            }
            int round = Math.min(epochs, (int) (time.left() / epochSeconds));
            listener.tell(
                    "%.0f s are left: training the whole model for %d %s, at about %.0f s each",
                    time.left(), round, round == 1 ? "epoch" : "epochs", epochSeconds);
            double begin = time.spent();
            plan.add(round(round));
            remember(learner.model().stateDict());
            learner.extend(plan);
            if (!helped()) {
                return;
            }
            epochSeconds = (time.spent() - begin) / round;
        }
    }

    private static String loss(double reached) {
        return Double.isFinite(reached) ? String.format(Locale.ROOT, " (valid_loss %.4f)", reached) : "";
    }

    private Optional<String> reasonToStop(double loss, double epochSeconds) {
        if (spec.recipe().freezeBody()) {
            return Optional.of("the body stays frozen");
        }
        if (!Double.isFinite(loss)) {
            return Optional.of("without validation pictures no gain can be seen");
        }
        var errors = errors();
        if (errors.isPresent() && errors.getAsDouble() < FEWEST_MISTAKES - 0.5) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%.0f of %d validation pictures are wrong, too few to see a gain",
                    errors.getAsDouble(),
                    validSeen));
        }
        if (time.left() < epochSeconds) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "training the whole model for an epoch would take about %.0f s, and %.0f s are left",
                    epochSeconds,
                    Math.max(0, time.left())));
        }
        return Optional.empty();
    }

    /** The mistakes among the validation pictures; empty where the targets have none. */
    private OptionalDouble errors() {
        var metric = errorRate(learner.metrics());
        var value = metric.flatMap(name -> learner.history().last().map(row -> row.value(name)))
                .orElse(OptionalDouble.empty());
        if (value.isEmpty()) {
            return value;
        }
        double share = metric.get().equals("accuracy") ? 1 - value.getAsDouble() : value.getAsDouble();
        return OptionalDouble.of(share * validSeen);
    }

    private Cycle round(int epochs) {
        var rates = Rates.range(BODY_LR, HEAD_LR)
                .forGroups(((TransferModel) learner.model()).parameterGroups().size());
        return new Cycle(
                "unfrozen",
                epochs,
                0,
                DoubleStream.of(rates).boxed().toList(),
                OneCycle.standard().pctStart(0.3).div(5));
    }

    /** Whether the last round made the model better; puts the weights of before back where it did not. */
    private boolean helped() {
        var rows = learner.history().epochs();
        int epochs = plan.stream().mapToInt(Cycle::epochs).sum();
        boolean whole = rows.size() == 1 + epochs; // the first is the head's
        double reached = whole ? rows.get(rows.size() - 1).validLoss().orElse(Double.NaN) : Double.NaN;
        if (learner.wasInterrupted()) {
            return false;
        }
        if (!(reached < GAIN * best)) {
            listener.tell("that did not help enough%s: back to the model before", loss(reached));
            learner.model().loadStateDict(before);
            learner.history().keep(rows.get(epochs - plan.get(plan.size() - 1).epochs()));
            return false;
        }
        listener.tell("the validation loss fell from %.4f to %.4f", best, reached);
        best = reached;
        heldOut = Optional.empty();
        return true;
    }

    private void remember(Map<String, Tensor> weights) {
        close();
        try (var scope = Scope.open()) {
            weights.forEach(
                    (name, value) -> before.put(name, scope.keep(value.detach().copy())));
        }
    }

    /** Ends a round whose epochs take longer than was foreseen; a checkpoint has the weights of before the round. */
    private final class Clock implements StatefulCallback {
        private static final String BEFORE = "before.";
        private static final String BEST = "best";
        private static final String SPENT = "spent";

        @Override
        public void afterBatch(Fit fit, Step step) {
            if (time.left() < 0) {
                fit.stop("the time is spent");
            }
        }

        @Override
        public String stateName() {
            return "budget";
        }

        @Override
        public Map<String, Tensor> state() {
            Map<String, Tensor> state = new LinkedHashMap<>();
            before.forEach((name, value) -> state.put(BEFORE + name, value));
            state.put(BEST, Tensor.of(new double[] {best}));
            state.put(SPENT, Tensor.of(new double[] {time.spent()}));
            return state;
        }

        @Override
        public void loadState(Fit fit, Map<String, Tensor> state) {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            state.forEach((name, value) -> {
                if (name.startsWith(BEFORE)) {
                    weights.put(name.substring(BEFORE.length()), value);
                }
            });
            remember(weights);
            best = Objects.requireNonNull(state.get(BEST)).item();
            time.goOnAfter(Objects.requireNonNull(state.get(SPENT)).item());
            plan.addAll(fit.plan());
        }
    }

    /** Frees the weights of before the last round. */
    @Override
    public void close() {
        before.values().forEach(Tensor::close);
        before.clear();
    }
}
