package espalier.format;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The options of the run that made a model, as its file keeps them among its {@linkplain ModelDocument#details details}:
 * so that others can train like it, or judge it by the pictures that it did not learn from.
 *
 * @param values by the names of the command line: {@code {"--seed": "7", "--valid": "0.5"}}; empty where a file says nothing
 */
public record RunOptions(Map<String, String> values) {
    /** Of a file that says nothing. */
    public static final RunOptions NONE = new RunOptions(Map.of());

    private static final String KEY = "options";

    public RunOptions {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** What a model file says of its run. */
    public static RunOptions of(ModelDocument document) {
        Map<String, String> values = new LinkedHashMap<>();
        if (document.details().get(KEY) instanceof Map<?, ?> said) {
            said.forEach((name, value) -> values.put(String.valueOf(name), String.valueOf(value)));
        }
        return new RunOptions(values);
    }

    /** The options as the details of a model file. */
    public static Map<String, Object> details(Map<String, String> options) {
        return Map.of(KEY, new LinkedHashMap<>(options));
    }

    /**
     * An option.
     *
     * @param read makes a value of a text, and throws an {@link IllegalArgumentException} when that cannot be
     * @return empty when the file does not say it, or left it to chance and the data
     * @throws ModelFileException when it says something else than such a value
     */
    public <T> Optional<T> value(String name, Function<String, T> read) {
        var text = Optional.ofNullable(values.get(name)).filter(said -> !said.equals("automatic"));
        try {
            return text.map(read);
        } catch (IllegalArgumentException unreadable) {
            throw new ModelFileException(
                    "the model file says that it was trained with " + name + " " + text.orElse("")
                            + ", which is no such value. Maybe it was changed by hand.",
                    unreadable);
        }
    }

    /** The share of the items that were kept for validation. */
    public Optional<Double> validShare() {
        return value("--valid", Double::valueOf);
    }

    /** The seed of the split, the order and everything else random. */
    public Optional<Long> seed() {
        return value("--seed", Long::valueOf);
    }
}
