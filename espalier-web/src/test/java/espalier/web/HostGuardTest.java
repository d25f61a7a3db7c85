package espalier.web;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.web.HostGuard.Caller;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostGuardTest {
    private static final String TOKEN = "0123456789abcdef";

    private final HostGuard local = new HostGuard(true, 8080, List.of(), Optional.empty());
    private final HostGuard guarded = new HostGuard(true, 8080, List.of(), Optional.of(TOKEN));

    private static Caller get(String host) {
        return new Caller("GET", List.of(host), List.of(), false, List.of());
    }

    private static Caller post(String host, List<String> origins, boolean browser) {
        return new Caller("POST", List.of(host), origins, browser, List.of());
    }

    private static Caller with(String... tokens) {
        return new Caller("GET", List.of("localhost:8080"), List.of(), false, List.of(tokens));
    }

    private static int status(Optional<WebException> refusal) {
        return refusal.map(WebException::status).orElse(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST:8080"})
    void localNames_pass(String host) {
        assertThat(local.refusal(get(host), false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.com",
                "evil.com:8080",
                "127.0.0.1.nip.io:8080",
                "localhost.evil.com:8080",
                "localhost",
                "localhost:8081",
                "localhost:80800",
                "127.0.0.2:8080",
                "[::2]:8080",
                "",
                ":8080",
                "localhost:8080:8080",
                "user@localhost:8080",
                "localhost:8080.evil.com"
            })
    void S02_otherNames_areRefused(String host) {
        assertThat(status(local.refusal(get(host), false))).isEqualTo(421);
        assertThat(status(local.refusal(get(host), true))).as("open address").isEqualTo(421);
        assertThat(local.refusal(get(host), true).orElseThrow().message())
                .as("not every server has the option")
                .doesNotContain("--allow-host");
    }

    @Test
    void S02_noHostOrTwo_areRefused() {
        assertThat(status(local.refusal(new Caller("GET", List.of(), List.of(), false, List.of()), true)))
                .isEqualTo(400);
        var two = List.of("localhost:8080", "evil.com");
        assertThat(status(local.refusal(new Caller("GET", two, List.of(), false, List.of()), true)))
                .isEqualTo(400);
    }

    @Test
    void allowedNames_passWithAnyPort() {
        var guard = new HostGuard(true, 8080, List.of("dogs.example.org"), Optional.empty());
        assertThat(guard.refusal(get("dogs.example.org"), false)).isEmpty();
        assertThat(guard.refusal(get("dogs.example.org:443"), false)).isEmpty();
        assertThat(guard.refusal(get("localhost:8080"), false)).isEmpty();
        assertThat(status(guard.refusal(get("cats.example.org"), false))).isEqualTo(421);
        var open = new HostGuard(false, 8080, List.of("dogs.example.org"), Optional.of(TOKEN));
        assertThat(status(open.refusal(get("cats.example.org"), true))).isEqualTo(421);
    }

    @Test
    void S03_postsFromElsewhere_areRefused() {
        var refused = List.of(
                List.of("http://evil.com"),
                List.of("null"),
                List.of(""),
                List.of("http://localhost:8081"),
                List.of("http://localhost:8080.evil.com"),
                List.of("file://"),
                List.of("http://127.0.0.1:8080"),
                List.of("http://localhost:8080", "http://evil.com"));
        for (var origins : refused) {
            assertThat(status(local.refusal(post("localhost:8080", origins, true), false)))
                    .as("origin %s", origins)
                    .isEqualTo(403);
        }
    }

    @Test
    void S03_browserWithoutOrigin_isRefusedProgramIsNot() {
        assertThat(status(local.refusal(post("localhost:8080", List.of(), true), false)))
                .isEqualTo(403);
        assertThat(local.refusal(post("localhost:8080", List.of(), false), false))
                .isEmpty();
    }

    @Test
    void ownPage_mayPost() {
        assertThat(local.refusal(post("localhost:8080", List.of("http://localhost:8080"), true), false))
                .isEmpty();
        assertThat(local.refusal(post("localhost:8080", List.of("https://localhost:8080"), true), false))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS", "get"})
    void S03_everyOtherMethod_isCheckedToo(String method) {
        var caller = new Caller(method, List.of("localhost:8080"), List.of("http://evil.com"), true, List.of());
        assertThat(status(local.refusal(caller, true))).isEqualTo(403);
    }

    @Test
    void S23_token_mustBeShownAndRight() {
        assertThat(status(guarded.refusal(with(), false))).isEqualTo(401);
        assertThat(status(guarded.refusal(with(""), false))).isEqualTo(401);
        assertThat(status(guarded.refusal(with("0123456789abcdeX"), false))).isEqualTo(401);
        assertThat(status(guarded.refusal(with("0123456789abcde"), false))).isEqualTo(401);
        assertThat(status(guarded.refusal(with(TOKEN, "other"), false))).isEqualTo(401);
        assertThat(guarded.refusal(with(TOKEN), false)).isEmpty();
        assertThat(guarded.refusal(with(), true)).as("open address").isEmpty();
    }

    @Test
    void S23_token_isReadFromTwoHeaders() {
        assertThat(HostGuard.tokens(List.of("a"), List.of("Bearer b", "bearer  c ", "Basic d")))
                .containsExactly("a", "b", "c", "");
    }
}
