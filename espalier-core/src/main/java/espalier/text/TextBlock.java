package espalier.text;

import espalier.data.BatchTransform;
import espalier.data.InputBlock;
import espalier.format.Transform;
import espalier.item.Item;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Texts as the inputs of a data set: tokens, and in a batch their indices, padded at the end to the longest.
 *
 * @see TextLoaders
 */
public final class TextBlock implements InputBlock<List<String>> {
    private final TextReader reader;
    private final Function<Item, String> texts;
    private final Map<Item, Integer> lengths = new ConcurrentHashMap<>();
    private final LongAdder cells = new LongAdder();
    private final LongAdder padding = new LongAdder();

    private TextBlock(TextReader reader, Function<Item, String> texts) {
        this.reader = reader;
        this.texts = texts;
    }

    /**
     * Texts read by a field that has its vocabulary.
     *
     * @param texts gives the text of each item; called from several threads
     */
    public static TextBlock of(Field field, Function<Item, String> texts) {
        return new TextBlock(new TextReader(field), texts);
    }

    /** How texts become numbers. */
    public Field field() {
        return reader.field();
    }

    TextReader reader() {
        return reader;
    }

    /** How many tokens of an item count, before random transforms. */
    public int length(Item item) {
        return lengths.computeIfAbsent(
                item, one -> reader.tokens(texts.apply(one)).size());
    }

    /** The share of the training batches so far that was padding, from 0 to 1. */
    public double padding() {
        long all = cells.sum();
        return all == 0 ? 0 : (double) padding.sum() / all;
    }

    @Override
    public String name() {
        return "text";
    }

    @Override
    public Optional<String> reject(Item item) {
        return Optional.empty();
    }

    @Override
    public List<String> read(Item item, List<? extends Transform<List<String>>> transforms, boolean training, Rng rng) {
        List<String> tokens = reader.tokens(texts.apply(item));
        for (var transform : transforms) {
            tokens = transform.apply(tokens, training, rng);
        }
        return tokens;
    }

    /** @shape int64 {@code [N, T]} */
    @Override
    public Supplier<Tensor> collate(
            List<List<String>> inputs, List<BatchTransform> transforms, boolean training, List<Rng> rngs) {
        if (training) {
            long steps = inputs.stream().mapToInt(List::size).max().orElse(0);
            long used = inputs.stream().mapToInt(List::size).sum();
            cells.add(steps * inputs.size());
            padding.add(steps * inputs.size() - used);
        }
        return () -> {
            Tensor x = reader.batch(inputs);
            for (var transform : transforms) {
                x = transform.apply(x, training, rngs);
            }
            return x;
        };
    }

    @Override
    public List<Map.Entry<String, String>> explain(Item item, List<? extends Transform<List<String>>> transforms) {
        List<Map.Entry<String, String>> steps = new ArrayList<>();
        String text = texts.apply(item);
        steps.add(Map.entry("text", text));
        List<String> tokens = reader.tokens(text);
        steps.add(Map.entry(tokens.size() + " tokens", String.valueOf(tokens)));
        for (var transform : transforms) {
            tokens = transform.apply(tokens, true, Rng.of(0));
            steps.add(Map.entry(transform.name(), String.valueOf(tokens)));
        }
        steps.add(Map.entry("indices", java.util.Arrays.toString(reader.field().indices(tokens))));
        return steps;
    }
}
