package espalier.data;

import espalier.report.Rejected;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The items of one part with their labels, and what has been found wrong with them so far.
 */
public final class Dataset {
    private final List<Item> items;
    private final List<List<String>> labels;
    private final Map<Integer, String> unreadable = new ConcurrentSkipListMap<>();

    Dataset(List<Item> items, List<List<String>> labels) {
        this.items = List.copyOf(items);
        this.labels = List.copyOf(labels);
    }

    /** The items, sorted by id. */
    public List<Item> items() {
        return items;
    }

    /** The labels of each item, in the same order. */
    public List<List<String>> labels() {
        return labels;
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

    Dataset first() {
        return new Dataset(items.subList(0, 1), labels.subList(0, 1));
    }

    /** Remembers that an item could not be read; true when it was not known before. */
    boolean reject(int index, String reason) {
        return unreadable.put(index, reason) == null;
    }
}
