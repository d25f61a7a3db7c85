package espalier.web.clean;

import espalier.app.Retrain;
import espalier.train.Callback;
import espalier.train.Cycle;
import espalier.train.FineTune;
import espalier.train.Fit;
import espalier.train.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A training in the background, one at a time, that tells how far it is. */
final class RetrainJob implements Callback, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RetrainJob.class);

    private final Optional<Retrain> job;
    private Optional<Thread> worker = Optional.empty();
    private Optional<Fit> fit = Optional.empty();
    private Optional<Retrain.Result> result = Optional.empty();
    private String error = "";
    private double done;
    private int epoch;
    private int epochs;
    private boolean stopping;

    RetrainJob(Optional<Retrain> job) {
        this.job = job;
    }

    boolean isOffered() {
        return job.isPresent();
    }

    synchronized boolean isRunning() {
        return worker.isPresent();
    }

    /** Starts; false when it runs already. */
    synchronized boolean start(OptionalInt epochs) {
        if (isRunning()) {
            return false;
        }
        var spec = job.orElseThrow();
        result = Optional.empty();
        error = "";
        done = 0;
        epoch = 0;
        stopping = false;
        var thread = new Thread(() -> run(spec, epochs), "espalier-retrain");
        thread.setDaemon(true);
        worker = Optional.of(thread);
        thread.start();
        return true;
    }

    /** Whatever happens, there is an end, for which the page waits. */
    private void run(Retrain spec, OptionalInt epochs) {
        Optional<Retrain.Result> made = Optional.empty();
        String message = "The training ended with a fault; the log has more.";
        try {
            made = Optional.of(wanted(spec, epochs).run(this));
            message = "";
        } catch (RuntimeException failure) {
            LOG.error("training again failed", failure);
            message = String.valueOf(failure.getMessage());
        } catch (OutOfMemoryError large) {
            LOG.error("training again failed", large);
            message = "There was not enough memory. Maybe other programs take it, or the pictures are huge.";
        } finally {
            end(made, message);
        }
    }

    private static Retrain wanted(Retrain spec, OptionalInt epochs) {
        if (epochs.isEmpty()) {
            return spec;
        }
        var before = spec.training().schedule();
        return spec.schedule(FineTune.of(epochs.getAsInt())
                .freezeEpochs(before.freezeEpochs())
                .lr(before.lr()));
    }

    private synchronized void end(Optional<Retrain.Result> made, String message) {
        result = made.filter(outcome -> !outcome.report().interrupted());
        error = message.isEmpty() && result.isEmpty() ? "The training was stopped." : message;
        worker = Optional.empty();
        fit = Optional.empty();
    }

    /** Ends after the present batch; nothing is written. */
    synchronized void stop() {
        stopping = true;
        fit.ifPresent(running -> running.learner().interrupt());
    }

    @Override
    public synchronized void beforeFit(Fit fit) {
        this.fit = Optional.of(fit);
        epochs = fit.plan().stream().mapToInt(Cycle::epochs).sum();
        if (stopping) {
            fit.learner().interrupt();
        }
    }

    @Override
    public synchronized void afterBatch(Fit fit, Step step) {
        epoch = fit.history().epochs().size();
        int batches = Math.max(1, fit.learner().loaders().train().batches());
        double part = (double) fit.position().batch() / batches;
        done = epochs == 0 ? 1 : (epoch + part) / epochs;
    }

    /** What the page shows. */
    synchronized Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("offered", isOffered());
        state.put("running", isRunning());
        state.put("done", Math.min(1, done));
        state.put("epoch", epoch);
        state.put("epochs", epochs);
        state.put("error", error);
        result.ifPresent(made -> state.put("result", map(made)));
        return state;
    }

    private static Map<String, Object> map(Retrain.Result result) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("before", map(result.before()));
        map.put("after", map(result.after()));
        map.put("valid_items", result.validItems());
        map.put("out", String.valueOf(result.out().getFileName()));
        map.put("seconds", result.report().seconds());
        return map;
    }

    private static Map<String, Object> map(Retrain.Figures figures) {
        return Map.of("error_rate", figures.errorRate(), "loss", figures.loss());
    }

    /** Stops, and waits for the end. */
    @Override
    public void close() throws InterruptedException {
        Optional<Thread> running;
        synchronized (this) {
            running = worker;
        }
        stop();
        if (running.isPresent()) {
            running.get().join(30_000);
        }
    }
}
