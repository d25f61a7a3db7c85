package espalier.collect.fetch;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Asks web interfaces, one request after the other: waits when a server says it is busy, tries again
 * when it breaks, and turns every other status into an exception. When an answer says that it was the
 * last one for now ({@code X-RateLimit-*}), the next request waits. For one thread at a time.
 */
public final class Api {
    private static final int MAX_TEXT = 20_000_000;
    private static final int TRIES = 3;

    private final Fetcher fetcher;
    private final Duration backoff;
    private final Duration longestWait;
    private Duration rest = Duration.ZERO;

    private Api(Fetcher fetcher, Duration backoff, Duration longestWait) {
        this.fetcher = fetcher;
        this.backoff = backoff;
        this.longestWait = longestWait;
    }

    /** Asks through {@code fetcher}; waits at most 60 s when a server asks for a pause. */
    public static Api of(Fetcher fetcher) {
        return new Api(fetcher, Duration.ofSeconds(1), Duration.ofSeconds(60));
    }

    /** This, with another first wait (doubled each time) and another longest pause that a server may ask for. */
    public Api waits(Duration first, Duration longest) {
        return new Api(fetcher, first, longest);
    }

    /**
     * The text that a server answers.
     *
     * @throws FetchException when there is none, or of kind {@code STATUS} with what the server said
     */
    public String text(Request request) throws IOException {
        return text(request, said -> false);
    }

    /**
     * The text that a server answers, which is asked again as after HTTP 503 when {@code busy} tells of an answer in good
     * order that it only says so.
     *
     * @throws FetchException when there is none, or of kind {@code STATUS} with what the server said
     */
    public String text(Request request, Predicate<String> busy) throws IOException {
        pause(rest);
        for (int attempt = 0; ; attempt++) {
            Duration wait;
            try (var response = fetcher.get(request)) {
                int status = response.status();
                boolean ordered = status / 100 == 2;
                String said = ordered ? response.text(MAX_TEXT) : "";
                if (ordered && !busy.test(said)) {
                    rest = RateLimit.pause(response, Instant.now(), backoff)
                            .filter(time -> time.compareTo(longestWait) <= 0)
                            .orElse(Duration.ZERO);
                    return said;
                }
                Optional<Duration> asked =
                        response.header("retry-after").flatMap(text -> RetryAfter.parse(text, Instant.now()));
                wait = asked.orElse(backoff.multipliedBy(1L << attempt));
                boolean worthIt = ordered || status == 429 || status >= 500;
                if (!worthIt || attempt + 1 >= TRIES || wait.compareTo(longestWait) > 0) {
                    throw ordered
                            ? failure(request, response, 503, said, asked)
                            : failure(request, response, status, response.text(MAX_TEXT), asked);
                }
            } catch (FetchException failure) {
                if (!failure.isTransient() || attempt + 1 >= TRIES) {
                    throw failure;
                }
                wait = backoff.multipliedBy(1L << attempt);
            }
            pause(wait);
        }
    }

    private static FetchException failure(
            Request request, Response response, int status, String text, Optional<Duration> asked) {
        String said = text.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
        String wait =
                asked.map(time -> ", asks to wait " + time.toSeconds() + " s").orElse("");
        String excerpt = said.isEmpty() ? "" : ": " + said.substring(0, Math.min(said.length(), 300));
        return new FetchException(
                status, request.redact(response.url().host() + " answers HTTP " + response.status() + wait + excerpt));
    }

    private static void pause(Duration wait) throws FetchException {
        try {
            Thread.sleep(wait.toMillis());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new FetchException(FetchException.Kind.BROKEN, "interrupted", stop);
        }
    }
}
