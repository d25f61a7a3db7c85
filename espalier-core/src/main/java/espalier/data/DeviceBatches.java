package espalier.data;

import espalier.tensor.Device;
import espalier.tensor.Scope;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The batches of one epoch on a device. For any other than the CPU a thread makes the next batch and copies it while the one before is
 * in use; for CUDA the copy begins in page-locked memory and nobody waits for its end. Take each batch inside a scope, to which its
 * tensors then belong.
 */
public final class DeviceBatches implements Iterator<Batch>, AutoCloseable {
    private final Batches<?> batches;
    private final Device device;
    private final Optional<ExecutorService> copier;
    private CompletableFuture<Optional<Placed>> coming = CompletableFuture.completedFuture(Optional.empty());
    private Optional<Placed> next = Optional.empty();
    private boolean begun;
    private int place;

    /** A batch with its place in the epoch. */
    private record Placed(Batch batch, int place) {}

    private DeviceBatches(Batches<?> batches, Device device, boolean ahead) {
        this.batches = batches;
        this.device = device;
        this.copier = ahead ? Optional.of(Executors.newSingleThreadExecutor(DeviceBatches::thread)) : Optional.empty();
    }

    static DeviceBatches of(Batches<?> batches, Device device) {
        return device.equals(Device.cpu()) ? new DeviceBatches(batches, device, false) : ahead(batches, device);
    }

    /** With the thread, for any device. */
    static DeviceBatches ahead(Batches<?> batches, Device device) {
        return new DeviceBatches(batches, device, true);
    }

    private static Thread thread(Runnable task) {
        var thread = new Thread(task, "espalier-copier");
        thread.setDaemon(true);
        return thread;
    }

    /** @throws espalier.report.DataException as {@link Batches#hasNext} */
    @Override
    public boolean hasNext() {
        if (copier.isEmpty()) {
            return batches.hasNext();
        }
        if (next.isEmpty()) {
            if (!begun) {
                fetch(copier.get());
            }
            next = await();
            if (next.isPresent()) {
                fetch(copier.get());
            }
        }
        return next.isPresent();
    }

    private void fetch(ExecutorService thread) {
        begun = true;
        coming = CompletableFuture.supplyAsync(this::copy, thread);
    }

    private Optional<Placed> copy() {
        if (!batches.hasNext()) {
            return Optional.empty();
        }
        try (var scope = Scope.open()) {
            Batch batch = moved(batches.next());
            scope.keep(batch.x());
            scope.keep(batch.y());
            return Optional.of(new Placed(batch, batches.place()));
        }
    }

    private Batch moved(Batch batch) {
        return device.type().equals("cuda") ? batch.pinMemory().toAsync(device) : batch.to(device);
    }

    private Optional<Placed> await() {
        try {
            return coming.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the epoch is over");
        }
        if (copier.isEmpty()) {
            Batch batch = batches.next().to(device);
            place = batches.place();
            return batch;
        }
        var placed = next.orElseThrow();
        next = Optional.empty();
        place = placed.place();
        Scope.receive(placed.batch().x());
        Scope.receive(placed.batch().y());
        return placed.batch();
    }

    /** The place in the epoch, from 0, of the batch that was taken last; batches that were left out count too. */
    public int place() {
        return place;
    }

    /** Stops preparing further batches, and frees those that nobody took. */
    @Override
    public void close() {
        copier.ifPresent(thread -> {
            next.ifPresent(DeviceBatches::free);
            coming.handle((last, failure) -> {
                        if (last != null) {
                            last.ifPresent(DeviceBatches::free);
                        }
                        return null;
                    })
                    .join();
            thread.shutdown();
        });
        next = Optional.empty();
        coming = CompletableFuture.completedFuture(Optional.empty());
        batches.close();
    }

    private static void free(Placed placed) {
        placed.batch().x().close();
        placed.batch().y().close();
    }
}
