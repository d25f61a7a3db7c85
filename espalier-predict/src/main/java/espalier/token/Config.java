package espalier.token;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A part of a {@code tokenizer.json}.
 *
 * @param at where it stands, in messages
 */
record Config(Map<?, ?> map, String at) {
    /** @throws IllegalArgumentException when {@code value} is no object */
    static Config of(Object value, String at) {
        if (value instanceof Map<?, ?> map) {
            return new Config(map, at);
        }
        throw new IllegalArgumentException(at + ": expected an object, but got "
                + (value == null ? "nothing" : value.getClass().getSimpleName())
                + ". Maybe it is no tokenizer.json of Hugging Face.");
    }

    /** What it is, such as {@code "BertNormalizer"}; empty where it does not say. */
    String type() {
        return text("type").orElse("");
    }

    Optional<String> text(String name) {
        return map.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    String need(String name) {
        return text(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        at + ": " + name + " is missing. Maybe it is no tokenizer.json of Hugging Face."));
    }

    boolean is(String name, boolean otherwise) {
        return map.get(name) instanceof Boolean value ? value : otherwise;
    }

    int number(String name, int otherwise) {
        return map.get(name) instanceof Number number ? number.intValue() : otherwise;
    }

    /** The part of a name; empty when there is none. */
    Optional<Config> part(String name) {
        Object value = map.get(name);
        return value == null ? Optional.empty() : Optional.of(of(value, at + "." + name));
    }

    /** The parts of a list. */
    List<Config> parts(String name) {
        return map.get(name) instanceof List<?> list
                ? list.stream().map(one -> of(one, at + "." + name)).toList()
                : List.of();
    }

    IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException(at + ": the " + what + " " + (type().isEmpty() ? "without a type" : type())
                + " is not supported. Maybe another tokenizer.json has the same words.");
    }
}
