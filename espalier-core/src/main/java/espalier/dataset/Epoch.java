package espalier.dataset;

import espalier.rng.Rng;
import espalier.tensor.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The batches of one epoch of a {@link DataLoader}. Each loop over it reads the same batches again. */
public final class Epoch implements Iterable<Example> {
    /** How many batches each worker is ahead at most, as PyTorch's {@code prefetch_factor}. */
    private static final int PREFETCH = 2;

    private final Dataset dataset;
    private final DataLoader.Options options;
    private final List<int[]> groups;
    private final Rng rng;

    Epoch(Dataset dataset, DataLoader.Options options, List<int[]> groups, Rng rng) {
        this.dataset = dataset;
        this.options = options;
        this.groups = groups;
        this.rng = rng;
    }

    /** The number of batches. */
    public int size() {
        return groups.size();
    }

    @Override
    public Iterator<Example> iterator() {
        return options.workers() == 0 ? new Batches(null) : new Batches(pool(options.workers()));
    }

    private static ExecutorService pool(int workers) {
        var queue = new LinkedBlockingQueue<Runnable>();
        var pool = new ThreadPoolExecutor(workers, workers, 1, TimeUnit.SECONDS, queue, task -> {
            var thread = new Thread(task, "espalier-data-loader");
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true); // a loop that ends early says so to nobody
        return pool;
    }

    /** A batch that belongs to no scope. */
    private Example read(int[] group) {
        try (var scope = Scope.open()) {
            var examples = new ArrayList<Example>();
            for (int index : group) {
                Example example = dataset.get(index);
                for (var change : options.changes()) {
                    example = change.apply(example, rng.derive(index));
                }
                examples.add(example);
            }
            Example batch = options.collate().batch(examples);
            return new Example(scope.keep(batch.x()), scope.keep(batch.y()));
        }
    }

    private final class Batches implements Iterator<Example> {
        private final @Nullable ExecutorService pool;
        private final Deque<CompletableFuture<Example>> ahead = new ArrayDeque<>();
        private int asked;
        private int given;
        private @Nullable Example last;

        Batches(@Nullable ExecutorService pool) {
            this.pool = pool;
            fill();
        }

        private void fill() {
            while (pool != null && asked < groups.size() && ahead.size() < PREFETCH * options.workers()) {
                int[] group = groups.get(asked++);
                ahead.add(CompletableFuture.supplyAsync(() -> read(group), pool));
            }
        }

        @Override
        public boolean hasNext() {
            return given < groups.size();
        }

        @Override
        public Example next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the epoch is over after " + given + " batches");
            }
            free();
            Example batch = pool == null ? read(groups.get(given)) : await(ahead.remove());
            given++;
            fill();
            if (pool != null && given == groups.size()) {
                pool.shutdown();
            }
            last = new Example(Scope.receive(batch.x()), Scope.receive(batch.y()));
            return last;
        }

        private void free() {
            if (last != null) {
                last.x().close();
                last.y().close();
            }
        }

        private Example await(CompletableFuture<Example> coming) {
            try {
                return coming.join();
            } catch (CompletionException failure) {
                if (pool != null) {
                    pool.shutdownNow();
                }
                throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
            }
        }
    }
}
