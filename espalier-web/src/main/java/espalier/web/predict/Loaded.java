package espalier.web.predict;

import espalier.predict.Predictor;
import java.time.Instant;
import java.util.Optional;

/**
 * One version of a model in memory. It stays until the last request that uses it has ended, also when a newer one has
 * taken its place.
 */
final class Loaded {
    private final String name;
    private final Predictor predictor;
    private final String version;
    private final boolean owned;
    private final Instant since = Instant.now();
    private Optional<Predictor> parallel = Optional.empty();
    private volatile Source source;
    private int users;
    private boolean retired;

    /** How the file that a model came from is now. What is served does not depend on it. */
    enum Source {
        /** It is what was loaded. */
        PRESENT,
        /** It is gone. */
        MISSING,
        /** Another one is in its place, which cannot be loaded. */
        UNUSABLE,
        /** The model came from no file. */
        NONE
    }

    /** @param owned whether the predictor is closed when this version is no longer needed */
    Loaded(String name, Predictor predictor, String version, boolean owned) {
        this.name = name;
        this.predictor = predictor;
        this.version = version;
        this.owned = owned;
        this.source = owned ? Source.PRESENT : Source.NONE;
    }

    String name() {
        return name;
    }

    Predictor predictor() {
        return predictor;
    }

    /** The same model for {@link #runs} at once: other threads and memory, made when first asked for. */
    synchronized Predictor parallel() {
        if (parallel.isEmpty()) {
            var task = predictor.task().parallel();
            parallel = Optional.of(task == predictor.task() ? predictor : Predictor.of(task));
        }
        return parallel.get();
    }

    /** How many runs of {@link #parallel} fill the machine. */
    int runs() {
        return parallel().task().runs();
    }

    /** The first digits of the weights' digest, a dot, and how often the file was loaded. */
    String version() {
        return version;
    }

    Source source() {
        return source;
    }

    void source(Source source) {
        this.source = source;
    }

    /** Whether a start of the server would not give this model again. */
    boolean isStale() {
        return source == Source.MISSING || source == Source.UNUSABLE;
    }

    Instant since() {
        return since;
    }

    /** Begins a use; false when this version has been replaced meanwhile. */
    synchronized boolean enter() {
        if (!retired) {
            users++;
        }
        return !retired;
    }

    /** Ends a use. */
    synchronized void leave() {
        users--;
        freeIfUnused();
    }

    /** No new uses from now on. */
    synchronized void retire() {
        if (!retired) {
            retired = true;
            freeIfUnused();
        }
    }

    private void freeIfUnused() {
        if (retired && users == 0 && owned) {
            predictor.close();
        }
    }
}
