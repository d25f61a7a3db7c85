package espalier.collect.fetch;

import java.time.Duration;

/** A moment by which something must be done, on the clock that nobody can set. */
record Deadline(Duration limit, long nanos) {
    static Deadline in(Duration limit) {
        return new Deadline(limit, System.nanoTime() + limit.toNanos());
    }

    boolean passed() {
        return nanos - System.nanoTime() <= 0;
    }

    /** What is left, at least a millisecond: zero would mean "for ever" to a socket. */
    Duration left() {
        return Duration.ofNanos(Math.max(1_000_000, nanos - System.nanoTime()));
    }

    /** The shorter of what is left and {@code other}, in milliseconds for a socket. */
    int leftMillis(Duration other) {
        return (int) Math.max(1, Math.min(left().toMillis(), other.toMillis()));
    }
}
