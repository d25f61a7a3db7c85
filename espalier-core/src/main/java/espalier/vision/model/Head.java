package espalier.vision.model;

import espalier.format.Parameters;
import espalier.nn.AdaptiveAvgPool2d;
import espalier.nn.AdaptiveConcatPool2d;
import espalier.nn.BatchNorm1d;
import espalier.nn.Dropout;
import espalier.nn.Flatten;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The layers that transfer learning puts on a body: pooling, then linear layers with ReLU in between. A model file
 * describes it, so that a model with any head loads everywhere.
 *
 * <pre>{@code
 * var head = Head.of(512, 128).norm().dropout(0.4); // batch norm, 512, 128, classes
 * }</pre>
 *
 * @param pool what becomes of the feature maps
 * @param hidden the outputs of all linear layers but the last, whose outputs are the classes
 * @param layers what belongs to each linear layer, one more than {@code hidden}
 */
public record Head(Pool pool, List<Integer> hidden, List<Layer> layers) {
    private static final int MOST_LAYERS = 8;
    private static final int MOST_OUTPUTS = 65_536;

    /** What becomes of the feature maps {@code [N, C, h, w]}. */
    public enum Pool {
        /** Largest values, then means: {@code [N, 2C]}, fastai's way. */
        CONCAT,
        /** Means: {@code [N, C]}, as in the networks that were published. */
        MEAN;

        int features(int channels) {
            return this == CONCAT ? 2 * channels : channels;
        }
    }

    /**
     * A linear layer and what comes before it.
     *
     * @param norm whether a batch norm comes first
     * @param dropout the probability with which each input is zeroed in training, in [0, 1)
     * @param bias whether the linear layer has a bias
     */
    public record Layer(boolean norm, double dropout, boolean bias) {
        /** Checks the probability. */
        public Layer {
            if (!(dropout >= 0 && dropout < 1)) {
                throw new IllegalArgumentException(
                        "the dropout of a head must be in [0, 1), received " + dropout + ". Maybe 0.5.");
            }
        }
    }

    /** Checks the sizes. */
    public Head {
        hidden = List.copyOf(hidden);
        layers = List.copyOf(layers);
        if (layers.size() != hidden.size() + 1 || layers.size() > MOST_LAYERS) {
            throw new IllegalArgumentException("a head has 1 to " + MOST_LAYERS
                    + " linear layers, one more than hidden sizes, received " + layers.size() + " layers and "
                    + hidden.size() + " hidden sizes.");
        }
        if (!hidden.stream().allMatch(size -> size >= 1 && size <= MOST_OUTPUTS)) {
            throw new IllegalArgumentException("a hidden layer of a head has 1 to " + MOST_OUTPUTS
                    + " outputs, received " + hidden + ". Maybe 512, 128.");
        }
    }

    /** fastai's: both poolings, batch norm, dropout 0.25, 512 features, ReLU, batch norm, dropout 0.5, scores. */
    public static Head fastai() {
        return new Head(Pool.CONCAT, List.of(512), List.of(new Layer(true, 0.25, false), new Layer(true, 0.5, false)));
    }

    /** Means and one linear layer: what the published networks end in. */
    public static Head linear() {
        return of();
    }

    /** Means, then linear layers with these outputs and one for the classes; no norm, no dropout. */
    public static Head of(int... hidden) {
        var sizes = Arrays.stream(hidden).boxed().toList();
        return new Head(Pool.MEAN, sizes, Collections.nCopies(sizes.size() + 1, new Layer(false, 0, true)));
    }

    /** The same with a batch norm of the pooled features before everything else. */
    public Head norm() {
        var first = layers.get(0);
        return with(0, new Layer(true, first.dropout(), first.bias()));
    }

    /** The same with dropout after each hidden layer. */
    public Head dropout(double probability) {
        var changed = new ArrayList<>(layers);
        for (int i = 1; i < changed.size(); i++) {
            changed.set(
                    i,
                    new Layer(layers.get(i).norm(), probability, layers.get(i).bias()));
        }
        return new Head(pool, hidden, changed);
    }

    /** The same with a bias in the last layer, which fastai's has not. */
    public Head bias() {
        var last = layers.get(hidden.size());
        return with(hidden.size(), new Layer(last.norm(), last.dropout(), true));
    }

    private Head with(int place, Layer layer) {
        var changed = new ArrayList<>(layers);
        changed.set(place, layer);
        return new Head(pool, hidden, changed);
    }

