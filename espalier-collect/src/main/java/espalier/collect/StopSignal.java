package espalier.collect;

import java.util.ArrayList;
import java.util.List;

/**
 * Asks a running collection to end early and in good order, from any thread: what was kept so far is written into the
 * reports, and the same call goes on where it stopped. Unlike an interrupt it breaks no file that is being written.
 */
public final class StopSignal {
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean asked;

    /** A signal that nobody has given yet. */
    public StopSignal() {}

    /** Asks all work that heeds this signal to end, now and in the future. */
    public void ask() {
        List<Runnable> now;
        synchronized (this) {
            asked = true;
            now = List.copyOf(listeners);
        }
        now.forEach(Runnable::run);
    }

    /** Whether the end was asked for. */
    public synchronized boolean isAsked() {
        return asked;
    }

    /** Runs {@code listener} when the end is asked for, at once if it was, until the result is closed. */
    Listening listen(Runnable listener) {
        boolean now;
        synchronized (this) {
            listeners.add(listener);
            now = asked;
        }
        if (now) {
            listener.run();
        }
        return () -> {
            synchronized (this) {
                listeners.remove(listener);
            }
        };
    }

    /** Ends listening when closed. */
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }
}
