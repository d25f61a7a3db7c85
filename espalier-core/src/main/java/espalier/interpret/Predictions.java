package espalier.interpret;

import espalier.loss.Activation;
import espalier.train.Outputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a model said about labelled items: for each item its name, the probability of every class, the right answer
 * and the loss. Pictures are not kept; they are read again where they are shown.
 *
 * <pre>{@code
 * var predictions = Predictions.of(List.of("cat", "dog"), probabilities, targets).items(paths).losses(losses);
 * }</pre>
 *
 * <p>Items have either one class each ({@link #of}) or any number of labels ({@link #multiLabel}). Arrays are not
 * copied: whoever gives them must not change them afterwards.
 */
public final class Predictions {
    private final List<String> classes;
    private final List<String> items;
    private final float[][] probabilities;
    private final int[] targets;
    private final boolean[][] labels;
    private final double[] losses;
    private final boolean multiLabel;
    private final double[] thresholds;

    private Predictions(Builder from) {
        this.classes = from.classes;
        this.items = from.items;
        this.probabilities = from.probabilities;
        this.targets = from.targets;
        this.labels = from.labels;
        this.losses = from.losses;
        this.multiLabel = from.multiLabel;
        this.thresholds = from.thresholds;
    }

    /**
     * Predictions of items that have exactly one class each. Items are called {@code 0, 1, 2 ...} and losses are the
     * cross entropy of the probabilities, until {@link #items} and {@link #losses} say otherwise.
     *
     * @param probabilities one row an item, one number in [0, 1] a class
     * @param targets the index of each item's right class
     * @throws IllegalArgumentException when sizes disagree, a target is no class, or a probability is not in [0, 1]
     */
    public static Predictions of(List<String> classes, float[][] probabilities, int[] targets) {
        var made = new Builder(classes, probabilities);
        made.targets = targets;
        made.checkCount(targets.length);
        for (int i = 0; i < targets.length; i++) {
            if (targets[i] < 0 || targets[i] >= classes.size()) {
                throw new IllegalArgumentException("the target of item " + i + " is " + targets[i] + ", expected 0 to "
                        + (classes.size() - 1) + ". Maybe the labels belong to another list of classes.");
            }
        }
        made.losses = Losses.crossEntropy(probabilities, targets);
        return new Predictions(made);
    }

    /**
     * A model's outputs as predictions. Items are called by their paths, so that their pictures are found again; the
     * losses are those of the learner's own loss.
     *
     * @param activation softmax for one class for each item, sigmoid for any number of labels
     * @throws IllegalArgumentException when items have no labels, or labels that are no class
     */
    public static Predictions from(Outputs outputs, Activation activation) {
        if (activation == Activation.IDENTITY) {
            throw new IllegalArgumentException("a model of quantities has no classes to be confused."
                    + " Maybe Learner.predictions and the metrics mae, rmse say what you want to know.");
        }
        int items = outputs.items().size();
        if (outputs.losses().length != items) {
            throw new IllegalArgumentException("only items with labels can be judged; " + items + " items have "
                    + outputs.losses().length
                    + " losses. Maybe these are test items: use Outputs.probabilities() alone.");
        }
        var made = activation == Activation.SOFTMAX
                ? of(outputs.classes(), outputs.probabilities(), indices(outputs))
                : multiLabel(outputs.classes(), outputs.probabilities(), flags(outputs));
        return made.items(outputs.items().stream()
                        .map(item -> item.path().toString())
                        .toList())
                .losses(outputs.losses());
    }

    private static int[] indices(Outputs outputs) {
        return outputs.labels().stream()
                .mapToInt(labels -> index(outputs.classes(), labels.get(0)))
                .toArray();
    }

    private static boolean[][] flags(Outputs outputs) {
        var flags = new boolean[outputs.labels().size()][outputs.classes().size()];
        for (int i = 0; i < flags.length; i++) {
            for (String label : outputs.labels().get(i)) {
                flags[i][index(outputs.classes(), label)] = true;
            }
        }
        return flags;
    }

    private static int index(List<String> classes, String label) {
        int index = classes.indexOf(label);
        if (index < 0) {
            throw new IllegalArgumentException("the label " + label + " is not among the classes " + classes
                    + ". Maybe it occurs in no training item.");
        }
        return index;
    }

    /**
     * Predictions of items that have any number of labels. Losses are the mean binary cross entropy until
     * {@link #losses} says otherwise; a label counts as predicted above 0.5 until {@link #thresholds} says otherwise.
     *
     * @param probabilities one row an item, one number in [0, 1] a label
     * @param targets one row an item; true where the item has the label
     * @throws IllegalArgumentException when sizes disagree or a probability is not in [0, 1]
     */
    public static Predictions multiLabel(List<String> classes, float[][] probabilities, boolean[][] targets) {
        var made = new Builder(classes, probabilities);
        made.labels = targets;
        made.multiLabel = true;
        made.checkCount(targets.length);
        for (int i = 0; i < targets.length; i++) {
            made.checkRow("labels", i, targets[i].length);
        }
        made.losses = Losses.binaryCrossEntropy(probabilities, targets);
        return new Predictions(made);
    }

    /** The same predictions for items of these names, usually paths. */
    public Predictions items(List<String> names) {
        var changed = new Builder(this);
        changed.checkCount(names.size());
        changed.items = List.copyOf(names);
        return new Predictions(changed);
    }

    /** The same predictions with these losses, one an item. */
    public Predictions losses(double[] values) {
        var changed = new Builder(this);
        changed.checkCount(values.length);
        changed.losses = values;
        return new Predictions(changed);
    }

    /** The same predictions, where a label counts as predicted when its probability is above {@code value}. */
    public Predictions threshold(double value) {
        return thresholds(value);
    }

    /**
     * The same predictions, where a label counts as predicted when its probability is above its own threshold.
     *
     * @param values one for each label, or one for all, in [0, 1]
     */
    public Predictions thresholds(double... values) {
        if (values.length != 1 && values.length != classes.size()) {
            throw new IllegalArgumentException("thresholds: expected 1 or " + classes.size() + ", received "
                    + values.length + ". Maybe they belong to another list of labels.");
        }
        for (double value : values) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("threshold: expected 0 to 1, received " + value + ".");
            }
        }
        var changed = new Builder(this);
        changed.thresholds = values.clone();
        return new Predictions(changed);
    }

    /** The number of items. */
    public int size() {
        return probabilities.length;
    }

    /** The names of the classes (or labels), in the order of the probabilities. */
    public List<String> classes() {
        return classes;
    }

    /** The names of the items. */
    public List<String> items() {
        return items;
    }

    /** True when an item may have any number of labels. */
    public boolean isMultiLabel() {
        return multiLabel;
    }

    /** The probability above which a label counts as predicted; without meaning for items of one class. */
    public double threshold(int category) {
        return thresholds[thresholds.length == 1 ? 0 : category];
    }

    /** The probabilities above which labels count as predicted: one for all where they are equal, else one for each. */
    public List<Double> thresholds() {
        var distinct = Arrays.stream(thresholds).distinct().boxed().toList();
        return distinct.size() == 1
                ? distinct
                : Arrays.stream(thresholds).boxed().toList();
    }

    /** The probability of one class of one item. */
    public float probability(int item, int category) {
        return probabilities[item][category];
    }

    /** The loss of one item. */
    public double loss(int item) {
        return losses[item];
    }

    /** The mean of all losses; NaN for no items. */
    public double meanLoss() {
        return IntStream.range(0, losses.length)
                .mapToDouble(i -> losses[i])
                .average()
                .orElse(Double.NaN);
    }

    /** The index of the right class of one item. @throws IllegalStateException for multi-label predictions */
    public int target(int item) {
        requireSingle("target");
        return targets[item];
    }

    /** The index of the most probable class of one item, the first one of equals; also for multi-label predictions. */
    public int predicted(int item) {
        float[] row = probabilities[item];
        int best = 0;
        for (int c = 1; c < row.length; c++) {
            if (row[c] > row[best]) {
                best = c;
            }
        }
        return best;
    }

    /** Whether an item truly has a class or label. */
    public boolean has(int item, int category) {
        return multiLabel ? labels[item][category] : targets[item] == category;
    }

    /** Whether a class or label is predicted for an item. */
    public boolean says(int item, int category) {
        return multiLabel ? probabilities[item][category] > threshold(category) : predicted(item) == category;
    }

    /** The name of the right class, or the names of all true labels with commas; empty when there are none. */
    public String actualName(int item) {
        return multiLabel ? joined(item, true) : classes.get(targets[item]);
    }

    /** The name of the predicted class, or the names of all predicted labels with commas; empty when there are none. */
    public String predictedName(int item) {
        return multiLabel ? joined(item, false) : classes.get(predicted(item));
    }

    /** The probabilities of one class over all items. */
    double[] column(int category) {
        double[] column = new double[size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = probabilities[i][category];
        }
        return column;
    }

    /** Which items truly have one class. */
    boolean[] truth(int category) {
        boolean[] truth = new boolean[size()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = has(i, category);
        }
        return truth;
    }

    /** The index of a class. @throws IllegalArgumentException when there is none of that name */
    int indexOf(String name) {
        int index = classes.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("there is no class " + Names.shown(name, 60) + " among "
                    + classes.size() + ": "
                    + classes.stream().limit(20).map(c -> Names.shown(c, 40)).collect(Collectors.joining(", "))
                    + ". Maybe it is spelled differently.");
        }
        return index;
    }

    int[] targets() {
        requireSingle("targets");
        return targets;
    }

    int[] predicted() {
        return IntStream.range(0, size()).map(this::predicted).toArray();
    }

    void requireSingle(String what) {
        if (multiLabel) {
            throw new IllegalStateException(what + ": these items have any number of labels, not one class."
                    + " Maybe MultiLabelConfusion and the curves of each label say what you want to know.");
        }
    }

    private String joined(int item, boolean actual) {
        return IntStream.range(0, classes.size())
                .filter(c -> actual ? has(item, c) : says(item, c))
                .mapToObj(classes::get)
                .collect(Collectors.joining(", "));
    }

    /** The parts of predictions while they are put together. */
    private static final class Builder {
        private final List<String> classes;
        private final float[][] probabilities;
        private List<String> items;
        private int[] targets = {};
        private boolean[][] labels = {};
        private double[] losses = {};
        private boolean multiLabel;
        private double[] thresholds = {0.5};

        Builder(List<String> classes, float[][] probabilities) {
            this.classes = List.copyOf(classes);
            this.probabilities = probabilities;
            var names = new ArrayList<String>();
            for (int i = 0; i < probabilities.length; i++) {
                names.add(Integer.toString(i));
                checkRow("probabilities", i, probabilities[i].length);
                checkProbabilities(i, probabilities[i]);
            }
            this.items = List.copyOf(names);
            if (new HashSet<>(this.classes).size() != this.classes.size()) {
                throw new IllegalArgumentException("two classes have the same name. Maybe one list was added twice.");
            }
        }

        Builder(Predictions from) {
            this.classes = from.classes;
            this.probabilities = from.probabilities;
            this.items = from.items;
            this.targets = from.targets;
            this.labels = from.labels;
            this.losses = from.losses;
            this.multiLabel = from.multiLabel;
            this.thresholds = from.thresholds;
        }

        void checkCount(int count) {
            if (count != probabilities.length) {
                throw new IllegalArgumentException(
                        "expected one for each of " + probabilities.length + " items, received " + count + ".");
            }
        }

        void checkRow(String what, int item, int length) {
            if (length != classes.size()) {
                throw new IllegalArgumentException("item " + item + " has " + length + " " + what + ", expected "
                        + classes.size() + ", one for each class.");
            }
        }

        private static void checkProbabilities(int item, float[] row) {
            for (float p : row) {
                if (!(p >= 0 && p <= 1.0001f)) {
                    throw new IllegalArgumentException("item " + item + " has the probability " + p
                            + ", expected 0 to 1. Maybe these are scores: apply the loss's activation first; or,"
                            + " when it is NaN, training diverged and a lower learning rate helps.");
                }
            }
        }
    }
}
