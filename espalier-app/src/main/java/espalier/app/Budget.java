package espalier.app;

import java.time.Duration;
import java.util.Locale;

/**
 * How long a training may take that finds its own way, see {@link Recipe#budget}.
 *
 * @param time the time
 * @param afterFeatures whether it begins when the body has seen all pictures, however long that takes, rather than at the start
 */
public record Budget(Duration time, boolean afterFeatures) {
    private static final Duration USUAL = Duration.ofMinutes(2);

    /** Checks that it is long enough. */
    public Budget {
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a budget is a second or more, received " + time + ".");
        }
    }

    /** This time for everything, from making the loaders (on the command line, from the start of the process) to the model file. */
    public static Budget of(Duration time) {
        return new Budget(time, false);
    }

    /** As long as it takes to look at each picture once, then two minutes: it fits data sets of any size. */
    public static Budget auto() {
        return new Budget(USUAL, true);
    }

    /**
     * By its name: {@code "auto"}, or a time such as {@code "30s"}, {@code "2m"} or {@code "1h"}.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static Budget named(String text) {
        var word = text.strip().toLowerCase(Locale.ROOT);
        if (word.equals("auto")) {
            return auto();
        }
        if (!word.matches("[0-9]{1,7}[smh]")) {
            throw new IllegalArgumentException("expected auto or a time such as 30s, 2m or 1h, received " + text);
        }
        long number = Long.parseLong(word.substring(0, word.length() - 1));
        return of(
                switch (word.charAt(word.length() - 1)) {
                    case 's' -> Duration.ofSeconds(number);
                    case 'm' -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                });
    }

    double seconds() {
        return time.toMillis() / 1e3;
    }

    /** The name by which {@link #named} finds it. */
    @Override
    public String toString() {
        return afterFeatures ? "auto" : time.toSeconds() + "s";
    }
}
