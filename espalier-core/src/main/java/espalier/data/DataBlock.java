package espalier.data;

import espalier.format.Transform;
import espalier.item.Items;
import espalier.report.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The description of a data set, apart from where it lies: what inputs and targets are, how items are found,
 * split, labelled and transformed. Immutable: every method gives a changed copy, so variants never share anything.
 *
 * <pre>{@code
 * var dogs = DataBlock.of(Blocks.image(), Blocks.category())
 *         .items(Items.imageFiles())
 *         .split(Splits.random(0.2).seed(42))
 *         .label(Labels.parentFolder())
 *         .itemTransform(Transforms.resize(128));
 * var loaders = dogs.loaders(Path.of("data/dogs"));
 * }</pre>
 *
 * @param <X> an input before it becomes part of a batch
 */
public final class DataBlock<X> {
    /** Below this many training items, batches are of 32, else of 64 items. */
    private static final int SMALL = 2000;

    /** Everything a block is made of; see the methods of the same names. */
    record Spec<X>(
            InputBlock<X> input,
            TargetBlock target,
            Source source,
            Splits split,
            List<Transform<X>> itemTransforms,
            List<BatchTransform> batchTransforms,
            Optional<Integer> batchSize,
            long seed,
            int threads) {}

    private final Spec<X> spec;

    private DataBlock(Spec<X> spec) {
        this.spec = spec;
    }

    /**
     * A block of image files, labelled by their folder. Where folders above are called train, valid or test, or as people also
     * write them, they are the parts; without one for validation, a fifth of the others is drawn for it by chance.
     */
    public static <X> DataBlock<X> of(InputBlock<X> input, TargetBlock target) {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        return new DataBlock<>(new Spec<>(
                input,
                target,
                Source.folders(),
                Splits.validFromTraining(Splits.standard()),
                List.of(),
                List.of(),
                Optional.empty(),
                Splits.STANDARD_SEED,
                threads));
    }

    /** Where items, labels and parts come from, instead of {@link #items} and {@link #label}. */
    public DataBlock<X> source(Source source) {
        return copy(source, spec.split);
    }

    /** How items are found. */
    public DataBlock<X> items(Items items) {
        return copy(FileSource.withItems(spec.source, items), spec.split);
    }

    /** Which items are for validation. A random split leaves alone what folders or a table keep for a test. */
    public DataBlock<X> split(Splits split) {
        return copy(spec.source, split);
    }

    /** How items are labelled. */
    public DataBlock<X> label(Labels label) {
        return copy(FileSource.withLabels(spec.source, label), spec.split);
    }

    /** Adds a transform of each single item. */
    public DataBlock<X> itemTransform(Transform<X> transform) {
        return transforms(plus(spec.itemTransforms, transform), spec.batchTransforms);
    }

    /** This block with {@code transform} instead of its item transforms. */
    public DataBlock<X> with(Transform<X> transform) {
        return transforms(List.of(transform), spec.batchTransforms);
    }

    /** Adds a transform of whole batches. */
    public DataBlock<X> batchTransform(BatchTransform transform) {
        return transforms(spec.itemTransforms, plus(spec.batchTransforms, transform));
    }

    /** Items a batch; by default 32, and 64 from 2,000 training items on. */
    public DataBlock<X> batchSize(int size) {
        return sampling(Optional.of(size), spec.seed, spec.threads);
    }

    /** The seed of the order and of the random transforms; by default 42. The split has a seed of its own. */
    public DataBlock<X> seed(long seed) {
        return sampling(spec.batchSize, seed, spec.threads);
    }

    /** How many threads read items; by default one less than there are processors. */
    public DataBlock<X> threads(int threads) {
        return sampling(spec.batchSize, spec.seed, threads);
    }

    /**
     * Finds, labels and splits the items below {@code root}, and checks them, before anything is read in full.
     *
     * @throws DataException when nothing usable is found, or there is only one class
     */
    public Loaders<X> loaders(Path root) {
        return new Assembly<>(spec, root).loaders(SMALL);
    }

    /**
     * A text that tells what this block does with the data below {@code root}: counts, split, and the first
     * training item on its way step by step.
     */
    public String explain(Path root) {
        return new Explanation<>(spec, loaders(root), root).text();
    }

    private DataBlock<X> copy(Source source, Splits split) {
        return new DataBlock<>(new Spec<>(
                spec.input,
                spec.target,
                source,
                split,
                spec.itemTransforms,
                spec.batchTransforms,
                spec.batchSize,
                spec.seed,
                spec.threads));
    }

    private DataBlock<X> transforms(List<Transform<X>> item, List<BatchTransform> batch) {
        return new DataBlock<>(new Spec<>(
                spec.input,
                spec.target,
                spec.source,
                spec.split,
                item,
                batch,
                spec.batchSize,
                spec.seed,
                spec.threads));
    }

    private DataBlock<X> sampling(Optional<Integer> batchSize, long seed, int threads) {
        return new DataBlock<>(new Spec<>(
                spec.input,
                spec.target,
                spec.source,
                spec.split,
                spec.itemTransforms,
                spec.batchTransforms,
                batchSize,
                seed,
                threads));
    }

    private static <T> List<T> plus(List<T> list, T last) {
        var all = new java.util.ArrayList<>(list);
        all.add(last);
        return List.copyOf(all);
    }
}
