package espalier.data;

import espalier.item.Item;
import espalier.report.DataException;
import espalier.rng.Rng;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Says which items are for training, which for validation, which for a later test. */
@FunctionalInterface
public interface Splits {
    /** What an item is used for. */
    enum Part {
        /** To fit the weights. */
        TRAIN,
        /** To judge the model while it trains. */
        VALID,
        /** To judge the finished model once. */
        TEST;

        /**
         * The part that people call so, in any case: {@code train}, {@code valid} or {@code val}, {@code test} ..., also with
         * what says no more than that it is a part, such as {@code training_set}, {@code seg_test} or {@code val2017}.
         */
        public static Optional<Part> named(String name) {
            return PartNames.part(name);
        }
    }

    /**
     * The part of each item, in the order of the items.
     *
     * @param labels the labels of each item, in the same order; a split may look at them
     */
    List<Part> split(List<Item> items, List<List<String>> labels);

    /** The share for validation where nobody says another: a fifth. */
    double STANDARD_SHARE = 0.2;

    /** The seed where nobody says another. */
    long STANDARD_SEED = 42;

    /** A split that draws by chance, and so leaves a test's items alone. */
    interface Drawn extends Splits {}

    /** A fifth for validation, drawn by the seed 42. */
    static Random standard() {
        return random(STANDARD_SHARE).seed(STANDARD_SEED);
    }

    /** About the given share, in (0, 1), for validation, chosen by chance; see {@link Random}. */
    static Random random(double validShare) {
        return random(validShare, 0);
    }

    /** About the given shares for validation and for a later test, chosen by chance; see {@link Random}. */
    static Random random(double validShare, double testShare) {
        return new Random(validShare, testShare, 0);
    }

    /** The given share of every class for validation, chosen by chance; see {@link Stratified}. */
    static Stratified stratified(double validShare) {
        return stratified(validShare, 0);
    }

    /** The given shares of every class for validation and for a later test, chosen by chance; see {@link Stratified}. */
    static Stratified stratified(double validShare, double testShare) {
        return new Stratified(validShare, testShare, 0);
    }

    /** By the parts that folders or a table name: {@code train}, {@code valid} or {@code val}, {@code test}. */
    static Splits byFolder() {
        return new BySource(Optional.empty());
    }

    /** By the parts that folders or a table name; validation is drawn by {@code chance} where they name none for it. */
    static Splits validFromTraining(Splits chance) {
        return new BySource(Optional.of(chance));
    }

    /** One of {@code folds} parts of equal size for validation, counted from 0; see {@link Fold}. */
    static Fold fold(int fold, int folds) {
        return new Fold(fold, folds, 0);
    }

    /**
     * As another split draws, but items stay together whose ids agree in what the first group of a regular expression matches (the whole
     * of it where it has none), such as the patients of {@code "patient([0-9]+)"}. Items in whose ids it is not found are drawn each by itself.
     */
    static Drawn together(Pattern group, Drawn chance) {
        return (items, labels) -> chance.split(
                items.stream()
                        .map(item -> {
                            var found = group.matcher(item.id());
                            return found.find() ? item.key(found.group(Math.min(1, found.groupCount()))) : item;
                        })
                        .toList(),
                labels);
    }

    /** The parts of {@code folders}; validation is drawn by {@code chance} from the training items. */
    static Splits validFromTraining(Splits folders, Splits chance) {
        return (items, labels) -> {
            var parts = new ArrayList<>(folders.split(items, labels));
            var training = IntStream.range(0, parts.size())
                    .filter(i -> parts.get(i) == Part.TRAIN)
                    .boxed()
                    .toList();
            var drawn = chance.split(
                    training.stream().map(items::get).toList(),
                    training.stream().map(labels::get).toList());
            for (int i = 0; i < drawn.size(); i++) {
                parts.set(training.get(i), drawn.get(i));
            }
            return parts;
        };
    }

    /** By folders of these names, or paths of several names such as {@code "2021/a"}, on the item's way. */
    static Splits byFolder(Map<String, Part> names) {
        var own = new LinkedHashMap<>(names);
        return (items, labels) ->
                items.stream().map(item -> partOfFolders(item, own)).toList();
    }

