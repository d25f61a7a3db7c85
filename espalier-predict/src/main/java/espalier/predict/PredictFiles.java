package espalier.predict;

import espalier.item.Item;
import espalier.report.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Predicts many files. What a folder holds that looks like an input and is none (a link, a pipe) gets an answer too, an
 * error. The next batch is read by several threads while the model works on this one.
 */
final class PredictFiles {
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

    /** Hands over each answer as soon as it is known, in order. */
    void run(List<Path> paths, Consumer<Predictor.Answer> consumer) {
        var files = paths.stream().flatMap(this::todo).toList();
        ExecutorService pool =
                Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
        try {
            List<Future<Object>> ahead = List.of();
            for (int from = 0; from < files.size(); from += PredictionTask.MOST) {
                var batch = files.subList(from, Math.min(files.size(), from + PredictionTask.MOST));
                var reads = ahead.isEmpty() ? submit(pool, batch) : ahead;
                int next = from + PredictionTask.MOST;
                ahead = next < files.size()
                        ? submit(pool, files.subList(next, Math.min(files.size(), next + PredictionTask.MOST)))
                        : List.of();
                answer(batch, reads, consumer);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private List<Future<Object>> submit(ExecutorService pool, List<Todo> files) {
        return files.stream().map(one -> pool.submit(() -> read(one))).toList();
    }

    private Object read(Todo one) {
        if (one.refused().isPresent()) {
            throw new DataException(one.refused().get());
        }
        return task.read(one.file());
    }

    private void answer(List<Todo> files, List<Future<Object>> reads, Consumer<Predictor.Answer> consumer) {
        var inputs = new ArrayList<Object>();
        var errors = new ArrayList<Optional<String>>();
        for (var read : reads) {
            try {
                inputs.add(read.get());
                errors.add(Optional.empty());
            } catch (ExecutionException failure) {
                errors.add(Optional.of(reason(failure.getCause())));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while files were read", interrupted);
            }
        }
        var predictions = inputs.isEmpty()
                ? List.<Prediction>of().iterator()
                : predictor.run(inputs).iterator();
        for (int i = 0; i < files.size(); i++) {
            var error = errors.get(i);
            consumer.accept(new Predictor.Answer(
                    files.get(i).file(),
                    error.isPresent() ? Optional.empty() : Optional.of(predictions.next()),
                    error));
        }
    }

    private static String reason(@Nullable Throwable failure) {
        if (failure instanceof DataException unreadable) {
            return unreadable.reason();
        }
        if (failure instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        throw new IllegalStateException(failure);
    }
}
