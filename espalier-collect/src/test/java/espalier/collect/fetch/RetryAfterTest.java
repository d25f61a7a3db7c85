package espalier.collect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @Test
    void N06_secondsAndDates_areUnderstood() {
        assertThat(RetryAfter.parse("7", NOW)).contains(Duration.ofSeconds(7));
        assertThat(RetryAfter.parse(" 1000000000 ", NOW)).contains(Duration.ofSeconds(1_000_000_000));
        assertThat(RetryAfter.parse("Sun, 22 Nov 2026 10:00:30 GMT", NOW)).contains(Duration.ofSeconds(30));
        assertThat(RetryAfter.parse("Sun, 22 Nov 2026 09:00:00 GMT", NOW)).contains(Duration.ZERO);
    }

    @Test
    void N06_garbage_isEmpty() {
        for (String text : new String[] {"", "soon", "-5", "1.5", "9".repeat(30), "Sun, 99 Nov 2026"}) {
            assertThat(RetryAfter.parse(text, NOW)).as(text).isEmpty();
        }
    }
}