    private static Part partOfFolders(Item item, Map<String, Part> names) {
        String way = "/" + item.id();
        return names.entrySet().stream()
                .filter(name -> way.contains("/" + name.getKey() + "/"))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElseThrow(() -> new DataException(item.id() + " is in none of the folders " + names.keySet()
                        + ". Maybe a name is misspelt, or there are pictures of no part."));
    }

    /** For validation where the function says so. */
    static Splits byFunction(Predicate<Item> isValid) {
        return (items, labels) -> items.stream()
                .map(item -> isValid.test(item) ? Part.VALID : Part.TRAIN)
                .toList();
    }

    /** For validation the items at the given positions of the sorted list. */
    static Splits index(Set<Integer> validPositions) {
        return (items, labels) -> {
            var parts = new ArrayList<Part>();
            for (int i = 0; i < items.size(); i++) {
                parts.add(validPositions.contains(i) ? Part.VALID : Part.TRAIN);
            }
            return parts;
        };
    }

    /** Everything for training, nothing for validation. */
    static Splits none() {
        return byFunction(item -> false);
    }

    /** By the source; see {@link #validFromTraining}. */
    record BySource(Optional<Splits> chance) implements Splits {
        /** By the folders of the items alone; of all items, each must be in a part where one is. */
        @Override
        public List<Part> split(List<Item> items, List<List<String>> labels) {
            var layout = FolderLayout.of(items.stream().map(Item::id).toList());
            var examples = IntStream.range(0, items.size())
                    .mapToObj(i -> layout.example(items.get(i), labels.get(i)))
                    .toList();
            var parts = Parts.of(examples, this);
            if (!parts.leftOut().isEmpty()) {
                throw new DataException(parts.leftOut().get(0) + ". Maybe it should be moved into one of them.");
            }
            return parts.parts();
        }
    }

    /**
     * A random split that stays as it is when items are added or the data set is moved: each item's part is a
     * function of the seed and of its own id. The share is met on the average, not exactly. A class always
     * keeps at least one item for training.
     *
     * <p>fastai's RandomSplitter draws one permutation instead: it meets the share exactly, and reshuffles everything
     * when one item is added.
     *
     * @param validShare the share for validation, in (0, 1)
     * @param testShare the share for a later test, 0 or more; below 1 together
     * @param seed another seed, another split
     */
    record Random(double validShare, double testShare, long seed) implements Drawn {
        /** Checks the shares. */
        public Random {
            checkShares(validShare, testShare);
        }

        private static void checkShares(double validShare, double testShare) {
            if (!(validShare > 0 && validShare < 1)) {
                throw new IllegalArgumentException(
                        "the share for validation must lie between 0 and 1, received " + validShare);
            }
            if (!(testShare >= 0 && validShare + testShare < 1)) {
                throw new IllegalArgumentException("the shares for validation and test must leave some for training,"
                        + " received " + validShare + " and " + testShare + ". Maybe 0.2 and 0.2 are meant.");
            }
        }

        /** The same with another seed. */
        public Random seed(long seed) {
            return new Random(validShare, testShare, seed);
        }

        @Override
        public List<Part> split(List<Item> items, List<List<String>> labels) {
            double[] draws = items.stream().mapToDouble(this::draw).toArray();
            var parts = new ArrayList<Part>();
            for (double draw : draws) {
                parts.add(draw < validShare ? Part.VALID : draw < validShare + testShare ? Part.TEST : Part.TRAIN);
            }
            if (!parts.contains(Part.VALID) && items.size() > 1) {
                parts.set(extreme(draws, i -> true, false), Part.VALID);
            }
            keepOneForTraining(parts, draws, labels);
            return parts;
        }

        private double draw(Item item) {
            var rng = Rng.of(seed);
            for (byte b : item.key().getBytes(StandardCharsets.UTF_8)) {
                rng = rng.derive(b);
            }
            return rng.uniform();
        }

        private static void keepOneForTraining(List<Part> parts, double[] draws, List<List<String>> labels) {
            Set<String> trained = new HashSet<>();
            Set<String> all = new HashSet<>();
            for (int i = 0; i < parts.size(); i++) {
                all.addAll(labels.get(i));
                if (parts.get(i) == Part.TRAIN) {
                    trained.addAll(labels.get(i));
                }
            }
            all.stream().sorted().filter(label -> !trained.contains(label)).forEach(label -> {
                int chosen = extreme(draws, i -> labels.get(i).contains(label), true);
                parts.set(chosen, Part.TRAIN);
                trained.addAll(labels.get(chosen));
            });
        }

