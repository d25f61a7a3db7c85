package espalier.dataset;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class DatasetTest {
    /** A data set of one's own: the numbers from {@code start} with their squares. */
    private record Squares(int start, int size) implements Dataset {
        @Override
        public Example get(int index) {
            double x = start + index;
            return new Example(Tensor.scalar(x), Tensor.scalar(x * x));
        }
    }

    private static List<Integer> inputs(Dataset dataset) {
        return IntStream.range(0, dataset.size())
                .mapToObj(i -> (int) dataset.get(i).x().item())
                .toList();
    }

    @Test
    void tensors_areADatasetOfTheirRows() {
        var dataset = Dataset.of(Tensor.of(new float[][] {{1, 2}, {3, 4}, {5, 6}}), Tensor.of(new long[] {7, 8, 9}, 3));
        assertThat(dataset.size()).isEqualTo(3);
        assertThat(dataset.get(1).x()).isCloseTo(new double[] {3, 4}, 0);
        assertThat(dataset.get(1).y()).hasShape().isCloseTo(new double[] {8}, 0);
        assertThat(dataset.labels()).containsExactly(7, 8, 9);
        assertThatThrownBy(() -> Dataset.of(Tensor.ones(3, 2), Tensor.ones(2)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("[3, 2]");
    }

    @Test
    void subset_concat_andMapGiveOtherViews() {
        var squares = new Squares(0, 10);
        assertThat(inputs(squares.subset(7, 2, 2))).containsExactly(7, 2, 2);
        assertThat(inputs(squares.subset(1, 2).concat(new Squares(50, 2), new Squares(70, 1))))
                .containsExactly(1, 2, 50, 51, 70);
        var halves = squares.map(example -> new Example(example.x().div(2), example.y()));
        assertThat(halves.get(9).x().item()).isEqualTo(4.5);
        assertThat(halves.get(9).y().item()).isEqualTo(81);
    }

    @Test
    void randomSplit_givesEachExampleToOnePart() {
        var parts = new Squares(0, 11).randomSplit(Rng.of(5), 0.6, 0.2, 0.2);
        assertThat(parts.stream().map(Dataset::size)).containsExactly(7, 2, 2);
        assertThat(parts.stream()
                        .flatMap(part -> inputs(part).stream())
                        .sorted()
                        .toList())
                .isEqualTo(IntStream.range(0, 11).boxed().toList());
        assertThat(inputs(parts.get(0))).isNotEqualTo(List.of(0, 1, 2, 3, 4, 5, 6));
        var again = new Squares(0, 11).randomSplit(Rng.of(5), 0.6, 0.2, 0.2);
        assertThat(inputs(again.get(0))).isEqualTo(inputs(parts.get(0)));
    }

    @Test
    void wrongNumbers_areNamed() {
        var squares = new Squares(0, 3);
        assertThatThrownBy(() -> squares.subset(0, 3)).hasMessageContaining("example 3 does not exist: there are 3");
        assertThatThrownBy(() -> squares.subset(0).get(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> squares.randomSplit(Rng.of(1), 0.5, 0.4)).hasMessageContaining("add up to 1");
        assertThatThrownBy(squares::labels).isInstanceOf(ShapeException.class);
    }

    @Test
    void samplers_drawAsTheySay() {
        assertThat(Sampler.sequential().order(4, Rng.of(1))).containsExactly(0, 1, 2, 3);
        int[] random = Sampler.random().order(100, Rng.of(1));
        assertThat(random).isEqualTo(Sampler.random().order(100, Rng.of(1)));
        assertThat(random).isNotEqualTo(Sampler.random().order(100, Rng.of(2)));
        assertThat(Arrays.stream(random).sorted().toArray())
                .isEqualTo(IntStream.range(0, 100).toArray());
        int[] drawn = Sampler.weighted(new double[] {0, 1, 3, 0}, 4000).order(4, Rng.of(3));
        assertThat(Arrays.stream(drawn).filter(i -> i == 2).count()).isBetween(2900L, 3100L);
        assertThat(Arrays.stream(drawn).filter(i -> i == 1).count())
                .isEqualTo(4000 - Arrays.stream(drawn).filter(i -> i == 2).count());
        int[] balanced = Sampler.balanced(0, 0, 0, 0, 0, 0, 0, 0, 0, 1).order(10, Rng.of(4));
        assertThat(Arrays.stream(balanced).filter(i -> i == 9).count()).isBetween(2L, 8L);
        assertThatThrownBy(() -> Sampler.weighted(new double[] {1, -1}, 2)).hasMessageContaining("not negative");
        assertThatThrownBy(() -> Sampler.weighted(new double[] {0, 0}, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Sampler.balanced(0, 1).order(3, Rng.of(1))).hasMessageContaining("2 weights");
    }

    @Test
    void collate_padsShorterInputs() {
        var batch = Collate.pad(-1)
                .batch(List.of(
                        Example.of(Tensor.of(new float[] {1, 2, 3}, 3), 0),
                        Example.of(Tensor.of(new float[] {4}, 1), 1)));
        assertThat(batch.x()).isCloseTo(Tensor.of(new float[][] {{1, 2, 3}, {4, -1, -1}}), 0);
        assertThat(batch.y().dtype()).isEqualTo(DType.INT64);
        var tables = Collate.pad(0).batch(List.of(Example.of(Tensor.ones(1, 2), 0), Example.of(Tensor.ones(3, 2), 1)));
        assertThat(tables.x()).hasShape(2, 3, 2);
        assertThat(tables.x().sum().item()).isEqualTo(8);
    }
}
