package espalier.testing.plain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of right answers made by {@code tools/golden}: named tensors as plain arrays, and JSON values.
 *
 * <p>{@code tools/golden/README.md} describes the format and what each area's names mean.
 */
public final class Golden {
    private static final JsonMapper JSON = new JsonMapper();

    private final String name;
    private final JsonNode root;

    private Golden(String name, JsonNode root) {
        this.name = name;
        this.root = root;
    }

    /** The golden file {@code golden/NAME.json} of the test resources, for example {@code "nn/linear"}. */
    public static Golden load(String name) {
        String resource = "/golden/" + name + ".json";
        try (InputStream in = Golden.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("No golden file " + resource + ". Maybe tools/golden must be run.");
            }
            return new Golden(name, JSON.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all tensors, in the file's order. */
    public List<String> names() {
        return List.copyOf(root.get("tensors").propertyNames());
    }

    /** The names of tensors that start with {@code prefix}, without it, in the file's order. */
    public List<String> names(String prefix) {
        return names().stream()
                .filter(n -> n.startsWith(prefix))
                .map(n -> n.substring(prefix.length()))
                .toList();
    }

    /** The names under {@code values.cases}, in the file's order. */
    public List<String> cases() {
        return List.copyOf(value("/cases").propertyNames());
    }

    /** Whether the file has a tensor of this name. */
    public boolean has(String tensor) {
        return root.get("tensors").has(tensor);
    }

    /** A tensor's shape. */
    public long[] shape(String tensor) {
        return longs(tensor(tensor).get("shape"));
    }

    /** A tensor's element type in PyTorch's words, for example {@code "float32"}. */
    public String dtype(String tensor) {
        return tensor(tensor).get("dtype").asString();
    }

    /** A tensor's elements in row-major order; true is 1. */
    public float[] floats(String tensor) {
        double[] from = doubles(tensor);
        float[] to = new float[from.length];
        for (int i = 0; i < to.length; i++) {
            to[i] = (float) from[i];
        }
        return to;
    }

    /** A tensor's elements in row-major order; true is 1. */
    public double[] doubles(String tensor) {
        return doubles(tensor(tensor).get("data"));
    }

    /** An integer tensor's elements in row-major order. */
    public long[] longs(String tensor) {
        return longs(tensor(tensor).get("data"));
    }

    /** A JSON value below {@code values}, by JSON pointer, for example {@code "/cases/plain/in"}. */
    public JsonNode value(String pointer) {
        JsonNode found = root.get("values").at(pointer);
        if (found.isMissingNode()) {
            throw new IllegalArgumentException("No value " + pointer + " in golden file " + name);
        }
        return found;
    }

    /** A JSON array of numbers below {@code values}, by JSON pointer. */
    public double[] doublesAt(String pointer) {
        return doubles(value(pointer));
    }

    /** A JSON array of whole numbers below {@code values}, by JSON pointer. */
    public long[] longsAt(String pointer) {
        return longs(value(pointer));
    }

    /** A JSON array of texts below {@code values}, by JSON pointer. */
    public List<String> stringsAt(String pointer) {
        var texts = new ArrayList<String>();
        value(pointer).forEach(n -> texts.add(n.asString()));
        return texts;
    }

    /** A JSON array of numbers; true is 1, and the texts NaN, Infinity and -Infinity are what they say. */
    public static double[] doubles(JsonNode array) {
        double[] to = new double[array.size()];
        for (int i = 0; i < to.length; i++) {
            to[i] = number(array.get(i));
        }
        return to;
    }

    /** A JSON array of whole numbers; true is 1. */
    public static long[] longs(JsonNode array) {
        long[] to = new long[array.size()];
        for (int i = 0; i < to.length; i++) {
            JsonNode n = array.get(i);
            to[i] = n.isBoolean() ? (n.asBoolean() ? 1 : 0) : n.asLong();
        }
        return to;
    }

    private static double number(JsonNode n) {
        if (n.isBoolean()) {
            return n.asBoolean() ? 1 : 0;
        }
        return n.isString() ? Double.parseDouble(n.asString()) : n.asDouble();
    }

    private JsonNode tensor(String tensor) {
        JsonNode found = root.get("tensors").get(tensor);
        if (found == null) {
            throw new IllegalArgumentException("No tensor " + tensor + " in golden file " + name + ": " + names());
        }
        return found;
    }
}