    /** The same with another pooling. */
    public Head pool(Pool other) {
        return new Head(other, hidden, layers);
    }

    /** The head as JSON can hold it. */
    public Map<String, Object> toMap() {
        return Parameters.of(
                "pool",
                pool.name().toLowerCase(Locale.ROOT),
                "hidden",
                hidden,
                "layers",
                layers.stream()
                        .map(layer ->
                                Parameters.of("norm", layer.norm(), "dropout", layer.dropout(), "bias", layer.bias()))
                        .toList());
    }

    /** The head of a {@link #toMap}. @throws IllegalArgumentException when it describes none */
    public static Head from(Map<?, ?> map) {
        try {
            var hidden = ((List<?>) value(map, "hidden"))
                    .stream().map(size -> ((Number) size).intValue()).toList();
            var layers = ((List<?>) value(map, "layers"))
                    .stream().map(layer -> layer((Map<?, ?>) layer)).toList();
            var pool = Pool.valueOf(String.valueOf(map.get("pool")).toUpperCase(Locale.ROOT));
            return new Head(pool, hidden, layers);
        } catch (ClassCastException | NullPointerException malformed) {
            throw new IllegalArgumentException(
                    "the description of the head is not complete: " + map + ". Maybe it was changed by hand.",
                    malformed);
        }
    }

    private static Layer layer(Map<?, ?> map) {
        double dropout = ((Number) value(map, "dropout")).doubleValue();
        return new Layer((Boolean) value(map, "norm"), dropout, (Boolean) value(map, "bias"));
    }

    private static Object value(Map<?, ?> map, String key) {
        return Objects.requireNonNull(map.get(key), key);
    }

    /** The head as a line of text, for {@link #named}. */
    public String toText() {
        var text = new StringBuilder(pool.name().toLowerCase(Locale.ROOT));
        for (int i = 0; i < layers.size(); i++) {
            var layer = layers.get(i);
            text.append(layer.norm() ? ",norm" : "")
                    .append(layer.dropout() > 0 ? ",dropout " + layer.dropout() : "")
                    .append(i < hidden.size() ? "," + hidden.get(i) : ",classes")
                    .append(layer.bias() ? "" : " without bias");
        }
        return text.toString();
    }

    /** The head of a {@link #toText}. @throws IllegalArgumentException when it describes none */
    public static Head named(String text) {
        String[] words = text.split(",");
        var hidden = new ArrayList<Integer>();
        var layers = new ArrayList<Layer>();
        boolean norm = false;
        double dropout = 0;
        for (int i = 1; i < words.length; i++) {
            String word = words[i];
            if (word.equals("norm")) {
                norm = true;
            } else if (word.startsWith("dropout ")) {
                dropout = Double.parseDouble(word.substring("dropout ".length()));
            } else {
                layers.add(new Layer(norm, dropout, !word.endsWith(" without bias")));
                String size = word.replace(" without bias", "");
                if (!size.equals("classes")) {
                    hidden.add(Integer.valueOf(size));
                }
                norm = false;
                dropout = 0;
            }
        }
        return new Head(Pool.valueOf(words[0].toUpperCase(Locale.ROOT)), hidden, layers);
    }

    /** The layers that pool a body's maps. @shape {@code [N, channels, h, w]} to {@code [N, F]} */
    List<Module> pooling() {
        return List.of(pool == Pool.CONCAT ? AdaptiveConcatPool2d.of(1) : AdaptiveAvgPool2d.of(1), Flatten.of());
    }

    /** All layers, the {@link #pooling} first. */
    Sequential create(int channels, int classes) {
        var modules = new ArrayList<>(pooling());
        int inputs = pool.features(channels);
        for (int i = 0; i < layers.size(); i++) {
            boolean last = i == hidden.size();
            int outputs = last ? classes : hidden.get(i);
            add(modules, layers.get(i), inputs, outputs);
            if (!last) {
                modules.add(ReLU.of().inPlace());
            }
            inputs = outputs;
        }
        return Sequential.of(modules);
    }

    private static void add(List<Module> modules, Layer layer, int inputs, int outputs) {
        if (layer.norm()) {
            modules.add(BatchNorm1d.of(inputs));
        }
        if (layer.dropout() > 0) {
            modules.add(Dropout.of(layer.dropout()));
        }
        modules.add(
                layer.bias()
                        ? Linear.of(inputs, outputs)
                        : Linear.of(inputs, outputs).noBias());
    }
}
