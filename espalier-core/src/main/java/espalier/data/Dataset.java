package espalier.data;

import espalier.item.Item;
import espalier.report.Rejected;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The items of one part with their labels, and what has been found wrong with them so far.
 */
public final class Dataset {
    private final List<Item> items;
    private final List<List<String>> labels;
    private final boolean labelled;
    private final Map<Integer, String> unreadable = new ConcurrentSkipListMap<>();

    Dataset(List<Item> items, List<List<String>> labels) {
        this(items, labels, true);
    }

    private Dataset(List<Item> items, List<List<String>> labels, boolean labelled) {
        this.items = List.copyOf(items);
        this.labels = List.copyOf(labels);
        this.labelled = labelled;
    }

    /** Items of which nobody knows the labels: those to predict. */
    static Dataset unlabelled(List<Item> items) {
        return new Dataset(items, Collections.nCopies(items.size(), List.of()), false);
    }

    /** The items, sorted by id. */
    public List<Item> items() {
        return items;
    }

    /** The labels of each item, in the same order. */
    public List<List<String>> labels() {
        return labels;
    }

    /** How often each of {@code classes} is a label, in their order. */
    public long[] counts(List<String> classes) {
        return new ClassNames(classes).counts(labels.stream().flatMap(List::stream));
    }

    /** Whether the labels are known, so that answers can be judged; an item of a labelled set may have no tag. */
    public boolean labelled() {
        return labelled;
    }

    /** The number of items. */
    public int size() {
        return items.size();
    }

    /** The items that could not be read when they were needed. */
    public List<Rejected> rejected() {
        return unreadable.entrySet().stream()
                .map(entry -> new Rejected(items.get(entry.getKey()).id(), entry.getValue()))
                .toList();
    }

    /** Some of the items. */
    Dataset only(Predicate<Item> some) {
        int[] places = IntStream.range(0, items.size())
                .filter(i -> some.test(items.get(i)))
                .toArray();
        return new Dataset(
                IntStream.of(places).mapToObj(items::get).toList(),
                IntStream.of(places).mapToObj(labels::get).toList(),
                labelled);
    }

    Dataset first() {
        return new Dataset(items.subList(0, 1), labels.subList(0, 1), labelled);
    }

    /** Remembers that an item could not be read. */
    void reject(int index, String reason) {
        unreadable.put(index, reason);
    }
}
