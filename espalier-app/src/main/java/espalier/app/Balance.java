package espalier.app;

import espalier.data.Dataset;
import espalier.loss.ClassWeights;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How classes of different sizes are made up for: not at all, so that all count alike, or by numbers.
 *
 * @param balanced whether all classes count alike
 * @param numbers what single classes count, by name; 1 for the others
 */
public record Balance(boolean balanced, Map<String, Double> numbers) {
    /** From this ratio of the largest class to the smallest on, classes count as uneven. */
    private static final double UNEVEN = 1.5;

    /** Checks and copies. */
    public Balance {
        numbers = Collections.unmodifiableMap(new TreeMap<>(numbers));
        numbers.forEach((name, number) -> {
            if (!(number >= 0 && Double.isFinite(number))) {
                throw new IllegalArgumentException(
                        "the class " + name + " must count 0 or more, received " + number + ".");
            }
        });
    }

    /** Each item counts once. */
    public static Balance none() {
        return new Balance(false, Map.of());
    }

    /** All classes count alike. */
    public static Balance even() {
        return new Balance(true, Map.of());
    }

    /** By numbers. */
    public static Balance of(Map<String, Double> numbers) {
        return new Balance(false, numbers);
    }

    /** The balance of a text: {@code none}, {@code balanced} or {@code cat=2,dog=1}. */
    public static Balance named(String text) {
        return switch (text.strip()) {
            case "none", "" -> none();
            case "balanced" -> even();
            default -> of(numbers(text));
        };
    }

    private static Map<String, Double> numbers(String text) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (String part : text.split(",")) {
            int sign = part.lastIndexOf('=');
            try {
                if (sign < 1) {
                    throw new NumberFormatException();
                }
                numbers.put(
                        part.substring(0, sign).strip(),
                        Double.valueOf(part.substring(sign + 1).strip()));
            } catch (NumberFormatException malformed) {
                throw new IllegalArgumentException(
                        "classes count by none, balanced or numbers such as cat=2,dog=1; received " + text + ".",
                        malformed);
            }
        }
        return numbers;
    }

    /** Whether nothing is made up for. */
    public boolean isNone() {
        return !balanced && numbers.isEmpty();
    }

    /** The number of training items of each class. */
    static long[] counts(Dataset dataset, List<String> classes) {
        Map<String, Long> counts = dataset.labels().stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(label -> label, Collectors.counting()));
        return classes.stream().mapToLong(name -> counts.getOrDefault(name, 0L)).toArray();
    }

    /** Whether the largest class is at least half as large again as the smallest. */
    static boolean uneven(long... counts) {
        long most = Arrays.stream(counts).max().orElse(0);
        long least = Arrays.stream(counts).min().orElse(0);
        return most >= UNEVEN * least;
    }

    /**
     * What an item of each class weighs in the loss.
     *
     * @throws IllegalArgumentException when a class that is named is none of the data's
     */
    double[] weights(List<String> classes, long... counts) {
        check(classes);
        return balanced
                ? ClassWeights.balanced(counts)
                : classes.stream()
                        .mapToDouble(name -> numbers.getOrDefault(name, 1.0))
                        .toArray();
    }

    void check(List<String> classes) {
        numbers.keySet().stream()
                .filter(name -> !classes.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("there is no class " + name + " among "
                            + classes.stream().limit(10).toList() + ". Maybe it is misspelt.");
                });
    }

    /** The text of {@link #named}. */
    @Override
    public String toString() {
        return balanced
                ? "balanced"
                : numbers.isEmpty()
                        ? "none"
                        : numbers.entrySet().stream()
                                .map(one -> one.getKey() + "=" + one.getValue())
                                .collect(Collectors.joining(","));
    }
}
