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
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ObjIntConsumer;

/**
 * Runs the models, one run at a time. A picture that comes alone is predicted at once; when several wait for the same
 * model, a thread of its own takes up to eight together, which takes less time than one after the other. It waits for nobody: batches come of
 * load, not of delay.
 */
final class Batcher implements AutoCloseable {
    private static final int MOST = 8;

    private final BlockingQueue<Job> queue = new LinkedBlockingQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Held by who runs a model. */
    private final ReentrantLock atWork = new ReentrantLock();

    private final Thread worker = new Thread(this::work, "espalier-model");
    private final ObjIntConsumer<Double> took;

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

    /** @param took is told of each run: its seconds, and how many pictures it had */
    Batcher(ObjIntConsumer<Double> took) {
        this.took = took;
        worker.setDaemon(true);
        worker.start();
    }

    /** Queues one of several pictures. */
    CompletableFuture<Prediction> predict(Loaded model, Predictor.Input input) {
        var answer = new CompletableFuture<Prediction>();
        add(new Forward(model, input, answer));
        return answer;
    }

    /** Predicts a single picture: when nothing is at work, in the caller's own thread, which saves waking up another. */
    CompletableFuture<Prediction> predictNow(Loaded model, Predictor.Input input) {
        if (!queue.isEmpty() || !atWork.tryLock()) {
            return predict(model, input);
        }
        var answer = new CompletableFuture<Prediction>();
        try {
            forward(List.of(new Forward(model, input, answer)));
        } finally {
            atWork.unlock();
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
        atWork.lock();
        try {
            if (first instanceof Task task) {
                task.work().run();
            } else if (first instanceof Forward forward) {
                forward(batch(forward));
            }
        } catch (Throwable failure) {
            first.fail(failure); // whatever it is: this thread must go on
        } finally {
            atWork.unlock();
        }
    }

    private List<Forward> batch(Forward first) {
        var batch = new ArrayList<>(List.of(first));
        while (batch.size() < MOST && queue.peek() instanceof Forward next && next.model() == first.model()) {
            batch.add(next);
            queue.remove(next);
        }
        return batch;
    }

    private void forward(List<Forward> batch) {
        Forward first = batch.get(0);
        try {
            long start = System.nanoTime();
            var answers = first.model()
                    .predictor()
                    .predictInputs(batch.stream().map(Forward::input).toList());
            took.accept((System.nanoTime() - start) / 1e9, batch.size());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException failure) {
            if (batch.size() == 1) {
                first.fail(failure);
            } else {
                batch.forEach(this::alone); // one bad picture must not spoil the others' answers
            }
        } catch (Error failure) {
            batch.forEach(one -> one.fail(failure));
        }
    }

    private void alone(Forward one) {
        try {
            one.answer()
                    .complete(one.model()
                            .predictor()
                            .predictInputs(List.of(one.input()))
                            .get(0));
        } catch (RuntimeException failure) {
            one.fail(failure);
        }
    }

    private void end() {
        for (Job job = queue.poll(); job != null; job = queue.poll()) {
            job.fail(new WebException(503, "stopping", "The server stops.").retryAfter(5));
        }
    }

    /** Ends the thread; what still waits gets an error. */
    @Override
    public void close() {
        closed.set(true);
        worker.interrupt();
        try {
            worker.join(10_000);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        end();
    }
}
