package espalier.app;

import espalier.app.ImageTraining.Listener;
import espalier.data.Vectors;
import espalier.image.Image;
import espalier.optim.OneCycle;
import espalier.optim.Rates;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.train.Callback;
import espalier.train.Cycle;
import espalier.train.EpochResult;
import espalier.train.Fit;
import espalier.train.Learner;
import espalier.train.Outputs;
import espalier.train.Step;
import espalier.vision.BodyFeatures;
import espalier.vision.LinearHead;
import espalier.vision.model.TransferModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * The schedule that finds its own way. What the published body says about each picture is computed once, and the best linear
 * head on it is found by cross-validation: the trivial baseline that nothing must lose to. Then, as far as the time allows and
 * while the validation loss falls, the whole model is trained from that head on, in rounds of 1, 2, 4 ... epochs; a round
 * that does not help is undone.
 */
final class BudgetTraining {
    /** A step through the whole model costs so many times what looking at a picture does. */
    private static final double STEP_COST = 4;

    /** With fewer mistakes among the validation pictures, no gain can be told from chance. */
    private static final int FEWEST_MISTAKES = 5;

    /** By this factor the validation loss must fall, or a round is undone. */
    private static final double GAIN = 0.99;

    /** Kept back for judging and writing the model. */
    private static final double RESERVE_SECONDS = 1;

    private static final double BODY_LR = 1e-4;
    private static final double HEAD_LR = 3e-4;

    private final TrainImage spec;
    private final Learner<Image> learner;
    private final BodyFeatures features;
    private final Listener listener;
    private final long start;
    private final List<Cycle> plan = new ArrayList<>();
    private Optional<Outputs> heldOut = Optional.empty();

    BudgetTraining(TrainImage spec, Learner<Image> learner, BodyFeatures features, Listener listener, long start) {
        this.spec = spec;
        this.learner = learner;
        this.features = features;
        this.listener = listener;
        this.start = start;
    }

    void run() {
        var model = (TransferModel) learner.model();
        learner.freeze();
        long begin = System.nanoTime();
        var vectors = features.vectors(learner, model);
        if (vectors.isEmpty()) {
            return; // interrupted
        }
        double featureSeconds = seconds(begin);
        listener.tell(
                "the body has seen %d training pictures (%s) and %d others, once, in %.1f s",
                train(), spec.recipe().chosenViews().orElseThrow(), valid(), featureSeconds);
        double loss = head(model, vectors.get());
        double perPicture = featureSeconds / (train() * views() + valid());
        unfreeze(loss, perPicture * (train() * STEP_COST + valid()));
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

    private int views() {
        return spec.recipe().chosenViews().orElseThrow().count();
    }

    /** Finds the head; gives its validation loss. */
    private double head(TransferModel model, Vectors vectors) {
        long begin = System.nanoTime();
        var data = learner.loaders().train().dataset();
        var classes = learner.loaders().classes();
        double[] weights = spec.recipe().classWeights().weights(classes, Balance.counts(data, classes));
        var task = new LinearHead.Task(data, learner.loaders().target(), weights);
        var head = LinearHead.fit(task, vectors, spec.seed());
        head.into(model);
        heldOut = head.heldOut();
        var judged = learner.record("head", head.trainLoss(), seconds(begin));
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

    private static String figures(EpochResult result) {
        Map<String, OptionalDouble> all = new LinkedHashMap<>();
        all.put("valid_loss", result.validLoss());
        all.putAll(result.metrics());
        var text = new ArrayList<String>();
        all.forEach((name, value) ->
                value.ifPresent(number -> text.add(String.format(Locale.ROOT, "%s %.4f", name, number))));
        return text.isEmpty() ? "there are none to judge by" : String.join(", ", text);
    }

    private void unfreeze(double headLoss, double guess) {
        double epochSeconds = guess;
        double best = headLoss;
        for (int epochs = 1; ; epochs *= 2) {
            var reason = reasonToStop(best, epochSeconds);
            if (reason.isPresent()) {
                listener.tell("done: %s", reason.get());
                return;
            }
            int round = Math.min(epochs, (int) (left() / epochSeconds));
            listener.tell(
                    "%.0f s are left: training the whole model for %d %s, at about %.0f s each",
                    left(), round, round == 1 ? "epoch" : "epochs", epochSeconds);
            long begin = System.nanoTime();
            double reached = round(round, best);
            if (learner.wasInterrupted() || !(reached < GAIN * best)) {
                listener.tell("that did not help enough%s: back to the model before", loss(reached));
                return;
            }
            listener.tell("the validation loss fell from %.4f to %.4f", best, reached);
            best = reached;
            heldOut = Optional.empty();
            epochSeconds = seconds(begin) / round;
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
        var errors =
                learner.history().last().map(row -> row.value("error_rate")).orElse(OptionalDouble.empty());
        if (errors.isPresent() && errors.getAsDouble() * valid() < FEWEST_MISTAKES - 0.5) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%.0f of %d validation pictures are wrong, too few to see a gain",
                    errors.getAsDouble() * valid(),
                    valid()));
        }
        if (left() < epochSeconds) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "training the whole model for an epoch would take about %.0f s, and %.0f s are left",
                    epochSeconds,
                    Math.max(0, left())));
        }
        return Optional.empty();
    }

    /** Trains the whole model; gives the validation loss. The weights are those of before where it did not fall enough. */
    private double round(int epochs, double best) {
        var rates = Rates.range(BODY_LR, HEAD_LR)
                .forGroups(((TransferModel) learner.model()).parameterGroups().size());
        plan.add(new Cycle(
                "unfrozen",
                epochs,
                0,
                DoubleStream.of(rates).boxed().toList(),
                OneCycle.standard().pctStart(0.3).div(5)));
        try (var scope = Scope.open()) {
            Map<String, Tensor> before = new LinkedHashMap<>();
            learner.model()
                    .stateDict()
                    .forEach((name, value) -> before.put(name, value.detach().copy()));
            var rowBefore = learner.history().last().orElseThrow();
            int rows = learner.history().epochs().size();
            learner.extend(plan);
            var after = learner.history().last().orElseThrow();
            boolean whole = learner.history().epochs().size() == rows + epochs;
            double reached = whole ? after.validLoss().orElse(Double.NaN) : Double.NaN;
            if (!learner.wasInterrupted() && !(reached < GAIN * best)) {
                learner.model().loadStateDict(before);
                learner.record("kept", rowBefore.trainLoss(), 0);
            }
            return reached;
        }
    }

    /** Seconds of the budget that are left for training. */
    private double left() {
        return spec.recipe().budget().map(Duration::toMillis).orElse(0L) / 1e3 - seconds(start) - RESERVE_SECONDS;
    }

    /** Ends a round whose epochs take longer than was foreseen. */
    Callback clock() {
        return new Callback() {
            @Override
            public void afterBatch(Fit fit, Step step) {
                if (left() < 0) {
                    fit.stop("the time is spent");
                }
            }
        };
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
