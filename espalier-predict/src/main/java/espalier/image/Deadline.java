package espalier.image;

import java.time.Duration;
import java.util.Locale;

/** When the work on one picture must be done; decoders ask now and then whether it has come. */
final class Deadline {
    private final Duration limit;
    private final long start = System.nanoTime();

    private Deadline(Duration limit) {
        this.limit = limit;
    }

    /** A deadline that is {@code limit} away. */
    static Deadline in(Duration limit) {
        return new Deadline(limit);
    }

    /** Throws when the time is up. */
    void check() throws Unreadable {
        if (System.nanoTime() - start > limit.toNanos()) {
            throw new Unreadable(
                    String.format(Locale.ROOT, "decoding takes longer than %.4g s", limit.toMillis() / 1e3),
                    "Maybe the file is built to keep a decoder busy; or the machine is overloaded: allow more time");
        }
    }
}
