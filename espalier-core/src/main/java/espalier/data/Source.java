package espalier.data;

import espalier.data.Splits.Part;
import espalier.item.Item;
import espalier.item.Items;
import espalier.report.DataException;
import espalier.report.Rejected;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the items of a data set, their labels and their parts come from: folders, a table, a list. Training, evaluating,
 * interpreting and cleaning read through the same source, so they cannot disagree.
 *
 * <pre>{@code
 * var found = Source.table(Path.of("labels.csv")).read(Path.of("photos"));
 * found.examples().forEach(one -> System.out.println(one.item().id() + " " + one.labels()));
 * }</pre>
 */
@FunctionalInterface
public interface Source {
    /**
     * An item with what the source says of it.
     *
     * @param item the item
     * @param labels its labels: one for a class, any number for tags
     * @param part what it is for; empty when the source does not say
     * @param partName what the part is called there, such as {@code "Training"}; empty when the source does not say
     * @param row its row in a table, from 0, the header counted; -1 when there is no table
     */
    record Example(Item item, List<String> labels, Optional<Part> part, String partName, int row) {
        /** An item of which no part is known. */
        public static Example of(Item item, List<String> labels) {
            return new Example(item, labels, Optional.empty(), "", -1);
        }

        /** A copy with other labels. */
        public Example labels(List<String> other) {
            return new Example(item, other, part, partName, row);
        }

        /** Copies the labels. */
        public Example {
            labels = List.copyOf(labels);
        }
    }

    /**
     * What was found.
     *
     * @param examples the labelled items, sorted by id; those of a table that is cleaned in the order of its rows
     * @param unlabelled items whose label nobody knows
     * @param rejected what looks like an item and cannot be one
     * @param warnings what the user may want to know
     */
    record Found(List<Example> examples, List<Rejected> unlabelled, List<Rejected> rejected, List<String> warnings) {
        /** Copies the lists. */
        public Found {
            examples = List.copyOf(examples);
            unlabelled = List.copyOf(unlabelled);
            rejected = List.copyOf(rejected);
            warnings = List.copyOf(warnings);
        }

        /** Each item once and in the order of ids; rows that name one again are rejected, the first being {@code first}. */
        Found once(int first) {
            var byId = new java.util.TreeMap<Item, Example>(Item.BY_ID);
            var more = new java.util.ArrayList<>(rejected);
            for (Example one : examples) {
                var before = byId.putIfAbsent(one.item(), one);
                if (before != null) {
                    String reason = before.labels().equals(one.labels())
                            ? "is there twice"
                            : "is there twice, and with another label: " + String.join(" ", one.labels()) + ", before "
                                    + String.join(" ", before.labels());
                    more.add(new Rejected(
                            "row " + (one.row() + 1 - first) + " (" + one.item().id() + ")", reason));
                }
            }
            return new Found(List.copyOf(byId.values()), unlabelled, more, warnings);
        }

        /** The items. */
        public List<Item> items() {
            return examples.stream().map(Example::item).toList();
        }

        /** What was left out, with or without a label. */
        public List<Rejected> leftOut() {
            return java.util.stream.Stream.concat(rejected.stream(), unlabelled.stream())
                    .toList();
        }
    }

    /**
     * Finds the examples.
     *
     * @param root the folder of the data set
     * @throws DataException when the folder or the table cannot be read
     */
    Found read(Path root);

    /** Image files in folders named by their classes, and maybe above them by their parts. */
    static Source folders() {
        return new FileSource(Items.imageFiles(), Optional.empty());
    }

    /** The items that {@code items} finds, labelled by {@code labels}; folders may name their parts. */
    static Source of(Items items, Labels labels) {
        return new FileSource(items, Optional.of(labels));
    }

    /** These examples, wherever they come from. */
    static Source of(List<Example> examples) {
        var sorted = examples.stream()
                .sorted((a, b) -> Item.BY_ID.compare(a.item(), b.item()))
                .toList();
        return root -> new Found(sorted, List.of(), List.of(), List.of());
    }

    /** The rows of a table, each with the name of an image file. */
    static TableSource table(Path csv) {
        return TableSource.of(Table.of(csv));
    }
}
