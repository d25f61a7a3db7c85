package espalier.data;

import espalier.format.Transform;
import espalier.item.Item;
import espalier.report.Rejected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The loaders of a data set's parts, with what was found out about the data.
 *
 * @param <X> an input before it becomes part of a batch
 */
public final class Loaders<X> {
    private final Loader<X> train;
    private final Loader<X> valid;
    private final Loader<X> test;
    private final List<Rejected> rejected;
    private final List<String> warnings;

    Loaders(Loader<X> train, Loader<X> valid, Loader<X> test, List<Rejected> rejected, List<String> warnings) {
        this.train = train;
        this.valid = valid;
        this.test = test;
        this.rejected = List.copyOf(rejected);
        this.warnings = List.copyOf(warnings);
    }

    /** The training batches: shuffled, with random transforms. */
    public Loader<X> train() {
        return train;
    }

    /** The validation batches: in order, nothing random. */
    public Loader<X> valid() {
        return valid;
    }

    /** The batches of the part kept for a test, in order; often empty. */
    public Loader<X> test() {
        return test;
    }

    /** A loader of other files, without labels, treated as validation items are. */
    public Loader<X> test(List<Path> files) {
        var items = files.stream().map(Item::of).toList();
        return valid.over(Dataset.unlabelled(items));
    }

    /** What the inputs are, and how they are read. */
    public InputBlock<X> input() {
        return train.pipeline().input();
    }

    /** What the targets are, with their vocabulary. */
    public TargetBlock target() {
        return train.pipeline().target();
    }

    /** The classes or tags, in the order of the model's outputs. */
    public List<String> classes() {
        return target().classes();
    }

    /** The transforms of single items. */
    public List<? extends Transform<X>> itemTransforms() {
        return train.pipeline().itemTransforms();
    }

    /** The transforms of batches. */
    public List<BatchTransform> batchTransforms() {
        return train.pipeline().batchTransforms();
    }

    /** These loaders with one more transform, after all others of a batch. */
    public Loaders<X> with(BatchTransform last) {
        return new Loaders<>(train.with(last), valid.with(last), test.with(last), rejected, warnings);
    }

    /** These loaders with training epochs of other items, in another order. */
    public Loaders<X> sampler(Sampler sampler) {
        return new Loaders<>(train.sampler(sampler), valid, test, rejected, warnings);
    }

    /** These loaders with the items for validation and test in another order. */
    public Loaders<X> judged(Sampler sampler) {
        return new Loaders<>(train, valid.sampler(sampler), test.sampler(sampler), rejected, warnings);
    }

    /** These loaders with validation by some of its items alone. */
    public Loaders<X> validOnly(Predicate<Item> some) {
        return new Loaders<>(train, valid.over(valid.dataset().only(some)), test, rejected, warnings);
    }

    /** Loaders of the same items in the same batches, read in another way and without transforms. */
    public <Y> Loaders<Y> read(InputBlock<Y> input) {
        return new Loaders<>(train.read(input), valid.read(input), test.read(input), rejected, warnings);
    }

    /** Every file left out so far: when the data was looked through, and when items were read. */
    public List<Rejected> rejected() {
        var all = new ArrayList<>(rejected);
        all.addAll(train.dataset().rejected());
        all.addAll(valid.dataset().rejected());
        all.addAll(test.dataset().rejected());
        return all;
    }

    /**
     * What the user may want to know about the data: labels that look alike, classes without validation; and of the items
     * read so far what is odd about them, such as a name that does not fit the content.
     */
    public List<String> warnings() {
        var all = new ArrayList<>(warnings);
        all.addAll(input().warnings());
        return all;
    }
}
