package espalier.app;

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
 * @param others what classes count that {@code numbers} does not name, 1; of tags, how much more each counts where it is present
 * @param numbers what single classes count, by name
 */
public record Balance(boolean balanced, double others, Map<String, Double> numbers) {
    /** From this ratio of the largest class to the smallest on, classes count as uneven. */
    private static final double UNEVEN = 1.5;

    /** Checks and copies. */
    public Balance {
        numbers = Collections.unmodifiableMap(new TreeMap<>(numbers));
        numbers.forEach((name, number) -> check("the class " + name, number));
        check("each class", others);
    }

    private static void check(String what, double number) {
        if (!(number >= 0 && Double.isFinite(number))) {
            throw new IllegalArgumentException(what + " must count 0 or more, received " + number + ".");
        }
    }

    /** Each item counts once. */
    public static Balance none() {
        return new Balance(false, 1, Map.of());
    }

    /** All classes count alike. */
    public static Balance even() {
        return new Balance(true, 1, Map.of());
    }

    /** By numbers. */
    public static Balance of(Map<String, Double> numbers) {
        return new Balance(false, 1, numbers);
    }

    /** Each class the same: of tags, how much more one counts where it is present. */
    public static Balance all(double number) {
        return new Balance(false, number, Map.of());
    }

    /** The balance of a text: {@code none}, {@code balanced}, a number for all, or {@code cat=2,dog=1}. */
    public static Balance named(String text) {
        return switch (text.strip()) {
            case "none", "" -> none();
            case "balanced" -> even();
            default -> text.contains("=") ? of(numbers(text)) : all(number(text));
        };
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException malformed) {
            throw malformed(text, malformed);
        }
    }

    private static IllegalArgumentException malformed(String text, NumberFormatException cause) {
        return new IllegalArgumentException(
                "classes count by none, balanced, a number or numbers such as cat=2,dog=1; received " + text + ".",
                cause);
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
                throw malformed(text, malformed);
            }
        }
        return numbers;
    }

    /** Whether nothing is made up for. */
    public boolean isNone() {
        return !balanced && numbers.isEmpty() && others == 1;
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
                        .mapToDouble(name -> numbers.getOrDefault(name, others))
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
                        ? (others == 1 ? "none" : String.valueOf(others))
                        : numbers.entrySet().stream()
                                .map(one -> one.getKey() + "=" + one.getValue())
                                .collect(Collectors.joining(","));
    }
}
