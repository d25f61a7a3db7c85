package espalier.web;

import static espalier.web.RawHttp.exchange;
import static espalier.web.RawHttp.head;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients send that no decent client sends, and how it is answered. */
@Timeout(60)
class ProtocolTest {
    private static final String TOKEN = "0123456789abcdef";

    private RunningServer server;
    private int port;

    @BeforeEach
    void start() {
        server = WebServer.of("test")
                .token(TOKEN)
                .allowHost("models.example.org")
                .get("/api/state", ctx -> Json.answer(ctx, Map.of("is", "well")))
                .open("/open", ctx -> Json.answer(ctx, Map.of("is", "open")))
                .probe("/health/live", ctx -> Json.answer(ctx, Map.of("status", "up")))
                .post("/api/change", ctx -> Json.answer(ctx, Map.of("bytes", Body.bytes(ctx).length)))
                .start(0);
        port = server.port();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private static String get(String path, String host) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    private RawHttp.Reply shown(String token) throws IOException {
        return exchange(port, head(port, "GET", "/api/state", "X-Espalier-Token: " + token));
    }

    /** Kubernetes and load balancers ask by the number of the machine, whatever name the proxy in front has. */
    @Test
    void health_answersAnyHost_andNothingElseDoes() throws IOException {
        for (String host : List.of("10.1.2.3:8080", "pod-7", "models.example.org", "evil.com")) {
            assertThat(exchange(port, get("/health/live", host)).status())
                    .as(host)
                    .isEqualTo(200);
        }
        assertThat(exchange(port, get("/open", "10.1.2.3:8080")).status()).isEqualTo(421);
        assertThat(exchange(port, get("/health/../api/state", "10.1.2.3:8080")).status())
                .isNotEqualTo(200);
        assertThat(exchange(port, get("/health/live/../../open", "10.1.2.3:8080"))
                        .status())
                .isNotEqualTo(200);
        assertThat(exchange(port, "POST /health/live HTTP/1.1\r\nHost: evil.com\r\nContent-Length: 0\r\n\r\n")
                        .status())
                .isEqualTo(421);
    }

    @Test
    void S23_tokenGuesses_areSlowed_andTheRightTokenPasses() throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < 12; i++) {
            assertThat(shown("wrong-wrong-wrong-" + i).status()).isEqualTo(401);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        assertThat(seconds).as("ten are free, then one a second").isBetween(1L, 10L);
        assertThat(shown(TOKEN).status()).isEqualTo(200);
        var many = new ArrayList<RawHttp>();
        for (int i = 0; i < 12; i++) {
            var http = RawHttp.connect("127.0.0.1", port);
            http.send(head(port, "GET", "/api/state", "X-Espalier-Token: guess-guess-guess-" + i)
                    .getBytes(StandardCharsets.US_ASCII));
            many.add(http);
        }
        var statuses = new ArrayList<Integer>();
        for (var http : many) {
            statuses.add(http.reply().status());
            http.close();
        }
        assertThat(statuses).contains(429).containsOnly(401, 429);
        assertThat(exchange(port, head(port, "GET", "/open")).status())
                .as("what needs no token is answered meanwhile")
                .isEqualTo(200);
        Thread.sleep(Duration.ofSeconds(5).toMillis());
        assertThat(shown(TOKEN).status()).isEqualTo(200);
    }

    @Test
    void S16_websockets_areRefused_andNoCookieIsSet() throws IOException {
        for (String path : List.of("/", "/open", "/api/state")) {
            var reply = exchange(
                    port,
                    head(
                            port,
                            "GET",
                            path,
                            "X-Espalier-Token: " + TOKEN,
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
            assertThat(reply.status()).as(path).isEqualTo(400);
            assertThat(reply.header("set-cookie")).isEmpty();
        }
    }

    /** Java's own client offers HTTP/2 so; it must be answered as ever. */
    @Test
    void S17_offersOfHttp2_areIgnored() throws IOException {
        var reply = exchange(
                port,
                head(
                        port,
                        "GET",
                        "/open",
                        "Connection: Upgrade, HTTP2-Settings",
                        "Upgrade: h2c",
                        "HTTP2-Settings: AA"));
        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void S16_brokenChunks_are400() throws IOException {
        for (String body : List.of("zz\r\nabc\r\n0\r\n\r\n", "-1\r\nabc\r\n0\r\n\r\n", "3\r\nabcdef\r\n0\r\n\r\n")) {
            var reply = exchange(
                    port,
                    head(port, "POST", "/api/change", "X-Espalier-Token: " + TOKEN, "Transfer-Encoding: chunked")
                            + body);
            assertThat(reply.status()).as(body).isEqualTo(400);
            assertThat(reply.text()).contains("bad_request");
        }
    }

    @Test
    void S16_linesThatEndInABareLf_areRefused() throws IOException {
        assertThat(exchange(port, "GET /open HTTP/1.1\nHost: 127.0.0.1:" + port + "\n\n")
                        .status())
                .isEqualTo(400);
        assertThat(exchange(
                                port,
                                head(
                                                port,
                                                "POST",
                                                "/api/change",
                                                "X-Espalier-Token: " + TOKEN,
                                                "Transfer-Encoding: chunked")
                                        + "3\nabc\n0\n\n")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void otherVersionsOfHttp_areCalledSo() throws IOException {
        var reply = exchange(port, "GET /open HTTP/3.7\r\nHost: 127.0.0.1:" + port + "\r\n\r\n");
        assertThat(reply.status()).isEqualTo(505);
        assertThat(reply.text()).contains("wrong_http_version").doesNotContain("internal");
    }

    @Test
    void S09_whenAllConnectionsAreTakenBySilence_aGoodClientIsServedSoon() throws Exception {
        try (var small = WebServer.of("small")
                .limits(Limits.of().connections(20))
                .open("/open", ctx -> Json.answer(ctx, Map.of("is", "open")))
                .start(0)) {
            var idle = new ArrayList<RawHttp>();
            for (int i = 0; i < 40; i++) {
                idle.add(RawHttp.connect("127.0.0.1", small.port()));
            }
            long start = System.nanoTime();
            assertThat(exchange(small.port(), head(small.port(), "GET", "/open"))
                            .status())
                    .isEqualTo(200);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(6_000);
            for (var one : idle) {
                one.close();
            }
        }
    }
}
