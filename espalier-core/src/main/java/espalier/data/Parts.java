package espalier.data;

import espalier.data.Source.Example;
import espalier.data.Splits.Part;
import espalier.item.Item;
import espalier.report.DataException;
import espalier.report.Rejected;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The examples of a data set, each with its part. One rule for all who read it: what the source says of parts counts;
 * validation is drawn from the training examples where the source names none; a test's examples are never drawn.
 *
 * @param examples the examples that are in a part
 * @param parts the part of each, in the same order
 * @param leftOut the examples that are in none
 * @param notes what the user may want to know
 */
public record Parts(List<Example> examples, List<Part> parts, List<Rejected> leftOut, List<String> notes) {
    /**
     * Parts as {@code split} wishes: {@link Splits#bySource} takes those that the source names; a random split draws anew over
     * all but the test's examples; any other split says of each example what it is for.
     *
     * @throws DataException when parts should be named, and none is
     */
    public static Parts of(List<Example> examples, Splits split) {
        boolean bySource = split instanceof Splits.BySource;
        if (!bySource && !(split instanceof Splits.Drawn)) {
            return new Parts(examples, split.split(items(examples), labels(examples)), List.of(), List.of());
        }
        Set<Part> named = EnumSet.noneOf(Part.class);
        examples.forEach(one -> one.part().ifPresent(named::add));
        var chance = split instanceof Splits.BySource source ? source.chance() : Optional.of(split);
        if (chance.isEmpty() && named.isEmpty() && !examples.isEmpty()) {
            throw new DataException(examples.get(0).item().id() + " is in no folder named train, valid or test."
                    + " Maybe the data set is not split by folders: use a random split.");
        }
        boolean all = !named.contains(Part.TRAIN) && chance.isPresent();
        var in = examples.stream().filter(one -> all || one.part().isPresent()).toList();
        var out = examples.stream()
                .filter(one -> !all && one.part().isEmpty())
                .map(one -> new Rejected(one.item().id(), "belongs to none of the parts " + names(examples)))
                .toList();
        if (!bySource || (chance.isPresent() && !named.contains(Part.VALID))) {
            var notes = named.isEmpty() ? scattered(examples) : notes(named, !bySource);
            return new Parts(in, drawn(in, chance.orElseThrow()), out, notes);
        }
        var parts = in.stream().map(one -> one.part().orElse(Part.TRAIN)).toList();
        return new Parts(in, parts, out, List.of());
    }

    /** That a class is in several folders: those above may be parts whose names tell nothing. */
    private static List<String> scattered(List<Example> examples) {
        var folders = new TreeMap<String, TreeSet<String>>();
        for (Example one : examples) {
            String id = one.item().id();
            String folder = id.substring(0, Math.max(0, id.lastIndexOf('/')));
            String label =
                    one.row() < 0 && one.labels().size() == 1 ? one.labels().get(0) : "";
            if (!label.isEmpty() && folder.endsWith("/" + label)) {
                folders.computeIfAbsent(label, key -> new TreeSet<>()).add(folder);
            }
        }
        return folders.entrySet().stream()
                .filter(one -> one.getValue().size() > 1)
                .limit(1)
                .map(one -> "class " + one.getKey() + " is in " + one.getValue().size() + " folders, such as "
                        + one.getValue().stream().limit(2).collect(Collectors.joining(" and "))
                        + ", and counts as one. Maybe the folders above them are the classes, or are parts:"
                        + " --train-folder, --valid-folder and --test-folder on the command line,"
                        + " Splits.byFolder in Java")
                .toList();
    }

    private static List<String> notes(Set<Part> named, boolean wished) {
        if (named.contains(Part.VALID)) {
            return List.of(
                    "validation is drawn anew from the parts for training and validation, as a random split is asked for");
        }
        String test = named.contains(Part.TEST) ? ", the part for a test is left alone" : "";
        return wished && test.isEmpty()
                ? List.of()
                : List.of("there is no part for validation: it is drawn from the training part" + test);
    }

    /** What the parts are called, in order: {@code train, valid}. */
    private static String names(List<Example> examples) {
        return examples.stream()
                .map(Example::partName)
                .filter(name -> !name.isEmpty())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static List<Part> drawn(List<Example> examples, Splits chance) {
        int[] open = IntStream.range(0, examples.size())
                .filter(i -> !examples.get(i).part().equals(Optional.of(Part.TEST)))
                .toArray();
        var some = IntStream.of(open).mapToObj(examples::get).toList();
        var drawn = some.isEmpty() ? List.<Part>of() : chance.split(items(some), labels(some));
        var parts = new ArrayList<Part>(java.util.Collections.nCopies(examples.size(), Part.TEST));
        for (int i = 0; i < open.length; i++) {
            parts.set(open[i], drawn.get(i));
        }
        return parts;
    }

    /** The examples of one part. */
    public List<Example> of(Part part) {
        return IntStream.range(0, parts.size())
                .filter(i -> parts.get(i) == part)
                .mapToObj(examples::get)
                .toList();
    }

    /** What the part of each example is called: by the source, or else {@code train}, {@code valid} or {@code test}. */
    public String name(int example) {
        var one = examples.get(example);
        boolean said = one.part().equals(Optional.of(parts.get(example)));
        return said ? one.partName() : parts.get(example).name().toLowerCase(Locale.ROOT);
    }

    private static List<Item> items(List<Example> examples) {
        return examples.stream().map(Example::item).toList();
    }

    private static List<List<String>> labels(List<Example> examples) {
        return examples.stream().map(Example::labels).toList();
    }
}
