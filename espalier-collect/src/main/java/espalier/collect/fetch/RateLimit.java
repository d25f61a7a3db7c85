package espalier.collect.fetch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The {@code X-RateLimit-*} headers: how many requests are left, and when there will be more. */
final class RateLimit {
    private static final long LOOKS_LIKE_A_DATE = 1_000_000_000;

    private RateLimit() {}

    /**
     * How long to wait after an answer that used up a limit; empty when none is. Several limits stand in
     * one header with commas, or in several headers; {@code otherwise} is the wait when no time is given.
     */
    static Optional<Duration> pause(Response response, Instant now, Duration otherwise) {
        Duration longest = null;
        for (var header : response.headers().entrySet()) {
            String name = header.getKey();
            if (!name.startsWith("x-ratelimit-remaining") && !name.startsWith("x-ratelimit-available")) {
                continue;
            }
            List<String> left = split(header.getValue().get(0));
            List<String> reset = split(response.header(name.replaceFirst("remaining|available", "reset"))
                    .orElse(""));
            for (int i = 0; i < left.size(); i++) {
                if (left.get(i).equals("0")) {
                    Duration wait = i < reset.size() ? until(reset.get(i), now, otherwise) : otherwise;
                    longest = longest == null || wait.compareTo(longest) > 0 ? wait : longest;
                }
            }
        }
        return Optional.ofNullable(longest);
    }

    private static Duration until(String reset, Instant now, Duration otherwise) {
        if (!reset.matches("[0-9]{1,12}")) {
            return otherwise;
        }
        long seconds = Long.parseLong(reset);
        return seconds < LOOKS_LIKE_A_DATE
                ? Duration.ofSeconds(seconds)
                : Duration.ofSeconds(Math.max(0, seconds - now.getEpochSecond()));
    }

    private static List<String> split(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\\s*,\\s*"));
    }
}
