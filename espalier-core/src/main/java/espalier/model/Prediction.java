package espalier.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a model says about one input. */
public final class Prediction {
    private final List<String> classes;
    private final float[] probabilities;
    private final List<Double> thresholds;

    /** @param thresholds for tags, the probability from which each is given; empty for a single class */
    Prediction(List<String> classes, float[] probabilities, List<Double> thresholds) {
        this.classes = classes;
        this.probabilities = probabilities;
        this.thresholds = thresholds;
    }

    /** The most probable class. */
    public String label() {
        return classes.get(index());
    }

    /** The position of the most probable class; the first of equal ones. */
    public int index() {
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
        return probabilities[index()];
    }

    /** The probability of each class, in the model's order. */
    public float[] probabilities() {
        return probabilities.clone();
    }

    /** The probability of each class by its name, in the model's order. */
    public Map<String, Double> byClass() {
        Map<String, Double> all = new LinkedHashMap<>();
        IntStream.range(0, probabilities.length).forEach(i -> all.put(classes.get(i), (double) probabilities[i]));
        return all;
    }

    /** The tags whose probability exceeds their threshold; for a single class, that one. */
    public List<String> labels() {
        if (thresholds.isEmpty()) {
            return List.of(label());
        }
        return IntStream.range(0, probabilities.length)
                .filter(i -> probabilities[i] > thresholds.get(i))
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
        return IntStream.range(0, probabilities.length)
                .boxed()
                .sorted((a, b) -> Float.compare(probabilities[b], probabilities[a]))
                .limit(k)
                .map(i -> new Ranked(i, classes.get(i), probabilities[i]))
                .toList();
    }

    /** The label and its probability: {@code "dog (98.7 %)"}. */
    @Override
    public String toString() {
        return String.format(java.util.Locale.ROOT, "%s (%.1f %%)", label(), 100 * probability());
    }
}
