package espalier.collect.fetch;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The {@code Retry-After} header: seconds or an HTTP date. */
public final class RetryAfter {
    private RetryAfter() {}

    /**
     * How long the header {@code value} asks to wait, seen at {@code now}; empty when it makes no sense
     * (garbage, negative). A date in the past is zero; absurdly many seconds stay absurd, for the caller to refuse.
     */
    public static Optional<Duration> parse(String value, Instant now) {
        String text = value.strip();
        if (text.matches("[0-9]{1,15}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(now, then);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException garbage) {
            return Optional.empty();
        }
    }
}
