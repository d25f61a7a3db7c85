package espalier.text;

import espalier.data.TargetBlock;
import espalier.data.Targets;
import espalier.report.DataException;
import espalier.rng.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Texts with what is to be said of them.
 *
 * @param classes the names of the classes, tags or quantities, in the order of their numbers
 * @param texts the texts
 * @param targets the classes or tags of each text
 */
public record LabelledTexts(List<String> classes, List<String> texts, TextTargets targets) {
    public LabelledTexts {
        classes = List.copyOf(classes);
        texts = List.copyOf(texts);
        if (texts.size() != targets.size()) {
            throw new IllegalArgumentException("there are " + texts.size() + " texts and " + targets.size()
                    + " labels. Maybe some rows have no label.");
        }
    }

    /**
     * Texts with one label each; the classes are the different labels in alphabetical order.
     *
     * @throws DataException when there are fewer than two classes
     */
    public static LabelledTexts of(List<String> texts, List<String> labels) {
        var classes = List.copyOf(new TreeSet<>(labels));
        if (classes.size() < 2) {
            throw new DataException("a classifier needs at least two classes, but the labels are "
                    + (classes.isEmpty() ? "none" : "all " + classes.get(0))
                    + ". Maybe another column holds the labels.");
        }
        var numbers = numbers(classes);
        return new LabelledTexts(
                classes,
                texts,
                new TextTargets.Classes(
                        classes.size(), labels.stream().mapToInt(numbers::get).toArray()));
    }

    /**
     * Texts with any number of tags each; the classes are the different tags in alphabetical order.
     *
     * @throws DataException when no text has a tag
     */
    public static LabelledTexts tags(List<String> texts, List<List<String>> tags) {
        var all = new TreeSet<String>();
        tags.forEach(all::addAll);
        if (all.isEmpty()) {
            throw new DataException("no text has a tag. Maybe another column holds the tags.");
        }
        var classes = List.copyOf(all);
        var numbers = numbers(classes);
        int[][] of = tags.stream()
                .map(text ->
                        text.stream().distinct().mapToInt(numbers::get).sorted().toArray())
                .toArray(int[][]::new);
        return new LabelledTexts(classes, texts, new TextTargets.Tags(classes.size(), of));
    }

    /**
     * Texts with quantities.
     *
     * @param names what the quantities are called
     * @param values {@code [N, K]}, finite
     * @throws DataException when all texts have the same of one
     */
    public static LabelledTexts quantities(List<String> names, List<String> texts, float[][] values) {
        return new LabelledTexts(names, texts, TextTargets.Numbers.of(names, values));
    }

    /** Whether texts have quantities rather than labels. */
    public boolean isNumeric() {
        return targets.output() == TextOutput.NUMBERS;
    }

    /** How a learner takes the targets. */
    TargetBlock target() {
        return switch (targets.output()) {
            case CLASSES -> Targets.category(classes);
            case TAGS -> Targets.multiCategory(classes);
            case NUMBERS -> Targets.numbers(classes.toArray(String[]::new));
        };
    }

    /** The labels of a text as a {@link TargetBlock} takes them: names, or decimal numbers. */
    public List<String> labels(int row) {
        if (targets instanceof TextTargets.Numbers numbers) {
            var all = new ArrayList<String>();
            for (float value : numbers.values()[row]) {
                all.add(Float.toString(value));
            }
            return all;
        }
        return Arrays.stream(targets.labels(row)).mapToObj(classes::get).toList();
    }

    private static Map<String, Integer> numbers(List<String> classes) {
        Map<String, Integer> numbers = new HashMap<>();
        classes.forEach(name -> numbers.put(name, numbers.size()));
        return numbers;
    }

    /** Whether a text may have any number of labels. */
    public boolean isMultiLabel() {
        return targets.output() == TextOutput.TAGS;
    }

    /** The number of texts. */
    public int size() {
        return texts.size();
    }

    /** The texts at some places, in that order, with the same classes. */
    public LabelledTexts select(int... places) {
        return new LabelledTexts(
                classes, Arrays.stream(places).mapToObj(texts::get).toList(), targets.select(places));
    }

    /**
     * The parts of a split.
     *
     * @param train to fit to
     * @param valid to choose by
     * @param test to judge the finished model by
     */
    public record Parts(LabelledTexts train, LabelledTexts valid, LabelledTexts test) {}

    /**
     * A random split in which each part has the same shares of the classes; of tags, of each text's first one. Which part
     * a text belongs to depends on the seed and on what it says, so equal texts of a class stay together, but where the
     * share cuts them.
     *
     * @param valid the share for validation, 0 or more
     * @param test the share for the test; below 1 with the other
     */
    public Parts split(long seed, double valid, double test) {
        double[] draws = texts.stream().mapToDouble(text -> draw(seed, text)).toArray();
        Map<Integer, List<Integer>> places = new TreeMap<>();
        for (int i = 0; i < texts.size(); i++) {
            int[] labels = targets.labels(i);
            places.computeIfAbsent(labels.length == 0 ? -1 : labels[0], label -> new ArrayList<>())
                    .add(i);
        }
        var parts = List.of(new TreeSet<Integer>(), new TreeSet<Integer>(), new TreeSet<Integer>());
        for (var some : places.values()) {
            some.sort(Comparator.comparingDouble(i -> draws[i]));
            int testEnd = (int) Math.round(test * some.size());
            int validEnd = Math.min(some.size() - 1, testEnd + (int) Math.round(valid * some.size()));
            for (int i = 0; i < some.size(); i++) {
                parts.get(i < testEnd ? 2 : i < validEnd ? 1 : 0).add(some.get(i));
            }
        }
        return new Parts(select(parts.get(0)), select(parts.get(1)), select(parts.get(2)));
    }

    private LabelledTexts select(Set<Integer> places) {
        return select(places.stream().mapToInt(Integer::intValue).toArray());
    }

    private static double draw(long seed, String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return Rng.of(seed).derive(hash).uniform();
    }

    /**
     * These and changed copies of them, of the same classes: for training alone, as a copy in another part would say
     * too much.
     *
     * @param copies the most of each text
     */
    public LabelledTexts augmented(EasyAugmentation augmentation, int copies, Rng rng) {
        List<String> changed = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            for (String copy : augmentation.augment(texts.get(i), copies, rng.derive(i))) {
                changed.add(copy);
                places.add(i);
            }
        }
        int[] own = places.stream().mapToInt(Integer::intValue).toArray();
        return plus(new LabelledTexts(classes, changed, targets.select(own)));
    }

    /** These and others of the same classes. */
    LabelledTexts plus(LabelledTexts others) {
        List<String> all = new ArrayList<>(texts);
        all.addAll(others.texts);
        return new LabelledTexts(classes, all, targets.plus(others.targets));
    }
}
