package espalier.web;

import static espalier.web.RawHttp.exchange;
import static espalier.web.RawHttp.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebServerTest {
    private static final String TOKEN = "0123456789abcdef";
    private static final int MOST = 1000;

    private final AtomicInteger changes = new AtomicInteger();
    private RunningServer server;
    private int port;

    @BeforeEach
    void start() {
        server = options().start(0);
        port = server.port();
    }

    @Test
    void head_isAnsweredWithTheHeadersOfGet() throws Exception {
        for (String path : List.of("/espalier.css", "/api/state", "/health/live")) {
            var get = raw("GET", path);
            assertThat(get).anyMatch(line -> line.startsWith("content-type"));
            assertThat(raw("HEAD", path)).as(path).isEqualTo(get);
        }
    }

    /** The lines of an answer's head in lower case, without its date. */
    private List<String> raw(String method, String path) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            String request =
                    method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            assertThat(answer.length() - end - 4 > 0).as("a body").isEqualTo(method.equals("GET"));
            return answer.substring(0, end)
                    .lines()
                    .map(String::toLowerCase)
                    .filter(line -> !line.startsWith("date"))
                    .toList();
        }
    }

    private WebServer options() {
        return WebServer.of("test")
                .limits(Limits.of().idle(Duration.ofMillis(1500)))
                .get("/api/state", ctx -> Json.answer(ctx, Map.of("changes", changes.get())))
                .open("/health/live", ctx -> Json.answer(ctx, Map.of("status", "up")))
                .post(
                        "/api/change",
                        BodyLimit.of(MOST),
                        ctx -> Json.answer(
                                ctx, Map.of("is", changes.incrementAndGet(), "bytes", Body.bytes(ctx).length)))
                .post("/api/json", ctx -> Json.answer(ctx, Json.object(ctx)))
                .post("/api/slow", ctx -> {
                    Thread.sleep(4000);
                    Json.answer(ctx, Map.of("bytes", Body.bytes(ctx).length));
                })
                .get("/api/fault", ctx -> {
                    throw new IllegalStateException("secret of the server\nforged line");
                });
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private RawHttp.Reply get(String path, String... lines) throws IOException {
        return exchange(port, head(port, "GET", path, lines));
    }

    private RawHttp.Reply post(String path, String body, String... lines) throws IOException {
        var all = new ArrayList<>(List.of(lines));
        all.add("Content-Length: " + body.length());
        return exchange(port, head(port, "POST", path, all.toArray(String[]::new)) + body);
    }

    @Test
    void S01_onlyTheLocalAddressIsListenedTo() throws IOException {
        for (var network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(network.getInetAddresses())) {
                if (!address.isLoopbackAddress()) {
                    assertThatThrownBy(() -> new Socket(address, port).close())
                            .as("address %s", address)
                            .isInstanceOf(ConnectException.class);
                }
            }
        }
        assertThat(get("/api/state").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void S01_otherAddressesWithoutToken_doNotStart(String host) {
        assertThatThrownBy(() -> options().host(host).start(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token")
                .hasMessageContaining("Maybe");
        assertThatThrownBy(() -> options().token("short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16");
    }

    @Test
    void S01_otherAddressesWithToken_startAndInsistOnIt() throws IOException {
        try (var open = options().host("0.0.0.0").token(TOKEN).start(0)) {
            String head = "GET %s HTTP/1.1\r\nHost: dogs.example.org\r\n%s\r\n";
            assertThat(exchange(open.port(), head.formatted("/api/state", "")).status())
                    .isEqualTo(401);
            assertThat(exchange(open.port(), head.formatted("/api/state", "Authorization: Bearer " + TOKEN + "\r\n"))
                            .status())
                    .isEqualTo(200);
            assertThat(exchange(open.port(), head.formatted("/health/live", "")).status())
                    .isEqualTo(200);
            assertThat(exchange(open.port(), head.formatted("/espalier.js", "")).status())
                    .isEqualTo(200);
            assertThat(open.url()).isEqualTo("http://localhost:" + open.port());
            assertThat(open.link()).isEqualTo(open.url() + "/#token=" + TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/../espalier.js",
                "//espalier.js",
                "/espalier.js/../api/state",
                "/x/../espalier.js/../api/state",
                "/espalier.js;/../api/state"
            })
    void S23_openAddressesInOtherSpellings_openNothing(String path) throws IOException {
        try (var guarded = options().token(TOKEN).start(0)) {
            assertThat(exchange(guarded.port(), head(guarded.port(), "GET", path))
                            .status())
                    .isIn(400, 401, 404);
        }
    }

    @Test
    void S23_token_isNotTakenFromTheAddress() throws IOException {
        try (var guarded = options().token(TOKEN).start(0)) {
            var reply = exchange(guarded.port(), head(guarded.port(), "GET", "/api/state?token=" + TOKEN));
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.header("WWW-Authenticate")).contains("Bearer");
            assertThat(reply.text()).contains("no_token").doesNotContain(TOKEN);
        }
    }

    @Test
    void S02_foreignHosts_changeNothing() throws IOException {
        String body = "POST /api/change HTTP/1.1\r\n%s\r\nContent-Length: 1\r\n\r\nx";
        assertThat(exchange(port, body.formatted("Host: evil.com")).status()).isEqualTo(421);
        assertThat(exchange(port, body.formatted("Host: 127.0.0.1.nip.io:" + port))
                        .status())
                .isEqualTo(421);
        assertThat(exchange(port, body.formatted("X: y")).status()).isEqualTo(400);
        assertThat(exchange(port, body.formatted("Host: 127.0.0.1:" + port + "\r\nHost: evil.com"))
                        .status())
                .isEqualTo(400);
        assertThat(exchange(
                                port,
                                "POST http://evil.com/api/change HTTP/1.1\r\nHost: 127.0.0.1:" + port
                                        + "\r\nContent-Length: 1\r\n\r\nx")
                        .status())
                .isIn(400, 421);
        assertThat(exchange(
                                port,
                                "POST http://evil.com/api/change HTTP/1.1\r\nHost: evil.com\r\nContent-Length: 1\r\n\r\nx")
                        .status())
                .isEqualTo(421);
        assertThat(changes).hasValue(0);
    }

    @Test
    void S03_foreignPages_changeNothing() throws IOException {
        for (String origin : List.of("http://evil.com", "null", "http://127.0.0.1:1")) {
            assertThat(post("/api/change", "x", "Origin: " + origin).status()).isEqualTo(403);
            assertThat(post("/api/change", "x", "Origin: " + origin, "Cookie: a=b")
                            .status())
                    .isEqualTo(403);
            assertThat(post("/api/change", "x", "Origin: " + origin, "Content-Type: text/plain")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(post("/api/change", "x", "Sec-Fetch-Site: cross-site").status())
                .isEqualTo(403);
        assertThat(post("/api/change", "x", "Cookie: a=b").status()).isEqualTo(403);
        var preflight = exchange(
                port,
                head(port, "OPTIONS", "/api/change", "Origin: http://evil.com", "Access-Control-Request-Method: POST"));
        assertThat(preflight.status()).isEqualTo(403);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(get("/api/change").status()).isEqualTo(405);
        assertThat(changes).hasValue(0);
        assertThat(post("/api/change", "x", "Origin: http://127.0.0.1:" + port).status())
                .isEqualTo(200);
        assertThat(post("/api/change", "x").status()).isEqualTo(200);
        assertThat(changes).hasValue(2);
    }

    @Test
    void everyAnswer_tellsTheBrowserToBeStrict() throws IOException {
        for (var reply : List.of(
                get("/api/state"),
                get("/espalier.js"),
                get("/nothing"),
                get("/api/fault"),
                post("/api/change", "x", "Origin: null"),
                exchange(port, "GARBAGE\r\n\r\n"),
                exchange(port, "GET / HTTP/1.1\r\nHost: evil.com\r\n\r\n"))) {
            assertThat(reply.header("Content-Security-Policy"))
                    .as("status %d", reply.status())
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .startsWith("default-src 'self'")
                            .contains("img-src 'self' blob: data:", "frame-ancestors 'none'")
                            .doesNotContain("unsafe"));
            assertThat(reply.header("X-Content-Type-Options")).contains("nosniff");
            assertThat(reply.header("X-Frame-Options")).contains("DENY");
            assertThat(reply.header("Referrer-Policy")).contains("no-referrer");
            assertThat(reply.header("Server")).isEmpty();
            assertThat(reply.header("Set-Cookie")).isEmpty();
            assertThat(reply.header("Access-Control-Allow-Origin")).isEmpty();
        }
        assertThat(get("/api/state").header("Cache-Control")).contains("no-store");
        assertThat(get("/nothing").text()).contains("\"code\":\"not_found\"");
    }

    @Test
    void faults_areTold_butNotTheirInsides() throws IOException {
        var reply = get("/api/fault");
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.text()).contains("\"code\":\"internal\"").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/vendor/../espalier.css",
                "/vendor/%2e%2e/espalier.css",
                "/vendor/..%2fespalier.css",
                "/vendor/%252e%252e/espalier.css",
                "/vendor\\..\\espalier.css",
                "/vendor/;/../espalier.css",
                "/vendor/%c0%ae%c0%ae/espalier.css",
                "/espalier.css%00.js",
                "/file:///etc/passwd",
                "/C:/Windows/win.ini",
                "/vendor/..;/espalier.css",
                "/%2fetc/passwd",
                "//etc/passwd",
                "/vendor/",
                "/vendor",
                "/vendor/LICENSE-htm.txt",
                "/jar:file:/x!/y",
                "/WEB-INF/web.xml",
                "/espalier/web/espalier.css",
                "/../../../../etc/passwd",
                "/vendor/%5c..%5cespalier.css",
                "/.%00./espalier.css"
            })
    void S14_addressesThatLeaveTheirPlace_findNothing(String path) throws IOException {
        var reply = get(path);
        assertThat(reply.status()).isIn(400, 404);
        assertThat(reply.text()).doesNotContain("root:", ":root");
    }

    @Test
    void assets_areSentWithTypeAndTag() throws IOException {
        var css = get("/espalier.css");
        assertThat(css.status()).isEqualTo(200);
        assertThat(css.header("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/css"));
        String tag = css.header("ETag").orElseThrow();
        var again = get("/espalier.css", "If-None-Match: " + tag);
        assertThat(again.status()).isEqualTo(304);
        for (String name : List.of(
                "/espalier.js", "/vendor/preact.mjs", "/vendor/hooks.mjs", "/vendor/htm.mjs", "/vendor/uplot.mjs")) {
            var module = get(name);
            assertThat(module.header("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/javascript"));
            assertThat(module.text())
                    .as(name)
                    .doesNotContain("sourceMappingURL")
                    .doesNotContain("from\"preact\"");
        }
    }

    @Test
    void S05_bodiesOverTheLimit_areRefusedAndForgotten() throws IOException {
        long left = server.bodiesLeft();
        assertThat(post("/api/change", "x".repeat(MOST)).text()).contains("\"bytes\":1000");
        var announced = post("/api/change", "x".repeat(MOST + 1));
        assertThat(announced.status()).isEqualTo(413);
        assertThat(announced.header("Connection")).contains("close");
        var chunked = exchange(
                port,
                head(port, "POST", "/api/change", "Transfer-Encoding: chunked")
                        + ("3e8\r\n" + "x".repeat(MOST) + "\r\n1\r\nx\r\n0\r\n\r\n"));
        assertThat(chunked.status()).isEqualTo(413);
        assertThat(chunked.header("Connection")).contains("close");
        var huge = exchange(port, head(port, "POST", "/api/change", "Content-Length: 99999999999999"));
        assertThat(huge.status()).isEqualTo(413);
        for (String length : List.of("99999999999999999999999999", "-1", "1x", "")) {
            assertThat(exchange(port, head(port, "POST", "/api/change", "Content-Length: " + length))
                            .status())
                    .isEqualTo(400);
        }
        assertForgotten(server, left);
        assertThat(changes).hasValue(1);
    }

    /** The memory of a body is given back after its answer was sent, so maybe a moment after that has come. */
    private static void assertForgotten(RunningServer server, long left) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (server.bodiesLeft() != left && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(server.bodiesLeft()).isEqualTo(left);
    }

    @Test
    void S05_callersWhoAreRefusedWhileTheySend_getTheAnswer() throws IOException {
        String body = "x".repeat(8 << 20); // more than the system keeps for a connection
        String chunked = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        String length = "Content-Length: " + body.length();
        Map<String, Integer> requests = Map.of(
                head(port, "POST", "/api/change", length) + body, 413,
                head(port, "POST", "/api/change", "Transfer-Encoding: chunked") + chunked, 413,
                head(port, "POST", "/api/change", length, "Origin: http://evil.example") + body, 403,
                head(port, "POST", "/api/change", length, "Content-Encoding: gzip") + body, 415);
        long left = server.bodiesLeft();
        for (var request : requests.entrySet()) {
            try (var http = RawHttp.connect("127.0.0.1", port)) {
                http.send(request.getKey().getBytes(StandardCharsets.UTF_8));
                assertThat(http.reply().status()).isEqualTo(request.getValue());
                assertThat(http.reply().status()).as("closed").isZero();
            }
        }
        assertForgotten(server, left);
        assertThat(changes).hasValue(0);
    }

    @Test
    void S05_bodiesThatLieAboutTheirLength_changeNothing() throws IOException {
        long left = server.bodiesLeft();
        try (var http = RawHttp.connect("127.0.0.1", port)) {
            http.send((head(port, "POST", "/api/change", "Content-Length: 100") + "short")
                    .getBytes(StandardCharsets.UTF_8));
            http.socket().shutdownOutput();
            assertThat(http.reply().status()).isIn(0, 400, 408);
        }
        try (var http = RawHttp.connect("127.0.0.1", port)) {
            http.send((head(port, "POST", "/api/change", "Content-Length: 3") + "longer than said")
                    .getBytes(StandardCharsets.UTF_8));
            assertThat(http.reply().text()).contains("\"bytes\":3");
            assertThat(http.reply().status()).as("the rest is no request").isIn(0, 400);
        }
        assertThat(changes).hasValue(1);
        assertForgotten(server, left);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "deflate", "gzip, gzip", "x"})
    void S06_compressedBodies_areRefused(String encoding) throws IOException {
        assertThat(post("/api/change", "x", "Content-Encoding: " + encoding).status())
                .isEqualTo(415);
        assertThat(changes).hasValue(0);
    }

    @Test
    void S09_slowRequests_areClosed() throws IOException {
        long left = server.bodiesLeft();
        var half = List.of(
                "POST /api/change HT",
                "POST /api/change HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nX: ",
                head(port, "POST", "/api/change", "Content-Length: 100") + "x",
                head(port, "POST", "/api/change", "Transfer-Encoding: chunked") + "64\r\nx");
        for (String start : half) {
            try (var http = RawHttp.connect("127.0.0.1", port)) {
                http.send(start.getBytes(StandardCharsets.UTF_8));
                long from = System.nanoTime();
                assertThat(http.reply().status()).as(start).isIn(0, 408);
                assertThat((System.nanoTime() - from) / 1e9).isBetween(1.0, 6.0);
            }
        }
        assertThat(changes).hasValue(0);
        assertForgotten(server, left);
    }

    @Test
    void S09_headersThatDrip_areCutOff_andAnIdleConnectionIsNot() throws Exception {
        try (var http = RawHttp.connect("127.0.0.1", port);
                var good = RawHttp.connect("127.0.0.1", port)) {
            byte[] request = head(port, "GET", "/api/state", "X: y").getBytes(StandardCharsets.UTF_8);
            long from = System.nanoTime();
            boolean open = true;
            for (int i = 0; open && i < 40; i++) {
                http.send(new byte[] {request[i]}); // never silent for the 1.5 seconds that are allowed
                if (i % 3 == 0) {
                    good.send(request);
                    assertThat(good.reply().status()).isEqualTo(200);
                }
                open = http.staysOpen(250);
            }
            assertThat(open).isFalse();
            assertThat((System.nanoTime() - from) / 1e9).isBetween(1.5, 8.0);
        }
    }

    @Test
    void S09_silence_isLongerBetweenRequestsThanBeforeAndWithinThem() throws IOException {
        byte[] request = head(port, "GET", "/api/state").getBytes(StandardCharsets.UTF_8);
        try (var kept = RawHttp.connect("127.0.0.1", port)) {
            kept.send(request);
            assertThat(kept.reply().status()).isEqualTo(200);
            try (var fresh = RawHttp.connect("127.0.0.1", port);
                    var body = RawHttp.connect("127.0.0.1", port)) {
                body.send((head(port, "POST", "/api/change", "Content-Length: 9") + "x")
                        .getBytes(StandardCharsets.UTF_8));
                assertThat(fresh.reply().status()).as("closed without a word").isZero();
                assertThat(body.reply().status()).isIn(0, 408);
            }
            kept.send(request); // it was silent for longer than both
            assertThat(kept.reply().status()).isEqualTo(200);
        }
    }

    @Test
    void S09_silenceBetweenRequests_hasAnEnd() throws IOException {
        var impatient = Limits.of().keepAlive(Duration.ofMillis(1500));
        var crowded = Limits.of().connections(2).idle(Duration.ofMillis(1500)).keepAlive(Duration.ofHours(1));
        for (var limits : List.of(impatient, crowded)) {
            try (var other = options().limits(limits).start(0);
                    var one = RawHttp.connect("127.0.0.1", other.port())) {
                byte[] request = head(other.port(), "GET", "/api/state").getBytes(StandardCharsets.UTF_8);
                one.send(request);
                assertThat(one.reply().status()).isEqualTo(200);
                try (var two = RawHttp.connect("127.0.0.1", other.port())) {
                    two.send(request);
                    assertThat(two.reply().status()).isEqualTo(200);
                    assertThat(one.reply().status()).as("closed").isZero();
                    assertThat(exchange(other.port(), head(other.port(), "GET", "/api/state"))
                                    .status())
                            .isEqualTo(200);
                }
            }
        }
    }

    @Test
    void S13_connectionsBetweenRequests_doNotHoldUpTheEnd() throws IOException {
        try (var http = RawHttp.connect("127.0.0.1", port)) {
            http.send(head(port, "GET", "/api/state").getBytes(StandardCharsets.UTF_8));
            assertThat(http.reply().status()).isEqualTo(200);
            server.stop(); // within the time-out of the class
            assertThat(http.reply().status()).as("closed").isZero();
        }
    }

    @Test
    void S11_addressThatIsFull_refusesBeforeItsHandlerAndKeepsTheConnection() throws IOException {
        var full = new AtomicBoolean(true);
        var busy = new WebException(503, "busy", "All is full.").retryAfter(7);
        try (var other = options()
                        .unless(path -> full.get() ? Optional.of(busy) : Optional.empty(), "/api/change")
                        .start(0);
                var http = RawHttp.connect("127.0.0.1", other.port())) {
            long left = other.bodiesLeft();
            byte[] request = (head(other.port(), "POST", "/api/change", "Content-Length: 3") + "xyz")
                    .getBytes(StandardCharsets.UTF_8);
            http.send(request);
            var refused = http.reply();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).contains("7");
            assertThat(refused.header("X-Content-Type-Options")).contains("nosniff");
            assertThat(refused.text()).contains("\"code\":\"busy\"");
            assertThat(changes).hasValue(0);
            full.set(false);
            http.send(request);
            assertThat(http.reply().text()).contains("\"bytes\":3");
            assertForgotten(other, left);
        }
    }

    @Test
    void S11_refusals_takeTurnsOnTheThreadOfTheNetwork() throws Exception {
        var atOnce = new AtomicInteger();
        var most = new AtomicInteger();
        var busy = new WebException(503, "busy", "All is full.");
        try (var other = options()
                .limits(Limits.of().threads(8)) // so few have one thread for the network
                .unless(
                        path -> {
                            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                            for (long end = System.nanoTime() + 2_000_000; System.nanoTime() < end; ) {
                                Thread.onSpinWait();
                            }
                            atOnce.decrementAndGet();
                            return Optional.of(busy);
                        },
                        "/api/change")
                .start(0)) {
            byte[] request = (head(other.port(), "POST", "/api/change", "Content-Length: 1") + "x")
                    .getBytes(StandardCharsets.UTF_8);
            var callers = new ArrayList<RawHttp>();
            for (int i = 0; i < 12; i++) {
                callers.add(RawHttp.connect("127.0.0.1", other.port()));
            }
            for (int round = 0; round < 5; round++) {
                for (var http : callers) {
                    http.send(request);
                }
                for (var http : callers) {
                    assertThat(http.reply().status()).isEqualTo(503);
                }
            }
            for (var http : callers) {
                http.close();
            }
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void S05_bodiesThatNeverFitIntoMemory_areRefusedForGood() throws IOException {
        var small = Limits.of().body(1000).bodies(2000);
        try (var other = options()
                .post(
                        "/api/large",
                        BodyLimit.of(5000),
                        ctx -> Json.answer(ctx, Map.of("bytes", Body.bytes(ctx).length)))
                .limits(small)
                .start(0)) {
            String fits = head(other.port(), "POST", "/api/large", "Content-Length: 2000") + "x".repeat(2000);
            assertThat(exchange(other.port(), fits).text()).contains("\"bytes\":2000");
            for (String request : List.of(
                    head(other.port(), "POST", "/api/large", "Content-Length: 4000") + "x".repeat(4000),
                    head(other.port(), "POST", "/api/large", "Transfer-Encoding: chunked") + "fa0\r\n"
                            + "x".repeat(4000) + "\r\n0\r\n\r\n")) {
                var reply = exchange(other.port(), request);
                assertThat(reply.status()).isEqualTo(413);
                assertThat(reply.header("Retry-After")).isEmpty();
                assertThat(reply.text()).contains("memory for at most 2000 bytes. Maybe", "-Xmx");
            }
            assertThat(other.bodiesLeft()).isEqualTo(2000);
        }
    }

    @Test
    void S09_answerThatTakesLong_isNotCutOff() throws IOException {
        var reply = post("/api/slow", "x".repeat(100));
        assertThat(reply.status()).as("twice the time of silence").isEqualTo(200);
        assertThat(reply.text()).contains("\"bytes\":100");
    }

    @Test
    void S13_requestAtWork_isAnsweredWhileStopping() throws Exception {
        try (var http = RawHttp.connect("127.0.0.1", port)) {
            http.send((head(port, "POST", "/api/slow", "Content-Length: 1") + "x").getBytes(StandardCharsets.UTF_8));
            Thread.sleep(500);
            var stopping = new Thread(server::stop);
            stopping.start();
            assertThat(http.reply().status()).isEqualTo(200);
            stopping.join();
            assertThatThrownBy(() -> RawHttp.connect("127.0.0.1", port).close()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void S16_smuggledAndOversizedRequests_areRefused() throws IOException {
        var both = head(port, "POST", "/api/change", "Content-Length: 5", "Transfer-Encoding: chunked") + "0\r\n\r\n";
        assertThat(exchange(port, both).status()).isEqualTo(400);
        for (String encoding : List.of("chunked, identity", "xchunked", "chunked\t, x", "identity", "gzip, chunked")) {
            assertThat(exchange(port, head(port, "POST", "/api/change", "Transfer-Encoding: " + encoding) + "0\r\n\r\n")
                            .status())
                    .as(encoding)
                    .isIn(400, 415, 501);
        }
        assertThat(exchange(port, head(port, "POST", "/api/change", "Transfer-Encoding : chunked") + "0\r\n\r\n")
                        .status())
                .isEqualTo(400);
        assertThat(exchange(port, head(port, "GET", "/api/state", "X: a\rY: b")).status())
                .isIn(400, 200);
        assertThat(exchange(port, head(port, "POST", "/api/change", "Content-Length: 1", "Content-Length: 2") + "xx")
                        .status())
                .isEqualTo(400);
        assertThat(exchange(port, "GET /api/state\r\n\r\n").status())
                .as("HTTP/0.9")
                .isIn(0, 400, 505);
        assertThat(exchange(port, head(port, "GET", "/" + "x".repeat(16 << 10))).status())
                .isIn(414, 431);
        assertThat(exchange(
                                port,
                                head(
                                        port,
                                        "GET",
                                        "/api/state",
                                        Collections.nCopies(10_000, "X: y").toArray(String[]::new)))
                        .status())
                .isEqualTo(431);
        assertThat(changes).hasValue(0);
        assertThat(get("/api/state").status()).isEqualTo(200);
    }

    @Test
    void S18_jsonThatIsNone_isRefused() throws IOException {
        String type = "Content-Type: application/json";
        assertThat(post("/api/json", "{\"a\": [1, true, null]}", type).text()).isEqualTo("{\"a\":[1,true,null]}");
        for (String wrong : List.of(
                "",
                "{",
                "[]",
                "1",
                "\"x\"",
                "null",
                "{\"a\":1,\"a\":2}",
                "{\"a\":NaN}",
                "{\"a\":1} x",
                "{'a':1}",
                "{\"a\":" + "1".repeat(1000) + "}",
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "\u00ff\u00fe")) {
            assertThat(post("/api/json", wrong, type).status())
                    .as(LogText.of(wrong))
                    .isEqualTo(400);
        }
        assertThat(post("/api/json", "{}").status()).isEqualTo(415);
        assertThat(post("/api/json", "{}", "Content-Type: text/plain").status()).isEqualTo(415);
        assertThat(post("/api/json", "{\"a\":" + "1".repeat(2 << 20) + "}", type)
                        .status())
                .isEqualTo(413);
    }

    @Test
    void S22_portInUse_isSaidClearly() {
        assertThatThrownBy(() -> options().start(port))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("cannot listen on port " + port + " of 127.0.0.1: it is in use. Maybe");
        assertThatThrownBy(() -> options().host("192.0.2.1").token(TOKEN).start(0))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("192.0.2.1: this machine has no such address. Maybe");
        assertThat(server.url()).isEqualTo("http://127.0.0.1:" + port);
    }

    @Test
    void S22_ipv6Only_works() throws IOException {
        try (var six = options().host("::1").start(0);
                var http = RawHttp.connect("::1", six.port())) {
            http.send(("GET /api/state HTTP/1.1\r\nHost: [::1]:" + six.port() + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            assertThat(http.reply().status()).isEqualTo(200);
            assertThat(six.url()).isEqualTo("http://[::1]:" + six.port());
        }
    }

    @Test
    void events_reachWhoListens() throws Exception {
        var events = new EventStream();
        try (var page = WebServer.of("events").events("/api/events", events).start(0);
                var http = RawHttp.connect("127.0.0.1", page.port())) {
            http.send(head(page.port(), "GET", "/api/events", "Accept: text/event-stream")
                    .getBytes(StandardCharsets.UTF_8));
            while (events.listeners() == 0) {
                Thread.sleep(5);
            }
            events.send("epoch", Map.of("loss", 0.5));
            var in = new java.io.BufferedReader(
                    new java.io.InputStreamReader(http.socket().getInputStream(), StandardCharsets.UTF_8));
            var lines = new ArrayList<String>();
            for (String line = in.readLine(); line != null && !line.startsWith("data:"); line = in.readLine()) {
                lines.add(line);
            }
            assertThat(lines)
                    .anyMatch(line -> line.contains("text/event-stream"))
                    .contains("event: epoch");
            http.close();
            long patience = System.nanoTime() + 10_000_000_000L;
            while (events.listeners() > 0 && System.nanoTime() < patience) {
                Thread.sleep(20);
            }
            assertThat(events.listeners()).as("who has gone is forgotten").isZero();
        }
    }

    @Test
    void events_withoutAskingForThem_are406() throws Exception {
        var events = new EventStream();
        try (var page = WebServer.of("events").events("/api/events", events).start(0)) {
            for (String accept : List.of("Accept: */*", "Accept: application/json", "X-Nothing: 1")) {
                var reply = exchange(page.port(), head(page.port(), "GET", "/api/events", accept));
                assertThat(reply.status()).as(accept).isEqualTo(406);
                assertThat(reply.text()).contains("text/event-stream");
            }
            assertThat(events.listeners()).isZero();
        }
    }

    @Test
    void logText_staysOnItsLine() {
        assertThat(LogText.of("a\nb\r\u001b[2J\u2028\u202e")).isEqualTo("a\\nb\\u000d\\u001b[2J\\u2028\\u202e");
        assertThat(LogText.of("x".repeat(1000))).hasSize(203).endsWith("...");
        assertThat(LogText.of("München 犬")).isEqualTo("München 犬");
        var failure = new IllegalStateException("a\nforged line", new IllegalArgumentException("b\nforged line"));
        var shown = new StringWriter();
        LogText.of(failure).printStackTrace(new PrintWriter(shown));
        assertThat(shown.toString())
                .contains(
                        "java.lang.IllegalStateException: a\\nforged line",
                        "IllegalArgumentException: b\\nforged line",
                        "WebServerTest")
                .doesNotContain("\nforged");
    }
}
