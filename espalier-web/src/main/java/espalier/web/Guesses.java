package espalier.web;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Slows the guessing of tokens: the first wrong ones from an address are answered at once, further ones at one a second,
 * and while that many answers are due, nothing with a token is looked at from there. Nobody waits for long, and who has the
 * right token is kept out for seconds at most, by somebody behind the same address.
 */
final class Guesses {
    private static final long PACE = TimeUnit.SECONDS.toNanos(1);
    /** So many wrong tokens cost nothing: a person mistypes. */
    private static final int FREE = 10;

    private static final int MOST_DUE = 4;
    private static final int MOST_ADDRESSES = 10_000;

    /** By address: when its last answer is due. */
    private final Map<String, Long> due = new ConcurrentHashMap<>();

    /** Why a request with a token is not looked at; empty when it is. */
    Optional<WebException> refusal(String address, HostGuard.Caller caller) {
        var last = Optional.ofNullable(due.get(address));
        boolean tooMany = last.isPresent() && last.get() - System.nanoTime() >= MOST_DUE * PACE;
        return tooMany && !caller.tokens().isEmpty()
                ? Optional.of(new WebException(429, "too_many_guesses", "Too many wrong tokens came from this address.")
                        .retryAfter(MOST_DUE))
                : Optional.empty();
    }

    /** Notes a wrong token; for how many nanoseconds its answer is to wait. */
    long wrong(String address) {
        long now = System.nanoTime();
        if (due.size() >= MOST_ADDRESSES) {
            due.values().removeIf(last -> last - now < -FREE * PACE);
        }
        long last =
                due.merge(address, now - (FREE - 1) * PACE, (before, first) -> Math.max(before, first - PACE) + PACE);
        return Math.max(0, last - now);
    }
}
