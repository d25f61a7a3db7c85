package espalier.text;

import espalier.data.DataBlock;
import espalier.data.Loader;
import espalier.data.Loaders;
import espalier.data.Sampler;
import espalier.data.Source.Example;
import espalier.data.Source.Found;
import espalier.data.Splits.Part;
import espalier.format.Transform;
import espalier.item.Item;
import espalier.train.Learner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Loaders of labelled texts: batches of texts that are about equally long, random in training.
 *
 * <pre>{@code
 * var parts = LabelledTexts.of(texts, labels).split(42, 0.2, 0.2);
 * var field = TextLoaders.field(Field.text().lower().tokenize(Tokenizers.words()), parts.train(), 20_000, 1);
 * var loaders = TextLoaders.of(parts, field).loaders();
 * }</pre>
 *
 * @param parts the texts
 * @param field how texts become numbers, with its vocabulary
 * @param transforms change the tokens of training texts
 * @param batchSize texts a batch, 64
 * @param seed of the order and of the random transforms, 42
 */
public record TextLoaders(
        LabelledTexts.Parts parts, Field field, List<Transform<List<String>>> transforms, int batchSize, long seed) {
    private static final int STANDARD_BATCH = 64;
    private static final long STANDARD_SEED = 42;

    public TextLoaders {
        transforms = List.copyOf(transforms);
    }

    /** The usual ones. */
    public static TextLoaders of(LabelledTexts.Parts parts, Field field) {
        return new TextLoaders(parts, field, List.of(), STANDARD_BATCH, STANDARD_SEED);
    }

    /** A field that knows the tokens of some texts; see {@link Field#buildVocabulary(Iterable, int, long, String...)}. */
    public static Field field(Field field, LabelledTexts texts, int maxSize, long minFrequency) {
        Iterable<List<String>> values =
                () -> texts.texts().stream().map(field::preprocess).iterator();
        return field.buildVocabulary(values, maxSize, minFrequency);
    }

    /** The same with a transform of training texts. */
    public TextLoaders transform(Transform<List<String>> transform) {
        var all = new ArrayList<>(transforms);
        all.add(transform);
        return new TextLoaders(parts, field, all, batchSize, seed);
    }

    /** The same with other batches. */
    public TextLoaders batchSize(int batchSize) {
        return new TextLoaders(parts, field, transforms, batchSize, seed);
    }

    /** The same with another seed. */
    public TextLoaders seed(long seed) {
        return new TextLoaders(parts, field, transforms, batchSize, seed);
    }

    /** Makes the loaders. @throws espalier.report.DataException when there is nothing to train on */
    public Loaders<List<String>> loaders() {
        List<Example> examples = new ArrayList<>();
        for (var part : Part.values()) {
            add(examples, part);
        }
        var block = TextBlock.of(field, this::text);
        var data = DataBlock.of(block, parts.train().target())
                .source(root -> new Found(examples, List.of(), List.of(), List.of()))
                .split((items, labels) -> items.stream().map(TextLoaders::part).toList())
                .batchSize(batchSize)
                .seed(seed);
        for (var transform : transforms) {
            data = data.itemTransform(transform);
        }
        return data.loaders(Path.of("texts"))
                .sampler(Sampler.buckets(block::length, batchSize))
                .judged(Sampler.byLength(block::length));
    }

    /** What a learner says of the texts of a part, in the part's order. */
    public static float[][] probabilities(Learner<List<String>> learner, Loader<List<String>> part) {
        var outputs = learner.predictions(part);
        var rows = new float[outputs.items().size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[place(outputs.items().get(i).id())] = outputs.probabilities()[i];
        }
        return rows;
    }

    /** The items' ids say the part and the place in it, so a million texts need no maps. */
    private void add(List<Example> examples, Part part) {
        var texts = texts(part);
        var path = Path.of(part.name().toLowerCase(Locale.ROOT));
        var own = Optional.of(part);
        Map<List<String>, List<String>> known = new HashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            var labels = texts.labels(i);
            var shared = texts.isNumeric() ? labels : known.computeIfAbsent(labels, same -> same);
            examples.add(new Example(new Item(path + String.format(" %09d", i), path), shared, own, "", i));
        }
    }

    private LabelledTexts texts(Part part) {
        return switch (part) {
            case TRAIN -> parts.train();
            case VALID -> parts.valid();
            case TEST -> parts.test();
        };
    }

    private static Part part(Item item) {
        return Part.valueOf(item.path().toString().toUpperCase(Locale.ROOT));
    }

    private static int place(String id) {
        return Integer.parseInt(id.substring(id.indexOf(' ') + 1));
    }

    /** The text of an item; none of one that is not of these parts. */
    private String text(Item item) {
        return item.id().matches("(train|valid|test) [0-9]{9,10}")
                ? texts(part(item)).texts().get(place(item.id()))
                : "";
    }
}
