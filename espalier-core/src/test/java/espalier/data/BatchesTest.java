package espalier.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.Transform;
import espalier.item.Item;
import espalier.item.Items;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class BatchesTest {
    @TempDir
    Path root;

    /** Numbers whose reading a test looks on at, on the reading thread. */
    record Watched(Numbers numbers, Consumer<Item> reading, Runnable collated) implements InputBlock<double[]> {
        Watched(Consumer<Item> reading, Runnable collated) {
            this(new Numbers(), reading, collated);
        }

        @Override
        public String name() {
            return numbers.name();
        }

        @Override
        public Optional<String> reject(Item item) {
            return numbers.reject(item);
        }

        @Override
        public double[] read(Item item, List<? extends Transform<double[]>> transforms, boolean training, Rng rng) {
            reading.accept(item);
            return numbers.read(item, transforms, training, rng);
        }

        @Override
        public Supplier<Tensor> collate(
                List<double[]> inputs, List<BatchTransform> transforms, boolean training, List<Rng> rngs) {
            collated.run();
            return numbers.collate(inputs, transforms, training, rngs);
        }

        @Override
        public List<Map.Entry<String, String>> explain(Item item, List<? extends Transform<double[]>> transforms) {
            return numbers.explain(item, transforms);
        }
    }

    private DataBlock<double[]> block(InputBlock<double[]> input) {
        return DataBlock.of(input, Targets.category())
                .items(Items.files(Numbers.ENDINGS))
                .split(Splits.none())
                .batchSize(8);
    }

    /** Waits as reading a file does: an interrupt makes it fail, and the file counts as unreadable. */
    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException cutOff) {
            throw new DataException("input/output error", cutOff);
        }
    }

    @Test
    void epochLeftEarly_makesNoFileUnreadable() throws Exception {
        Numbers.write(root, List.of("cat", "dog"), 40, 1);
        Set<Thread> readers = ConcurrentHashMap.newKeySet();
        var reading = new CountDownLatch(16);
        var goOn = new CountDownLatch(1);
        var input = new Watched(
                item -> {
                    if (item.id().compareTo("cat/0008") >= 0) {
                        readers.add(Thread.currentThread());
                        reading.countDown();
                        await(goOn);
                    }
                },
                () -> {});
        // 16 of the 25 threads are in the middle of the next two batches when the epoch is left
        var loader = block(input).threads(25).loaders(root).train().inOrder();
        try (var scope = Scope.open();
                var batches = loader.epoch(0)) {
            assertThat(batches.next().size()).isEqualTo(8);
            reading.await();
        }
        goOn.countDown();
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(loader.dataset().rejected()).isEmpty();
    }

    @Test
    void epochOfUnreadableItems_isAnErrorHoweverFewTheyAre() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 3, 1);
        for (String bad : List.of("cat/0000", "cat/0001", "dog/0001", "cat/0002", "dog/0002")) {
            Files.writeString(root.resolve(bad + ".num"), "x");
        }
        var loaders = block(new Numbers())
                .split(Splits.byFunction(item -> item.id().endsWith("2.num")))
                .loaders(root);
        for (int epoch = 0; epoch < 2; epoch++) {
            try (var batches = loaders.train().epoch(epoch)) {
                assertThatThrownBy(batches::hasNext)
                        .as("one item is left, and a training batch needs two")
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining("3 of 4 training items cannot be read, the first: cat/0000.num: ")
                        .hasMessageContaining("No batch")
                        .hasMessageContaining("Maybe");
                assertThat(batches.hasNext()).isFalse();
            }
        }
        try (var batches = loaders.valid().epoch(0)) {
            assertThatThrownBy(batches::hasNext)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("2 of 2 items cannot be read, the first: cat/0002.num: ");
        }
    }

    @Test
    void epochWithoutItems_andOneLeftBeforeItsFirstBatch_areNoErrors() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 3, 1);
        var loaders = block(new Numbers()).loaders(root);
        try (var batches = loaders.test().epoch(0)) {
            assertThat(batches.hasNext()).isFalse();
        }
        try (var batches = loaders.train().epoch(0)) {
            batches.close();
            assertThat(batches.hasNext()).isFalse();
        }
    }

    @Test
    void unreadableRestOfAnEpoch_isNoErrorAfterAResumption() throws IOException {
        Numbers.write(root, List.of("cat", "dog"), 8, 1);
        var loader = block(new Numbers()).loaders(root).train().inOrder();
        for (int i = 0; i < 8; i++) {
            Files.writeString(root.resolve("dog/000" + i + ".num"), "x");
        }
        try (var batches = loader.epoch(0, 1)) {
            assertThat(batches.hasNext()).isFalse();
        }
        assertThat(loader.dataset().rejected()).hasSize(8);
    }

    @Test
    void batchesAhead_areAtMostTwo() throws Exception {
        Numbers.write(root, List.of("cat", "dog"), 40, 1);
        var taken = new CountDownLatch(1);
        var collated = new CountDownLatch(3);
        var reads = new AtomicInteger();
        var input = new Watched(
                item -> {
                    reads.incrementAndGet();
                    if (item.id().equals("cat/0016.num")) {
                        await(taken); // so the third batch is done after the first is taken
                    }
                },
                collated::countDown);
        var loader = block(input).threads(2).loaders(root).train().inOrder();
        try (var scope = Scope.open();
                var batches = loader.epoch(0)) {
            batches.next();
            taken.countDown();
            collated.await();
            assertThat(reads)
                    .as("items read for the batch in use and those ahead")
                    .hasValue(8 + Loader.PREFETCH * 8);
        }
    }
}
