package espalier.data;

import espalier.tensor.Rng;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

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

        /** The part that people call so, in lower case: {@code train}, {@code valid} or {@code val}, {@code test} ... */
        public static Optional<Part> named(String name) {
            return switch (name) {
                case "train", "training" -> Optional.of(TRAIN);
                case "valid", "val", "validation" -> Optional.of(VALID);
                case "test", "testing" -> Optional.of(TEST);
                default -> Optional.empty();
            };
        }
    }

    /**
     * The part of each item, in the order of the items.
     *
     * @param labels the labels of each item, in the same order; a split may look at them
     */
    List<Part> split(List<Item> items, List<List<String>> labels);

    /** About the given share, in (0, 1), for validation, chosen by chance; see {@link Random}. */
    static Random random(double validShare) {
        return new Random(validShare, 0);
    }

    /** By the name of a folder on the item's way: {@code train}, {@code valid} or {@code val}, {@code test}. */
    static Splits byFolder() {
        return (items, labels) -> items.stream().map(Splits::partOfFolders).toList();
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

    private static Part partOfFolders(Item item) {
        return Stream.of(item.id().toLowerCase(Locale.ROOT).split("/"))
                .map(Part::named)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new DataException(item.id() + " is in no folder named train, valid or test."
                        + " Maybe the data set is not split by folders: use a random split."));
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
     * @param seed another seed, another split
     */
    record Random(double validShare, long seed) implements Splits {
        /** Checks the share. */
        public Random {
            if (!(validShare > 0 && validShare < 1)) {
                throw new IllegalArgumentException(
                        "the share for validation must lie between 0 and 1, received " + validShare);
            }
        }

        /** The same with another seed. */
        public Random seed(long seed) {
            return new Random(validShare, seed);
        }

        @Override
        public List<Part> split(List<Item> items, List<List<String>> labels) {
            double[] draws = items.stream().mapToDouble(this::draw).toArray();
            var parts = new ArrayList<Part>();
            for (double draw : draws) {
                parts.add(draw < validShare ? Part.VALID : Part.TRAIN);
            }
            if (!parts.contains(Part.VALID) && items.size() > 1) {
                parts.set(extreme(draws, i -> true, false), Part.VALID);
            }
            keepOneForTraining(parts, draws, labels);
            return parts;
        }

        private double draw(Item item) {
            var rng = Rng.of(seed);
            for (byte b : item.id().getBytes(StandardCharsets.UTF_8)) {
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
}
