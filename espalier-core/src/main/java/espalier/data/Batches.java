package espalier.data;

import espalier.data.Loader.Options;
import espalier.data.Loader.Pipeline;
import espalier.report.DataException;
import espalier.report.PlainText;
import espalier.rng.Rng;
import espalier.tensor.Device;
import espalier.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The batches of one epoch, one after the other. Take each inside a scope: its tensors belong to the scope that is
 * open when it is taken. Items that cannot be read are left out and reported; a batch of which nothing is left
 * is skipped, and an epoch of which nothing is left is an error.
 *
 * @param <X> an input before it becomes part of a batch
 */
public final class Batches<X> implements Iterator<Batch>, AutoCloseable {
    /** So few unreadable items never end a run, whatever their share. */
    private static final int TOLERATED = 8;

    /** A larger share of unreadable items ends a run. */
    private static final double TOLERATED_SHARE = 0.05;

    private static final AtomicInteger THREADS = new AtomicInteger();

    /** Items of a batch that could be read, and the rest of making it. */
    private record Ready(List<Integer> indices, Supplier<Tensor> x) {}

    /**
     * What the batches of an epoch are made of.
     *
     * @param groups the items of each batch, by their places in the data set
     * @param skipped how many batches came before them
     * @param kept whether a batch of which nothing is left keeps its place, as an empty one: others have the rest of it
     */
    record Places(List<int[]> groups, int skipped, boolean kept) {}

    private final Dataset dataset;
    private final Pipeline<X> pipeline;
    private final Options options;
    private final Iterator<int[]> groups;
    private final boolean placesKept;
    private final Rng rng;
    private final ExecutorService pool;
    private final Deque<CompletableFuture<Ready>> ahead = new ArrayDeque<>();
    private volatile boolean closed;
    private Optional<Ready> next = Optional.empty();

    /** How many batches were made or left out so far, before a resumption too. */
    private int done;

    /** Whether one of them was of use. */
    private boolean useful;

    Batches(Dataset dataset, Pipeline<X> pipeline, Options options, Places places, Rng rng) {
        this.dataset = dataset;
        this.pipeline = pipeline;
        this.options = options;
        this.groups = places.groups().iterator();
        this.placesKept = places.kept();
        this.done = places.skipped();
        this.useful = places.skipped() > 0;
        this.rng = rng;
        this.pool = Executors.newFixedThreadPool(options.threads(), task -> {
            var thread = new Thread(task, "espalier-loader-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        fill();
    }

    /** These batches on a device, each copied there while the one before is in use. Close that instead of this. */
    public DeviceBatches on(Device device) {
        return DeviceBatches.of(this, device);
    }

    private void fill() {
        while (ahead.size() < Loader.PREFETCH && groups.hasNext()) {
            ahead.add(prepare(groups.next()));
        }
    }

    private CompletableFuture<Ready> prepare(int[] group) {
        List<CompletableFuture<Optional<X>>> reads = new ArrayList<>();
        for (int index : group) {
            reads.add(CompletableFuture.supplyAsync(() -> read(index), pool));
        }
        return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
                .thenApplyAsync(done -> collate(group, reads), pool);
    }

    private Rng rngOf(int index) {
        return options.training() ? rng.derive(index) : Rng.of(0);
    }

    private Optional<X> read(int index) {
        if (closed) {
            return Optional.empty(); // nobody waits for it any more
        }
        var item = dataset.items().get(index);
        var thread = Thread.currentThread();
        String name = thread.getName();
        thread.setName(
                name + " " + PlainText.line(item.id(), 200)); // by it the log of a crash in a codec names the file
        try {
            return Optional.of(
                    pipeline.input().read(item, pipeline.itemTransforms(), options.training(), rngOf(index)));
        } catch (DataException unreadable) {
            dataset.reject(index, unreadable.reason());
            return Optional.empty();
        } finally {
            thread.setName(name);
        }
    }

    private Ready collate(int[] group, List<CompletableFuture<Optional<X>>> reads) {
        var indices = new ArrayList<Integer>();
        var inputs = new ArrayList<X>();
        var rngs = new ArrayList<Rng>();
        for (int i = 0; i < group.length; i++) {
            var input = reads.get(i).join();
            if (input.isPresent()) {
                indices.add(group[i]);
                inputs.add(input.get());
                rngs.add(rngOf(group[i]).derive(1));
            }
        }
        Supplier<Tensor> x = inputs.isEmpty()
                ? () -> Tensor.zeros(0)
                : pipeline.input().collate(inputs, pipeline.batchTransforms(), options.training(), rngs);
        return new Ready(indices, x);
    }

    /** @throws DataException when too many items cannot be read, or of the whole epoch none */
    @Override
    public boolean hasNext() {
        while (next.isEmpty() && !ahead.isEmpty()) {
            var coming = ahead.poll();
            fill();
            var ready = await(coming);
            done++;
            checkRejected();
            useful |= isOfUse(ready);
            next = isOfUse(ready) || placesKept ? Optional.of(ready) : Optional.empty();
        }
        if (next.isEmpty() && !closed) {
            close();
            checkUseful();
        }
        return next.isPresent();
    }

    /** A training batch of which one item is left would stop a batch norm, which compares items: it is left out. */
    private boolean isOfUse(Ready ready) {
        int needed = options.training() && options.batchSize() > 1 && dataset.size() > 1 ? 2 : 1;
        return ready.indices().size() >= needed;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the epoch is over");
        }
        var ready = next.orElseThrow();
        next = Optional.empty();
        if (!isOfUse(ready)) {
            return new Batch(Tensor.zeros(0), Tensor.zeros(0), List.of());
        }
        var labels = ready.indices().stream().map(dataset.labels()::get).toList();
        var items = ready.indices().stream().map(dataset.items()::get).toList();
        Tensor y = dataset.labelled() ? pipeline.target().collate(labels) : Tensor.zeros(items.size());
        return new Batch(ready.x().get(), y, items);
    }

    /** The place in the epoch, from 0, of the batch that was looked for last; batches that were left out count too. */
    public int place() {
        return done - 1;
    }

    private static Ready await(CompletableFuture<Ready> future) {
        try {
            return future.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }

    private void checkRejected() {
        int rejected = dataset.rejected().size();
        if (options.training() && rejected > TOLERATED && rejected > TOLERATED_SHARE * dataset.size()) {
            throw unreadable("");
        }
    }

    /** However few the items are: without a batch there is nothing to train on, and nothing to judge by. */
    private void checkUseful() {
        if (!useful && dataset.size() > 0) {
            throw unreadable(". No batch can be made without them");
        }
    }

    private DataException unreadable(String consequence) {
        var rejected = dataset.rejected();
        return new DataException(rejected.size() + " of " + dataset.size() + (options.training() ? " training" : "")
                + " items cannot be read, the first: " + rejected.get(0) + consequence
                + ". Maybe the disk or the download is damaged: look at all of them with `espalier verify`.");
    }

    /**
     * Stops preparing further batches. What is being read just now is read to its end and thrown away: an interrupt would
     * close the files under the readers' hands, and whole pictures would be taken for unreadable ones.
     */
    @Override
    public void close() {
        closed = true;
        ahead.clear();
        pool.shutdown();
    }
}
