package espalier.predict;

import espalier.format.ModelDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a model says about one input: a class, tags, or, when it {@linkplain #isNumeric is numeric}, quantities. */
public final class Prediction {
    private final List<String> classes;
    private final float[] outputs;
    private final List<Double> thresholds;
    private final boolean numeric;

    private Prediction(List<String> classes, float[] outputs, List<Double> thresholds, boolean numeric) {
        this.classes = classes;
        this.outputs = outputs;
        this.thresholds = thresholds;
        this.numeric = numeric;
    }

    /**
     * What the outputs of a model mean.
     *
     * @param outputs one for each name in the document's vocabulary, after the activation; not copied
     */
    public static Prediction of(ModelDocument document, float[] outputs) {
        return new Prediction(document.vocabulary(), outputs, document.thresholds(), document.isNumeric());
    }

    /** Whether the model says quantities ({@link #values}), not classes. */
    public boolean isNumeric() {
        return numeric;
    }

    /** The quantities by name, in the units of the training labels; empty when it says classes or tags. */
    public Map<String, Double> values() {
        return numeric ? named() : Map.of();
    }

    private float[] probable() {
        if (numeric) {
            throw new IllegalStateException(
                    "the model says quantities, not classes with probabilities. Maybe values() was meant.");
        }
        return outputs;
    }

    private Map<String, Double> named() {
        Map<String, Double> all = new LinkedHashMap<>();
        IntStream.range(0, outputs.length).forEach(i -> all.put(classes.get(i), (double) outputs[i]));
        return all;
    }

    /** The most probable class. @throws IllegalStateException for quantities, as all but {@link #values} */
    public String label() {
        return classes.get(index());
    }

    /** The position of the most probable class; the first of equal ones. */
    public int index() {
        float[] probabilities = probable();
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            if (probabilities[i] > probabilities[best]) {
                best = i;
            }
        }
        return best;
    }

    /** The probability of the most probable class, 0 to 1. */
    public double probability() {
        return outputs[index()];
    }

    /** The probability of each class, in the model's order. */
    public float[] probabilities() {
        return probable().clone();
    }

    /** The probability of each class by its name, in the model's order. */
    public Map<String, Double> byClass() {
        probable();
        return named();
    }

    /** The tags whose probability exceeds their threshold; for a single class, that one. */
    public List<String> labels() {
        if (thresholds.isEmpty()) {
            return List.of(label());
        }
        float[] probabilities = probable();
        return IntStream.range(0, probabilities.length)
                .filter(i -> probabilities[i] > thresholds.get(thresholds.size() == 1 ? 0 : i))
                .mapToObj(classes::get)
                .toList();
    }

    /**
     * One class of several.
     *
     * @param index its position among the classes
     * @param label its name
     * @param probability 0 to 1
     */
    public record Ranked(int index, String label, double probability) {}

    /** The {@code k} most probable classes with their probabilities, most probable first. */
    public List<Ranked> top(int k) {
        float[] probabilities = probable();
        return IntStream.range(0, probabilities.length)
                .boxed()
                .sorted((a, b) -> Float.compare(probabilities[b], probabilities[a]))
                .limit(k)
                .map(i -> new Ranked(i, classes.get(i), probabilities[i]))
                .toList();
    }

    /** The label and its probability, {@code "dog (98.7 %)"}, or the quantities, {@code "x 0.4213, y 0.1876"}. */
    @Override
    public String toString() {
        if (numeric) {
            return IntStream.range(0, outputs.length)
                    .mapToObj(i -> String.format(Locale.ROOT, "%s %.4g", classes.get(i), outputs[i]))
                    .collect(Collectors.joining(", "));
        }
        return String.format(Locale.ROOT, "%s (%.1f %%)", label(), 100 * probability());
    }
}
