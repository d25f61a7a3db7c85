package espalier.dataset;

import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Examples by number, as a map-style {@code Dataset} of PyTorch. An implementation has two methods:
 *
 * <pre>{@code
 * record Squares(int size) implements Dataset {
 *     public Example get(int index) {
 *         return new Example(Tensor.scalar(index), Tensor.scalar(index * index));
 *     }
 * }
 * }</pre>
 *
 * <p>{@link #get} is called from the threads of a {@link DataLoader}, several at once, and gives the same example for the
 * same index each time: what is random belongs into {@link DataLoader#augment}. Nobody closes the tensors: the loader
 * does.
 */
public interface Dataset {
    /** How many examples there are. */
    int size();

    /** The example at {@code index}, from 0 to {@link #size} - 1. */
    Example get(int index);

    /**
     * The rows of two tensors as examples, as {@code TensorDataset}. The tensors live on: they are kept.
     *
     * @throws ShapeException when the first dimensions differ
     */
    static Dataset of(Tensor x, Tensor y) {
        if (x.dim() == 0 || y.dim() == 0 || x.size(0) != y.size(0)) {
            throw new ShapeException("a data set of tensors needs as many inputs as targets: received " + x.shape()
                    + " and " + y.shape() + ". Maybe the first dimension of one is not the examples.");
        }
        return new TensorDataset(x, y);
    }

    /** The examples at {@code indices}, in that order. @throws IndexOutOfBoundsException when there is no such example */
    default Dataset subset(int... indices) {
        int[] chosen = indices.clone();
        Arrays.stream(chosen).forEach(index -> checkIndex(this, index));
        return view(chosen.length, index -> this, index -> chosen[index]);
    }

    /** The examples of this, then those of {@code others}. */
    default Dataset concat(Dataset... others) {
        var all = new ArrayList<>(List.of(this));
        all.addAll(List.of(others));
        int[] starts = new int[all.size() + 1];
        for (int i = 0; i < all.size(); i++) {
            starts[i + 1] = Math.addExact(starts[i], all.get(i).size());
        }
        return view(
                starts[all.size()],
                index -> all.get(partOf(starts, index)),
                index -> index - starts[partOf(starts, index)]);
    }

    /**
     * The examples in random order, cut into parts that hold the given shares, as {@code random_split}; what rounding
     * leaves over goes to the first ones.
     *
     * @throws IllegalArgumentException when the shares are negative or do not add up to 1
     */
    default List<Dataset> randomSplit(Rng rng, double... shares) {
        double sum = Arrays.stream(shares).sum();
        if (Arrays.stream(shares).anyMatch(share -> !(share >= 0)) || Math.abs(sum - 1) > 1e-9) {
            throw new IllegalArgumentException("the shares of a split must not be negative and add up to 1, received "
                    + Arrays.toString(shares) + ", which add up to " + sum + ".");
        }
        int[] counts =
                Arrays.stream(shares).mapToInt(share -> (int) (share * size())).toArray();
        int left = size() - IntStream.of(counts).sum();
        for (int i = 0; i < left; i++) {
            counts[i % counts.length]++;
        }
        int[] order = rng.permutation(size());
        var parts = new ArrayList<Dataset>();
        int from = 0;
        for (int count : counts) {
            parts.add(subset(Arrays.copyOfRange(order, from, from + count)));
            from += count;
        }
        return List.copyOf(parts);
    }

    /** Each example changed by {@code change}, which is called from several threads. */
    default Dataset map(UnaryOperator<Example> change) {
        var source = this;
        return new Dataset() {
            @Override
            public int size() {
                return source.size();
            }

            @Override
            public Example get(int index) {
                return change.apply(source.get(index));
            }
        };
    }

    /** The labels of all examples, for samplers by class. @throws ShapeException when a target is no whole number */
    default long[] labels() {
        return IntStream.range(0, size())
                .mapToLong(index -> {
                    try (var scope = Scope.open()) {
                        Tensor y = get(index).y();
                        if (y.numel() != 1 || y.dtype().isFloatingPoint()) {
                            throw new ShapeException("labels: expected a whole number as target, received " + y + ".");
                        }
                        return (long) y.item();
                    }
                })
                .toArray();
    }

    private static Dataset view(
            int size, java.util.function.IntFunction<Dataset> part, java.util.function.IntUnaryOperator place) {
        return new Dataset() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public Example get(int index) {
                checkIndex(this, index);
                return part.apply(index).get(place.applyAsInt(index));
            }
        };
    }

    private static int partOf(int[] starts, int index) {
        int part = 0;
        while (index >= starts[part + 1]) {
            part++;
        }
        return part;
    }

    private static void checkIndex(Dataset dataset, int index) {
        if (index < 0 || index >= dataset.size()) {
            throw new IndexOutOfBoundsException(
                    "example " + index + " does not exist: there are " + dataset.size() + ", counted from 0.");
        }
    }
}
