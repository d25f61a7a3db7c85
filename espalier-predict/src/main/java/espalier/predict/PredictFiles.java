package espalier.predict;

import espalier.item.Item;
import espalier.report.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Predicts many files. What a folder holds that looks like an input and is none (a link, a pipe) gets an answer too, an
 * error.
 *
 * <p>Where an engine can take several runs at once, each processor reads and predicts some files of its own: no thread waits for
 * another one. Else the next batch is read by several threads while the model works on this one.
 */
final class PredictFiles {
    /** So few files are not worth another engine. */
    private static final int FEW = 2 * PredictionTask.MOST;

    /** The files that a processor takes at a time, and how many times as much is under way at most. */
    private static final int SHARE = 8;

    private static final int AHEAD = 3;

    private final Predictor predictor;
    private final PredictionTask<Object> task;

    PredictFiles(Predictor predictor, PredictionTask<Object> task) {
        this.predictor = predictor;
        this.task = task;
    }

    /**
     * One file to predict.
     *
     * @param id by which the files of a folder are sorted
     * @param refused why it is not even tried
     */
    private record Todo(Item id, Optional<String> refused) {
        Path file() {
            return id.path();
        }
    }

    private Stream<Todo> todo(Path path) {
        if (!Files.isDirectory(path)) {
            return Stream.of(new Todo(Item.of(path), Optional.empty()));
        }
        var found = task.find(path);
        var refused = found.rejected().stream()
                .map(one -> new Todo(new Item(one.file(), path.resolve(one.file())), Optional.of(one.reason())));
        return Stream.concat(found.items().stream().map(item -> new Todo(item, Optional.empty())), refused)
                .sorted((a, b) -> Item.BY_ID.compare(a.id(), b.id()));
    }

    /** A file that has been read, or why it cannot be. */
    private record Read(Path file, @Nullable Object input, Optional<String> error) {}

    /** Hands over each answer as soon as it is known, in order. */
    void run(List<Path> paths, Consumer<Predictor.Answer> consumer) {
        var files = paths.stream().flatMap(this::todo).toList();
        var many = files.size() > FEW ? task.parallel() : task;
        if (many.runs() > 1) {
            new PredictFiles(Predictor.of(many), many).sideBySide(files, consumer);
        } else {
            readAhead(files, consumer);
        }
    }

    /** Each thread reads and predicts. */
    private void sideBySide(List<Todo> files, Consumer<Predictor.Answer> consumer) {
        ExecutorService pool = Executors.newFixedThreadPool(task.runs());
        try {
            var underWay = new ArrayDeque<Future<List<Predictor.Answer>>>();
            for (int from = 0; from < files.size(); from += SHARE) {
                var share = files.subList(from, Math.min(files.size(), from + SHARE));
                underWay.add(
                        pool.submit(() -> answers(share.stream().map(this::read).toList())));
                if (underWay.size() > AHEAD * task.runs()) {
                    result(underWay.remove()).forEach(consumer);
                }
            }
            underWay.forEach(share -> result(share).forEach(consumer));
        } finally {
            stop(pool);
        }
    }

    /** Waits for runs that have begun: the caller may close the model next. */
    private static void stop(ExecutorService pool) {
        pool.shutdownNow();
        boolean interrupted = false;
        for (boolean ended = false; !ended; ) {
            try {
                ended = pool.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void readAhead(List<Todo> files, Consumer<Predictor.Answer> consumer) {
        ExecutorService pool =
                Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
        try {
            List<Future<Read>> ahead = List.of();
            for (int from = 0; from < files.size(); from += PredictionTask.MOST) {
                var batch = files.subList(from, Math.min(files.size(), from + PredictionTask.MOST));
                var reads = ahead.isEmpty() ? submit(pool, batch) : ahead;
                int next = from + PredictionTask.MOST;
                ahead = next < files.size()
                        ? submit(pool, files.subList(next, Math.min(files.size(), next + PredictionTask.MOST)))
                        : List.of();
                answers(reads.stream().map(PredictFiles::result).toList()).forEach(consumer);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private List<Future<Read>> submit(ExecutorService pool, List<Todo> files) {
        return files.stream().map(one -> pool.submit(() -> read(one))).toList();
    }

    private Read read(Todo one) {
        try {
            return one.refused().isPresent()
                    ? new Read(one.file(), null, one.refused())
                    : new Read(one.file(), task.read(one.file()), Optional.empty());
        } catch (DataException unreadable) {
            return new Read(one.file(), null, Optional.of(unreadable.reason()));
        }
    }

    private List<Predictor.Answer> answers(List<Read> files) {
        var inputs = files.stream().map(Read::input).filter(Objects::nonNull).toList();
        var predictions = inputs.isEmpty()
                ? List.<Prediction>of().iterator()
                : predictor.run(inputs).iterator();
        return files.stream()
                .map(one -> new Predictor.Answer(
                        one.file(),
                        one.error().isPresent() ? Optional.empty() : Optional.of(predictions.next()),
                        one.error()))
                .toList();
    }

    private static <T> T result(Future<T> work) {
        try {
            return work.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while files were predicted", interrupted);
        }
    }
}
