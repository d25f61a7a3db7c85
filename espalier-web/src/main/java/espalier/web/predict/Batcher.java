package espalier.web.predict;

import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.web.WebException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/**
 * Runs the models. A picture that comes alone is predicted at once, by all processors. When several wait, threads of its own take
 * up to eight of the same model together, which takes less time than one after the other: side by side, a processor for each, where
 * the model has a form for that, otherwise one run at a time. It waits for nobody: batches come of load, not of delay.
 */
final class Batcher implements AutoCloseable {
    private static final int MOST = 8;

    private final BlockingQueue<Job> queue = new LinkedBlockingQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Held for writing by a run that takes all processors, for reading by those that take one each. */
    private final ReentrantReadWriteLock atWork = new ReentrantReadWriteLock();

    private final List<Thread> workers;
    private final Took took;

    /** Is told of each run. */
    interface Took {
        /** @param runs how many such runs go on at once under load */
        void accept(double seconds, int pictures, int runs);
    }

    /** What waits. */
    private sealed interface Job permits Forward, Task {
        void fail(Throwable failure);
    }

    private record Forward(Loaded model, Predictor.Input input, CompletableFuture<Prediction> answer) implements Job {
        @Override
        public void fail(Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }

    private record Task(Runnable work, CompletableFuture<?> answer) implements Job {
        @Override
        public void fail(Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }

    Batcher(Took took) {
        this.took = took;
        this.workers = IntStream.range(0, Runtime.getRuntime().availableProcessors())
                .mapToObj(i -> new Thread(this::work, "espalier-model-" + i))
                .toList();
        workers.forEach(worker -> {
            worker.setDaemon(true);
            worker.start();
        });
    }

    /** Queues one of several pictures. */
    CompletableFuture<Prediction> predict(Loaded model, Predictor.Input input) {
        var answer = new CompletableFuture<Prediction>();
        add(new Forward(model, input, answer));
        return answer;
    }

    /** Predicts a single picture: when nothing is at work, in the caller's own thread, which saves waking up another. */
    CompletableFuture<Prediction> predictNow(Loaded model, Predictor.Input input) {
        if (!queue.isEmpty() || !atWork.writeLock().tryLock()) {
            return predict(model, input);
        }
        var answer = new CompletableFuture<Prediction>();
        try {
            forward(model.predictor(), List.of(new Forward(model, input, answer)), 1);
        } finally {
            atWork.writeLock().unlock();
        }
        return answer;
    }

    /** Queues other work that computes, so that it does not slow down predictions at work. */
    <T> CompletableFuture<T> run(Callable<T> work) {
        var answer = new CompletableFuture<T>();
        add(new Task(
                () -> {
                    try {
                        answer.complete(work.call());
                    } catch (Exception failure) {
                        answer.completeExceptionally(failure);
                    }
                },
                answer));
        return answer;
    }

    private void add(Job job) {
        queue.add(job);
        if (closed.get()) {
            end();
        }
    }

    /** How many wait. */
    int waiting() {
        return queue.size();
    }

    private void work() {
        try {
            while (true) {
                run(queue.take());
            }
        } catch (InterruptedException stop) {
            end();
        }
    }

    private void run(Job first) {
        try {
            if (first instanceof Task task) {
                locked(atWork.writeLock(), task.work());
            } else if (first instanceof Forward forward) {
                int runs = forward.model().runs();
                locked(
                        runs > 1 ? atWork.readLock() : atWork.writeLock(),
                        () -> forward(forward.model().parallel(), batch(forward), runs));
            }
        } catch (Throwable failure) {
            first.fail(failure); // whatever it is: this thread must go on
        }
    }

    private static void locked(Lock lock, Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    private List<Forward> batch(Forward first) {
        var batch = new ArrayList<>(List.of(first));
        while (batch.size() < MOST && queue.peek() instanceof Forward next && next.model() == first.model()) {
            if (queue.remove(next)) { // or another thread was faster
                batch.add(next);
            }
        }
        return batch;
    }

    /** @param runs how many such runs go on at once under load */
    private void forward(Predictor predictor, List<Forward> batch, int runs) {
        Forward first = batch.get(0);
        try {
            long start = System.nanoTime();
            var answers =
                    predictor.predictInputs(batch.stream().map(Forward::input).toList());
            took.accept((System.nanoTime() - start) / 1e9, batch.size(), runs);
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException failure) {
            if (batch.size() == 1) {
                first.fail(failure);
            } else {
                batch.forEach(one -> alone(predictor, one)); // one bad picture must not spoil the others' answers
            }
        } catch (Error failure) {
            batch.forEach(one -> one.fail(failure));
        }
    }

    private static void alone(Predictor predictor, Forward one) {
        try {
            one.answer().complete(predictor.predictInputs(List.of(one.input())).get(0));
        } catch (RuntimeException failure) {
            one.fail(failure);
        }
    }

    private void end() {
        for (Job job = queue.poll(); job != null; job = queue.poll()) {
            job.fail(new WebException(503, "stopping", "The server stops.").retryAfter(5));
        }
    }

    /** Ends the threads; what still waits gets an error. */
    @Override
    public void close() {
        closed.set(true);
        workers.forEach(Thread::interrupt);
        try {
            for (Thread worker : workers) {
                worker.join(10_000);
            }
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        end();
    }
}
