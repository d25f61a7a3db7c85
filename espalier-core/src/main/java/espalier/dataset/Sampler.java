package espalier.dataset;

import espalier.rng.Rng;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which examples an epoch has, and in which order. Holds no state: the order is a function of the generator.
 */
@FunctionalInterface
public interface Sampler {
    /** The indices of an epoch of a data set of {@code size} examples. */
    int[] order(int size, Rng rng);

    /** All examples in their own order, as {@code SequentialSampler}. */
    static Sampler sequential() {
        return (size, rng) -> IntStream.range(0, size).toArray();
    }

    /** All examples in random order, as {@code RandomSampler}. */
    static Sampler random() {
        return (size, rng) -> rng.derive(-1).permutation(size);
    }

    /**
     * {@code count} examples drawn with replacement, each as likely as its weight says, as {@code WeightedRandomSampler}.
     *
     * @throws IllegalArgumentException when a weight is negative or not finite, or all are 0
     */
    static Sampler weighted(double[] weights, int count) {
        double[] until = weights.clone();
        Arrays.parallelPrefix(until, Double::sum);
        double total = until.length == 0 ? 0 : until[until.length - 1];
        if (Arrays.stream(weights).anyMatch(weight -> !(weight >= 0)) || !(total > 0 && Double.isFinite(total))) {
            throw new IllegalArgumentException("the weights of a sampler must be finite and not negative, and one of"
                    + " them positive: received " + Arrays.toString(weights) + ".");
        }
        return (size, rng) -> {
            if (size != until.length) {
                throw new IllegalArgumentException("the sampler has " + until.length + " weights, the data set " + size
                        + " examples. Maybe they belong to the set before it was split.");
            }
            var drawing = rng.derive(-1);
            return IntStream.range(0, count)
                    .map(i -> {
                        int at = Arrays.binarySearch(until, drawing.uniform() * total);
                        int next = at < 0 ? -at - 1 : at + 1;
                        while (weights[next] == 0) {
                            next++;
                        }
                        return next;
                    })
                    .toArray();
        };
    }

    /** As many examples as there are, drawn with replacement so that all labels are equally likely. */
    static Sampler balanced(long... labels) {
        var counts = new java.util.HashMap<Long, Integer>();
        for (long label : labels) {
            counts.merge(label, 1, Integer::sum);
        }
        return weighted(
                Arrays.stream(labels)
                        .mapToDouble(label -> 1.0 / counts.getOrDefault(label, 1))
                        .toArray(),
                labels.length);
    }
}
