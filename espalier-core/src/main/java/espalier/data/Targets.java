package espalier.data;

import espalier.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The blocks of targets. */
public final class Targets {
    private Targets() {}

    /** One class an item. */
    public static TargetBlock category() {
        return new Category(new Vocabulary(List.of()));
    }

    /** One class an item, of the given ones in this order. */
    public static TargetBlock category(List<String> classes) {
        return new Category(new Vocabulary(classes));
    }

    /** Any number of tags an item. */
    public static TargetBlock multiCategory() {
        return new MultiCategory(new Vocabulary(List.of()));
    }

    private static final class Vocabulary {
        final List<String> classes;
        private final Map<String, Integer> positions = new LinkedHashMap<>();

        Vocabulary(List<String> classes) {
            this.classes = List.copyOf(classes);
            for (int i = 0; i < classes.size(); i++) {
                positions.put(classes.get(i), i);
            }
        }

        Vocabulary fit(List<List<String>> labels) {
            return classes.isEmpty()
                    ? new Vocabulary(labels.stream()
                            .flatMap(Collection::stream)
                            .distinct()
                            .sorted()
                            .toList())
                    : this;
        }

        int position(String label) {
            Integer position = positions.get(label);
            if (position == null) {
                throw new DataException("the label " + label + " is not among the classes " + classes
                        + ". Maybe it occurs in no training item.");
            }
            return position;
        }

        Optional<String> unknown(List<String> labels) {
            return labels.stream()
                    .filter(label -> !positions.containsKey(label))
                    .findFirst()
                    .map(label -> "its class " + label + " occurs in no training item");
        }
    }

    private record Category(Vocabulary vocabulary) implements TargetBlock {
        @Override
        public Kind kind() {
            return Kind.CATEGORY;
        }

        @Override
        public TargetBlock fit(List<List<String>> trainingLabels) {
            return new Category(vocabulary.fit(trainingLabels));
        }

        @Override
        public List<String> classes() {
            return vocabulary.classes;
        }

        @Override
        public Optional<String> reject(List<String> labels) {
            return labels.size() == 1
                    ? vocabulary.unknown(labels)
                    : Optional.of("has " + labels.size() + " labels, not one");
        }

        @Override
        public Tensor collate(List<List<String>> labels) {
            long[] positions = labels.stream()
                    .mapToLong(one -> vocabulary.position(one.get(0)))
                    .toArray();
            return Tensor.of(positions, positions.length); // [N]
        }
    }

    private record MultiCategory(Vocabulary vocabulary) implements TargetBlock {
        @Override
        public Kind kind() {
            return Kind.MULTI_CATEGORY;
        }

        @Override
        public TargetBlock fit(List<List<String>> trainingLabels) {
            return new MultiCategory(vocabulary.fit(trainingLabels));
        }

        @Override
        public List<String> classes() {
            return vocabulary.classes;
        }

        @Override
        public Optional<String> reject(List<String> labels) {
            return vocabulary.unknown(labels);
        }

        @Override
        public Tensor collate(List<List<String>> labels) {
            int classes = vocabulary.classes.size();
            float[] hot = new float[labels.size() * classes];
            IntStream.range(0, labels.size())
                    .forEach(n -> labels.get(n).forEach(label -> hot[n * classes + vocabulary.position(label)] = 1));
            return Tensor.of(hot, labels.size(), classes); // [N, K]
        }
    }
}
