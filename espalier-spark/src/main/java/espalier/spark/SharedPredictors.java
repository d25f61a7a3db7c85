package espalier.spark;

import espalier.predict.Engines;
import espalier.predict.Predictor;
import espalier.tensor.Machine;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The predictors of this JVM, which an executor's tasks share: each model is loaded once. A few that nobody uses stay, so that the
 * next stage or the next batch of a stream finds them loaded.
 */
final class SharedPredictors {
    /** How many stay that no task uses. */
    static final int MOST_IDLE = 4;

    /** Those used last are last. */
    private static final Map<String, Shared> PREDICTORS = new LinkedHashMap<>(16, 0.75f, true);

    private SharedPredictors() {}

    private static final class Shared {
        private final Predictor predictor;
        private int users;

        Shared(Predictor predictor) {
            this.predictor = predictor;
        }
    }

    /** A predictor until it is given back. */
    static final class Borrowed implements AutoCloseable {
        private final Shared shared;
        private boolean closed;

        private Borrowed(Shared shared) {
            this.shared = shared;
        }

        Predictor predictor() {
            return shared.predictor;
        }

        /** Gives it back. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                giveBack(shared);
            }
        }
    }

    /**
     * Borrows a predictor for the calling thread.
     *
     * @param key equal for equal models on equal engines
     * @param threads how many threads each run of the model may use
     * @param loading loads it, when it is the first that is asked for
     */
    static synchronized Borrowed borrow(String key, int threads, Supplier<Predictor> loading) {
        var shared = PREDICTORS.computeIfAbsent(key, missing -> load(threads, loading));
        shared.users++;
        if (shared.predictor.engine().startsWith(Engines.LIBTORCH)) {
            Machine.threads(threads); // which libtorch keeps for each thread
        }
        return new Borrowed(shared);
    }

    private static synchronized void giveBack(Shared shared) {
        shared.users--;
        closeIdle(MOST_IDLE);
    }

    private static Shared load(int threads, Supplier<Predictor> loading) {
        int before = Engines.threads();
        Engines.threads(threads);
        try {
            return new Shared(loading.get());
        } finally {
            Engines.threads(before);
        }
    }

    /** How many are loaded. */
    static synchronized int size() {
        return PREDICTORS.size();
    }

    /** Closes those that no task uses, but for the last {@code most}. */
    static synchronized void closeIdle(int most) {
        long idle =
                PREDICTORS.values().stream().filter(shared -> shared.users == 0).count();
        for (Iterator<Shared> all = PREDICTORS.values().iterator(); idle > most && all.hasNext(); ) {
            var shared = all.next();
            if (shared.users == 0) {
                shared.predictor.close();
                all.remove();
                idle--;
            }
        }
    }
}
