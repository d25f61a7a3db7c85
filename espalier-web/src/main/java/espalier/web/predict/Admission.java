package espalier.web.predict;

import espalier.web.WebException;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** How many pictures may be at work or wait; whoever comes when all places are taken is sent away at once. */
final class Admission {
    private static final long RECENT = 1_000_000_000L;

    private final int places;
    private final Semaphore free;
    private volatile double secondsEach = 0.05;
    private volatile long lastRefusal = System.nanoTime() - RECENT;

    Admission(int places) {
        this.places = places;
        this.free = new Semaphore(places);
    }

    /** Places that are taken, until closed. */
    final class Ticket implements AutoCloseable {
        private final int count;

        private Ticket(int count) {
            this.count = count;
        }

        @Override
        public void close() {
            free.release(count);
        }
    }

    /** Takes places for so many pictures. @throws WebException 503 with the seconds after which to come back */
    Ticket enter(int count) {
        if (count > places) {
            throw new WebException(413, "too_many", "At most " + places + " pictures are taken at once.");
        }
        if (!free.tryAcquire(count)) {
            throw refused();
        }
        return new Ticket(count);
    }

    /** Why not even one picture would get in now, before anything is done for it. */
    Optional<WebException> refusal() {
        return free.availablePermits() > 0 ? Optional.empty() : Optional.of(refused());
    }

    private WebException refused() {
        lastRefusal = System.nanoTime();
        return new WebException(503, "busy", "Too many pictures wait already.").retryAfter(patience());
    }

    /** How many pictures are at work or wait. */
    int taken() {
        return places - free.availablePermits();
    }

    /** Whether everybody gets in now, and got in during the last second. */
    boolean isCalm() {
        return free.availablePermits() > 0 && System.nanoTime() - lastRefusal >= RECENT;
    }

    /** Learns how long the model took, for telling when to come back. */
    void took(double seconds, int pictures) {
        secondsEach = 0.9 * secondsEach + 0.1 * seconds / pictures;
    }

    private int patience() {
        return (int) Math.max(1, Math.min(30, Math.ceil(secondsEach * places)));
    }
}