        private static int extreme(double[] draws, java.util.function.IntPredicate candidate, boolean largest) {
            int best = -1;
            for (int i = 0; i < draws.length; i++) {
                if (candidate.test(i) && (best < 0 || (draws[i] > draws[best]) == largest)) {
                    best = i;
                }
            }
            return best;
        }
    }

    /**
     * A random split in which each part has its share of every class, of tags of every combination of them that is
     * frequent enough. Items of one {@linkplain Item#key key} are never torn apart. The shares are met to one item, or to one
     * key's items; an item that is added may move others to another part, which it does not by {@link Random}. A class
     * always keeps at least one item for training.
     *
     * @param validShare the share for validation, in (0, 1)
     * @param testShare the share for a later test, 0 or more; below 1 together
     * @param seed another seed, another split
     */
    record Stratified(double validShare, double testShare, long seed) implements Drawn {
        /** Checks the shares. */
        public Stratified {
            Random.checkShares(validShare, testShare);
        }

        /** The same with another seed. */
        public Stratified seed(long seed) {
            return new Stratified(validShare, testShare, seed);
        }

        @Override
        public List<Part> split(List<Item> items, List<List<String>> labels) {
            var chance = new Random(validShare, testShare, seed);
            double[] draws = items.stream().mapToDouble(chance::draw).toArray();
            var keys = new LinkedHashMap<String, List<Integer>>();
            for (int i = 0; i < items.size(); i++) {
                keys.computeIfAbsent(items.get(i).key(), key -> new ArrayList<>())
                        .add(i);
            }
            var units = new ArrayList<>(keys.values());
            units.sort(Comparator.comparing((List<Integer> unit) -> String.join("\0", labels.get(unit.get(0))))
                    .thenComparingDouble(unit -> draws[unit.get(0)]));
            var parts = new ArrayList<>(Collections.nCopies(items.size(), Part.TRAIN));
            double[] shares = {1 - validShare - testShare, validShare, testShare};
            double[] owed = new double[shares.length];
            for (var unit : units) {
                int most = 0;
                for (int part = 0; part < shares.length; part++) {
                    owed[part] += shares[part] * unit.size();
                    most = owed[part] > owed[most] ? part : most;
                }
                owed[most] -= unit.size();
                for (int i : unit) {
                    parts.set(i, Part.values()[most]);
                }
            }
            Random.keepOneForTraining(parts, draws, labels);
            return parts;
        }
    }

    /**
     * One part of a k-fold split: over all folds each item is for validation once. The items of each combination of labels
     * are dealt out to the folds in turn, in an order of chance, so that each fold has its share of every class; those of one
     * {@link Item#key} stay together. An item that is added may move others to another fold.
     *
     * @param fold which part, from 0
     * @param folds how many parts, at least 2
     * @param seed another seed, other parts
     */
    record Fold(int fold, int folds, long seed) implements Drawn {
        /** Checks the numbers. */
        public Fold {
            if (folds < 2 || fold < 0 || fold >= folds) {
                throw new IllegalArgumentException(
                        "a k-fold split needs at least 2 folds and one of them, received fold " + fold + " of " + folds
                                + ". Maybe folds are counted from 0.");
            }
        }

        /** Returns the same fold by another seed. */
        public Fold seed(long seed) {
            return new Fold(fold, folds, seed);
        }

        @Override
        public List<Part> split(List<Item> items, List<List<String>> labels) {
            var chance = new Random(0.5, 0, seed);
            Map<String, List<Integer>> groups = new LinkedHashMap<>(); // most often of one item each
            for (int i = 0; i < items.size(); i++) {
                groups.computeIfAbsent(items.get(i).key(), key -> new ArrayList<>())
                        .add(i);
            }
            var order = groups.values().stream()
                    .sorted(Comparator.comparing((List<Integer> group) -> String.join("\0", labels.get(group.get(0))))
                            .thenComparingDouble(group -> chance.draw(items.get(group.get(0)))))
                    .toList();
            var parts = new ArrayList<>(Collections.nCopies(items.size(), Part.TRAIN));
            for (int place = fold; place < order.size(); place += folds) {
                order.get(place).forEach(item -> parts.set(item, Part.VALID));
            }
            return parts;
        }
    }
}
