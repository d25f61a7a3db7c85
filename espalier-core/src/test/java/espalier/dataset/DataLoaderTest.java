package espalier.dataset;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class DataLoaderTest {
    private static final Dataset TEN = new Dataset() {
        @Override
        public int size() {
            return 10;
        }

        @Override
        public Example get(int index) {
            return Example.of(Tensor.full(index, 2), index % 3);
        }
    };

    private static List<List<Long>> batches(DataLoader loader, int epoch) {
        var all = new ArrayList<List<Long>>();
        for (Example batch : loader.epoch(epoch)) {
            try (var scope = Scope.open()) {
                all.add(Arrays.stream(batch.x().select(1, 0).toLongArray())
                        .boxed()
                        .toList());
            }
        }
        return all;
    }

    @Test
    void defaults_giveAllInOrder() {
        var loader = DataLoader.of(TEN, 4);
        assertThat(batches(loader, 0))
                .containsExactly(List.of(0L, 1L, 2L, 3L), List.of(4L, 5L, 6L, 7L), List.of(8L, 9L));
        assertThat(loader.epoch(0).size()).isEqualTo(3);
        var batch = loader.epoch(0).iterator().next();
        assertThat(batch.x()).hasShape(4, 2);
        assertThat(batch.y()).hasShape(4).isCloseTo(new double[] {0, 1, 2, 0}, 0);
    }

    @Test
    void order_augmentationAndTheLastBatchAreThreeChoices() {
        assertThat(batches(DataLoader.of(TEN, 4).dropLast(), 0))
                .hasSize(2)
                .first()
                .isEqualTo(List.of(0L, 1L, 2L, 3L));
        var shuffled = batches(DataLoader.of(TEN, 4).shuffle(), 0);
        assertThat(shuffled).hasSize(3);
        assertThat(shuffled.stream().flatMap(List::stream).sorted().toList())
                .isEqualTo(LongStream.range(0, 10).boxed().toList());
        assertThat(shuffled).isNotEqualTo(batches(DataLoader.of(TEN, 4).shuffle(), 1));
        assertThat(shuffled).isEqualTo(batches(DataLoader.of(TEN, 4).shuffle(), 0));
        assertThat(shuffled)
                .isNotEqualTo(batches(DataLoader.of(TEN, 4).shuffle().seed(1), 0));
        var moved = DataLoader.of(TEN, 5)
                .augment((example, rng) -> new Example(example.x().add(100 * (1 + rng.nextInt(9))), example.y()));
        var first = batches(moved, 0);
        assertThat(first.stream()
                        .flatMap(List::stream)
                        .map(value -> value % 100)
                        .toList())
                .isEqualTo(LongStream.range(0, 10).boxed().toList());
        assertThat(first).isEqualTo(batches(moved, 0)).isNotEqualTo(batches(moved, 1));
    }

    @Test
    void workers_changeNothing() {
        var loader = DataLoader.of(TEN, 3)
                .shuffle()
                .augment((example, rng) -> new Example(example.x().add(10 * rng.nextInt(50)), example.y()));
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(batches(loader.workers(3), epoch)).isEqualTo(batches(loader, epoch));
        }
    }

    @Test
    void batches_areFreedWhenTheNextComes() {
        try (var scope = Scope.open()) {
            var seen = new ArrayList<Example>();
            for (Example batch : DataLoader.of(TEN, 2).workers(2).epoch(0)) {
                assertThat(seen).allMatch(old -> old.x().isClosed() && old.y().isClosed());
                assertThat(batch.x().isClosed()).isFalse();
                seen.add(batch);
            }
            assertThat(seen).hasSize(5);
            assertThat(seen.get(4).x().isClosed()).isFalse();
        }
    }

    @Test
    void loops_mayEndEarly() throws InterruptedException {
        for (Example batch : DataLoader.of(TEN, 2).workers(2).epoch(0)) {
            assertThat(batch.size()).isEqualTo(2);
            break;
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("espalier-data-loader")) {
                thread.join(20_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @Test
    void errors_ofADatasetReachTheLoop() {
        var broken = TEN.map(example -> {
            throw new IllegalStateException("the disk is gone");
        });
        for (int workers = 0; workers < 3; workers++) {
            var loader = DataLoader.of(broken, 4).workers(workers);
            assertThatThrownBy(() -> batches(loader, 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the disk is gone");
        }
        var ragged = TEN.map(
                example -> new Example(Tensor.ones((long) example.x().max().item()), example.y()));
        assertThatThrownBy(() -> batches(DataLoader.of(ragged, 4), 0)).isInstanceOf(ShapeException.class);
    }

    @Test
    void wrongNumbers_areNamed() {
        assertThatThrownBy(() -> DataLoader.of(TEN, 0)).hasMessageContaining("batch size");
        assertThatThrownBy(() -> DataLoader.of(TEN, 1).workers(-1)).hasMessageContaining("-1");
        var batches = DataLoader.of(TEN, 10).epoch(0).iterator();
        batches.next();
        assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
    }
}
