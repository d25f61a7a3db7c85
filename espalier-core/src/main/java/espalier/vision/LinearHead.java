package espalier.vision;

import espalier.data.Dataset;
import espalier.data.TargetBlock;
import espalier.data.Vectors;
import espalier.item.Item;
import espalier.loss.Activation;
import espalier.nn.Linear;
import espalier.rng.Rng;
import espalier.tensor.SingleBlasThread;
import espalier.tensor.Tensor;
import espalier.train.LogisticRegression;
import espalier.train.Outputs;
import espalier.vision.model.TransferModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * The best linear head on the features of a frozen body: a logistic regression whose strength of regularisation is chosen by
 * five-fold cross-validation over the training items. Deterministic but for the seed of the folds.
 *
 * @param strength the chosen strength, scikit-learn's {@code 1 / C}
 * @param losses the mean loss of held-out items by strength, in nats
 * @param errorRate the share of held-out items whose class was missed, with the chosen strength; of tags, of all answers
 * @param trainLoss the mean loss over the items it was fitted to
 * @param fitted the regression
 * @param heldOut what regressions of the chosen strength, fitted without an item, say about it; empty when there were too few items
 *     to hold any out
 */
public record LinearHead(
        double strength,
        Map<Double, Double> losses,
        double errorRate,
        double trainLoss,
        LogisticRegression fitted,
        Optional<Outputs> heldOut) {
    private static final int FOLDS = 5;

    /** From strong to weak. */
    private static final double[] STRENGTHS = {10_000, 3_000, 1_000, 300, 100, 30, 10, 3, 1};

    /** The place of the strength that is tried first; from there the search goes both ways. */
    private static final int FIRST = 2;

    /** More items than these say nothing more about the strength. */
    private static final int MOST_FOR_STRENGTH = 4_000;

    /** After so many strengths in a row that are worse than the best, the search goes no further that way. */
    private static final int PATIENCE = 2;

    /**
     * What is fitted.
     *
     * @param train the training items with their labels
     * @param target what the labels are
     * @param weights what an item of each class counts
     */
    public record Task(Dataset train, TargetBlock target, double[] weights) {
        boolean exclusive() {
            return target.loss().activation() == Activation.SOFTMAX;
        }

        float[] hot(int item) {
            float[] hot = new float[target.classes().size()];
            train.labels().get(item).forEach(label -> hot[target.classes().indexOf(label)] = 1);
            return hot;
        }

        double importance(float[] hot) {
            double sum = 0;
            int count = 0;
            for (int k = 0; k < hot.length; k++) {
                sum += hot[k] * weights[k];
                count += (int) hot[k];
            }
            return count == 0 ? 1 : sum / count;
        }

        Item item(int index) {
            return train.items().get(index);
        }
    }

    /** One regression: its rows, and the items that are held out, by their places among all. */
    private record Fold(LogisticRegression.Problem problem, int[] places) {}

    /** What a strength is worth: sums of held-out items, and what was said about each of them. */
    private record Trial(double loss, double errors, double[] losses, float[][] probabilities) {}

    /** Chooses the strength and fits all items that have features. */
    public static LinearHead fit(Task task, Vectors vectors, long seed) {
        return fit(task, vectors, seed, () -> false);
    }

    /**
     * The same in limited time.
     *
     * @param late whether no further strength is to be tried; when it says so from the start, a usual one is taken and nothing held out
     */
    public static LinearHead fit(Task task, Vectors vectors, long seed, BooleanSupplier late) {
        int[] usable = IntStream.range(0, task.train().size())
                .filter(i -> !vectors.views(task.item(i)).isEmpty())
                .toArray();
        int[] mixed = mixed(task, usable, seed);
        int[] some = Arrays.copyOf(mixed, Math.min(mixed.length, MOST_FOR_STRENGTH));
        // The products are small, and folds are fitted side by side: threads within a product would only wait for each
        // other.
        try (var single = SingleBlasThread.open()) {
            return fit(task, vectors, usable, some, late);
        }
    }

    private static LinearHead fit(Task task, Vectors vectors, int[] usable, int[] some, BooleanSupplier late) {
        var tried = tried(task, vectors, some, late);
        Map<Double, Double> losses = new TreeMap<>(Comparator.reverseOrder());
        tried.forEach((strength, trial) -> losses.put(strength, trial.loss / some.length));
        double best = losses.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(STRENGTHS[FIRST]);
        try (var problem = problem(task, vectors, usable)) {
            var fitted = problem.fit(best);
            var train = judged(task, vectors, fitted, usable);
            var trial = Optional.ofNullable(tried.get(best));
            return new LinearHead(
                    best,
                    losses,
                    trial.map(held -> held.errors / some.length).orElse(train.errors / usable.length),
                    train.loss / usable.length,
                    fitted,
                    trial.map(held -> outputs(task, some, held)));
        }
    }

    private static Outputs outputs(Task task, int[] items, Trial trial) {
        return new Outputs(
                task.target().classes(),
                IntStream.of(items).mapToObj(task::item).toList(),
                IntStream.of(items).mapToObj(i -> task.train().labels().get(i)).toList(),
                trial.probabilities,
                trial.losses);
    }

    /** The items so that every fifth has each class in its share: shuffled, then class by class. */
    private static int[] mixed(Task task, int[] usable, long seed) {
        int[] order = Rng.of(seed).derive(0x666f6c64).permutation(usable.length);
        var byLabel = IntStream.of(order)
                .map(i -> usable[i])
                .boxed()
                .sorted(Comparator.comparing(i -> task.train().labels().get(i).toString()))
                .toList();
        if (usable.length <= MOST_FOR_STRENGTH) {
            return byLabel.stream().mapToInt(Integer::intValue).toArray();
        }
        return IntStream.of(order).map(i -> usable[i]).toArray();
    }

    /** Held-out items judged by strength. */
    private static Map<Double, Trial> tried(Task task, Vectors vectors, int[] items, BooleanSupplier late) {
        Map<Double, Trial> trials = new LinkedHashMap<>();
        if (items.length < 2 * FOLDS || late.getAsBoolean()) {
            return trials; // nothing can be held out
        }
        var folds = IntStream.range(0, FOLDS)
                .parallel()
                .mapToObj(fold -> fold(task, vectors, items, fold))
                .toList();
        try {
            var search = new Strengths(task, vectors, items, folds, trials, late);
            search.go(FIRST, 1);
            search.go(FIRST - 1, -1);
            return trials;
        } finally {
            folds.forEach(fold -> fold.problem().close());
        }
    }

    private static Fold fold(Task task, Vectors vectors, int[] items, int fold) {
        int[] kept = IntStream.range(0, items.length)
                .filter(i -> i % FOLDS != fold)
                .map(i -> items[i])
                .toArray();
        int[] out =
                IntStream.range(0, items.length).filter(i -> i % FOLDS == fold).toArray();
        return new Fold(problem(task, vectors, kept), out);
    }

    /** The search for the best strength. */
    private record Strengths(
            Task task,
            Vectors vectors,
            int[] items,
            List<Fold> folds,
            Map<Double, Trial> trials,
            BooleanSupplier late) {
        /** Tries strengths in one direction, each regression starting from the one before, until they get worse. */
        void go(int first, int direction) {
            var from = new ArrayList<Optional<LogisticRegression>>(Collections.nCopies(FOLDS, Optional.empty()));
            int worse = 0;
            for (int i = first; i >= 0 && i < STRENGTHS.length && worse < PATIENCE; i += direction) {
                if (!trials.isEmpty() && late.getAsBoolean()) {
                    return;
                }
                double before = best();
                var trial = trial(STRENGTHS[i], from);
                trials.put(STRENGTHS[i], trial);
                worse = trial.loss < before ? 0 : worse + 1;
                if (direction < 0 && worse > 0) {
                    return; // the other way was better from the start
                }
            }
        }

        private double best() {
            return trials.values().stream().mapToDouble(Trial::loss).min().orElse(Double.POSITIVE_INFINITY);
        }

        private Trial trial(double strength, List<Optional<LogisticRegression>> from) {
            double loss = 0;
            double errors = 0;
            double[] losses = new double[items.length];
            float[][] probabilities = new float[items.length][];
            var all = IntStream.range(0, FOLDS)
                    .parallel()
                    .mapToObj(f -> judged(strength, folds.get(f), from.get(f)))
                    .toList();
            for (int f = 0; f < FOLDS; f++) {
                var judged = all.get(f).trial();
                from.set(f, Optional.of(all.get(f).fitted()));
                int[] places = folds.get(f).places();
                for (int i = 0; i < places.length; i++) {
                    losses[places[i]] = judged.losses[i];
                    probabilities[places[i]] = judged.probabilities[i];
                }
                loss += judged.loss;
                errors += judged.errors;
            }
            return new Trial(loss, errors, losses, probabilities);
        }

        private Fitted judged(double strength, Fold fold, Optional<LogisticRegression> from) {
            var problem = fold.problem();
            var fitted = from.map(start -> problem.roughly(strength, start)).orElseGet(() -> problem.roughly(strength));
            int[] out = IntStream.of(fold.places()).map(place -> items[place]).toArray();
            return new Fitted(fitted, LinearHead.judged(task, vectors, fitted, out));
        }
    }

    /** A regression and what it says about the items that were held out. */
    private record Fitted(LogisticRegression fitted, Trial trial) {}

    private static LogisticRegression.Problem problem(Task task, Vectors vectors, int[] items) {
        var rows = new ArrayList<float[]>();
        var targets = new ArrayList<float[]>();
        var importance = new ArrayList<Double>();
        for (int item : items) {
            float[] hot = task.hot(item);
            for (float[] view : vectors.views(task.item(item))) {
                rows.add(view);
                targets.add(hot);
                importance.add(task.importance(hot));
            }
        }
        return new LogisticRegression.Problem(
                rows.toArray(float[][]::new),
                targets.toArray(float[][]::new),
                importance.stream().mapToDouble(Double::doubleValue).toArray(),
                task.exclusive());
    }

    /** Items judged by their first view. */
    private static Trial judged(Task task, Vectors vectors, LogisticRegression fitted, int[] items) {
        double[] losses = new double[items.length];
        float[][] probabilities = new float[items.length][];
        double errors = 0;
        for (int i = 0; i < items.length; i++) {
            float[] hot = task.hot(items[i]);
            double[] said =
                    fitted.probabilities(vectors.views(task.item(items[i])).get(0));
            losses[i] = loss(said, hot, task.exclusive());
            errors += errors(said, hot, task.exclusive());
            probabilities[i] = new float[said.length];
            for (int k = 0; k < said.length; k++) {
                probabilities[i][k] = (float) said[k];
            }
        }
        return new Trial(Arrays.stream(losses).sum(), errors, losses, probabilities);
    }

    private static double loss(double[] said, float[] right, boolean exclusive) {
        double loss = 0;
        for (int k = 0; k < said.length; k++) {
            double probability = right[k] > 0 ? said[k] : 1 - said[k];
            loss -= exclusive && right[k] == 0 ? 0 : Math.log(Math.max(probability, 1e-12));
        }
        return exclusive ? loss : loss / said.length;
    }

    private static double errors(double[] said, float[] right, boolean exclusive) {
        if (exclusive) {
            int first = IntStream.range(0, said.length).reduce(0, (a, b) -> said[b] > said[a] ? b : a);
            return right[first] > 0 ? 0 : 1;
        }
        long wrong = IntStream.range(0, said.length)
                .filter(k -> (said[k] > 0.5) != (right[k] > 0))
                .count();
        return (double) wrong / said.length;
    }

    /**
     * Puts the regression into a model whose head is one linear layer.
     *
     * @throws IllegalArgumentException when its head is another
     */
    public void into(TransferModel model) {
        if (!model.form().hidden().isEmpty()
                || model.form().layers().get(0).norm()
                || !model.form().layers().get(0).bias()) {
            throw new IllegalArgumentException("a linear head was expected, and the model's is "
                    + model.form().toText() + ".");
        }
        var children = List.copyOf(model.head().children().entrySet());
        var last = children.get(children.size() - 1);
        if (last.getValue() instanceof Linear linear) {
            linear.loadStateDict(Map.of(
                    "weight", Tensor.of(fitted.weight(), linear.weight().shape().sizes()),
                    "bias",
                            Tensor.of(
                                    fitted.bias(),
                                    linear.bias().orElseThrow().shape().sizes())));
        }
    }

    /** The loss of held-out items with the chosen strength; empty when there were too few items to hold any out. */
    public OptionalDouble heldOutLoss() {
        var loss = losses.get(strength);
        return loss == null ? OptionalDouble.empty() : OptionalDouble.of(loss);
    }
}
