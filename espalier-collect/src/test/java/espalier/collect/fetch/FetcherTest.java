package espalier.collect.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import espalier.collect.fetch.FetchException.Kind;
import espalier.testing.plain.LoopbackServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetcherTest {
    private static final FetchOptions OPTIONS = FetchOptions.standard()
            .proxies(Proxies.NONE)
            .connectTimeout(Duration.ofSeconds(2))
            .stallTimeout(Duration.ofMillis(300))
            .deadline(Duration.ofSeconds(3))
            .maxBytes(100_000);
    private static final FetchOptions LOCAL = OPTIONS.allowingPrivate();

    private static Kind failure(FetchOptions options, String url) {
        return exception(Fetcher.of(options), url).kind();
    }

    private static FetchException exception(Fetcher fetcher, String url) {
        FetchException failure = catchThrowableOfType(FetchException.class, () -> read(fetcher, url));
        assertThat(failure).as(url).isNotNull();
        return failure;
    }

    private static String read(Fetcher fetcher, String url) throws IOException {
        try (var response = fetcher.get(Request.of(url))) {
            return response.text(1_000_000);
        }
    }

    @Test
    void body_ofEachKind_isReadWhole() throws Exception {
        try (var server = LoopbackServer.start(x -> {
            switch (x.path()) {
                case "/length" -> x.answer(200, "hello");
                case "/chunks" ->
                    x.raw(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nT: 1\r\n\r\n");
                case "/close" -> x.raw("HTTP/1.0 200 OK\r\n\r\nhello");
                default ->
                    x.raw("HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            }
        })) {
            for (String path : List.of("/length", "/chunks", "/close", "/early")) {
                assertThat(read(Fetcher.of(LOCAL), server.url(path))).isEqualTo("hello");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/", "http://127.1/", "http://0x7f000001/", "http://2130706433/",
                "http://[::ffff:10.0.0.1]/", "http://lvh.example/", "http://10.0.0.1.nip.example/", "http://127。0。0。1/",
                "http://good@10.0.0.1/", "http://10.0.0.1./", "http://localhost./", "http://cname.example/",
                "http://mixed.example/", "http://[::1]/", "http://[fe80::1]/",
                        "http://169.254.169.254/latest/meta-data",
            })
    void N03_namesThatLeadInside_areRefusedAndNeverDialled(String url) {
        var dialled = new CopyOnWriteArrayList<InetSocketAddress>();
        Resolver resolver = host -> switch (host) {
            case "localhost", "lvh.example" -> List.of(InetAddress.getByName("127.0.0.1"));
            case "mixed.example" -> List.of(InetAddress.getByName("93.184.216.34"), InetAddress.getByName("10.0.0.1"));
            default -> List.of(InetAddress.getByName("10.0.0.1"));
        };
        var fetcher = Fetcher.of(OPTIONS.resolver(resolver), (address, limit) -> {
            dialled.add(address);
            throw new IOException("dialled");
        });

        assertThat(exception(fetcher, url).kind()).isEqualTo(Kind.REFUSED);
        assertThat(dialled).isEmpty();
    }

    @Test
    void N03_rebindingName_isConnectedOnlyAtTheCheckedAddress() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(200, x.headers().get("host")))) {
            var lookups = new AtomicInteger();
            var dialled = new CopyOnWriteArrayList<String>();
            Resolver rebinding = host ->
                    List.of(InetAddress.getByName(lookups.incrementAndGet() == 1 ? "93.184.216.34" : "127.0.0.1"));
            var fetcher = Fetcher.of(OPTIONS.resolver(rebinding), (address, limit) -> {
                dialled.add(address.getAddress().getHostAddress());
                return new Socket("127.0.0.1", server.port());
            });

            assertThat(read(fetcher, "http://rebind.example/")).isEqualTo("rebind.example");
            assertThat(dialled).containsExactly("93.184.216.34");
            assertThat(lookups).hasValue(1);
            assertThat(exception(fetcher, "http://rebind.example/").kind()).isEqualTo(Kind.REFUSED);
            assertThat(dialled).hasSize(1);
        }
    }

    @Test
    void N03_refusals_suggestOnlyWhatHelps() {
        var strict = Fetcher.of(FetchOptions.standard());
        assertThat(exception(strict, "http://127.0.0.1:1/")).hasMessageContaining("Maybe --allow-private");
        for (var fetcher : List.of(strict, Fetcher.of(FetchOptions.standard().allowingPrivate()))) {
            assertThat(exception(fetcher, "http://169.254.169.254/"))
                    .hasMessageContaining("link-local")
                    .hasMessageContaining("Maybe the address or a redirect is wrong")
                    .hasMessageNotContaining("--allow-private");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/loop, REDIRECT",
        "/hops/6, REDIRECT",
        "/to?file:///etc/passwd, REDIRECT",
        "/to?http://127.0.0.1:1/, REFUSED",
        "/to?http://169.254.169.254/latest, REFUSED",
        "/to?http://user@public.example/, REDIRECT",
        "/downgrade, REDIRECT",
    })
    void N02_redirectsToWhereWeDoNotGo_stop(String target, Kind kind) throws Exception {
        try (var server = LoopbackServer.start(x -> {
            if (x.path().equals("/loop")) {
                x.answer(302, "", "Location: /loop");
            } else if (x.path().startsWith("/hops/")) {
                int left = Integer.parseInt(x.path().substring(6));
                x.answer(left == 0 ? 200 : 301, "end", "Location: /hops/" + (left - 1));
            } else {
                x.answer(307, "", "Location: " + x.target().substring(x.target().indexOf('?') + 1));
            }
        })) {
            var fetcher = Fetcher.of(
                    OPTIONS.resolver(host -> List.of(InetAddress.getByName("93.184.216.34"))),
                    (address, limit) -> new Socket("127.0.0.1", server.port()));
            if (target.equals("/downgrade")) {
                assertThat(read(fetcher, "http://public.example/hops/5")).isEqualTo("end");
                return; // the https half is in TlsTest
            }
            assertThat(exception(fetcher, "http://public.example" + target).kind())
                    .isEqualTo(kind);
        }
    }

    @Test
    void N02_metaRefresh_isNotFollowed() throws Exception {
        try (var server = LoopbackServer.start(
                x -> x.answer(200, "<meta http-equiv=refresh content='0;url=/secret'>", "Refresh: 0; url=/secret"))) {
            read(Fetcher.of(LOCAL), server.url("/"));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void N01_stall_endsAtTheStallLimit() throws Exception {
        try (var server = LoopbackServer.start(x -> {
            x.raw("HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n" + "x".repeat(1024));
            Thread.sleep(5_000);
        })) {
            long start = System.nanoTime();
            assertThat(failure(LOCAL, server.url("/"))).isEqualTo(Kind.TIMEOUT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void N01_oneByteAtATime_endsAtTheDeadline() throws Exception {
        try (var server = LoopbackServer.start(x -> {
            x.raw("HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n");
            while (true) {
                x.raw("x");
                Thread.sleep(20);
            }
        })) {
            var failure = exception(Fetcher.of(LOCAL.deadline(Duration.ofMillis(500))), server.url("/"));
            assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
            assertThat(failure).hasMessageContaining("not done within 500 ms");
        }
    }

    @Test
    void N01_resolverThatHangs_endsAtTheConnectLimit() {
        Resolver slow = host -> {
            try {
                Thread.sleep(5_000);
            } catch (InterruptedException stop) {
                throw new UnknownHostException(host);
            }
            return List.of();
        };
        assertThat(failure(OPTIONS.resolver(slow).connectTimeout(Duration.ofMillis(200)), "http://slow.example/"))
                .isEqualTo(Kind.TIMEOUT);
    }

    @ParameterizedTest
    @CsvSource({
        "short, BROKEN",
        "reset, BROKEN",
        "chunkCut, BROKEN",
        "endless, TOO_LARGE",
        "declared, TOO_LARGE",
        "garbage, PROTOCOL",
        "twoLengths, PROTOCOL",
        "bigHead, PROTOCOL",
        "gzip, PROTOCOL",
        "nothing, BROKEN",
        "badChunk, PROTOCOL",
    })
    void N05_answerThatIsNotWhole_isAnError(String fault, Kind kind) throws Exception {
        try (var server = LoopbackServer.start(x -> misbehave(x, fault))) {
            assertThat(failure(LOCAL, server.url("/"))).isEqualTo(kind);
        }
    }

    private static void misbehave(LoopbackServer.Exchange x, String fault) throws Exception {
        String ok = "HTTP/1.1 200 OK\r\n";
        switch (fault) {
            case "short" -> x.raw(ok + "Content-Length: 100\r\n\r\nonly this");
            case "reset" -> {
                x.raw(ok + "Content-Length: 100\r\n\r\n" + "x".repeat(50));
                x.reset();
            }
            case "chunkCut" -> x.raw(ok + "Transfer-Encoding: chunked\r\n\r\nff\r\nabc");
            case "endless" -> {
                x.raw(ok + "\r\n");
                while (true) {
                    x.raw("x".repeat(10_000));
                }
            }
            case "declared" -> x.raw(ok + "Content-Length: 100001\r\n\r\n");
            case "garbage" -> x.raw("hello there\r\n\r\n");
            case "twoLengths" -> x.raw(ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!");
            case "bigHead" -> x.raw(ok + ("X: " + "y".repeat(1000) + "\r\n").repeat(100) + "\r\n");
            case "gzip" -> x.raw(ok + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nab");
            case "badChunk" -> x.raw(ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc");
            default -> x.socket().close();
        }
    }

    @Test
    void request_carriesNameAndHeaders_withoutAskingForCompression() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(200, ""))) {
            try (var response = Fetcher.of(LOCAL.userAgent("espalier/9 (me@example.com)"))
                    .get(Request.of(server.url("/a?b=1")).parameter("c", "d e").header("Accept-Version", "v1"))) {
                assertThat(response.status()).isEqualTo(200);
            }
            var request = server.requests().get(0);
            assertThat(request.target()).isEqualTo("/a?b=1&c=d+e");
            assertThat(request.headers())
                    .containsEntry("host", "127.0.0.1:" + server.port())
                    .containsEntry("user-agent", "espalier/9 (me@example.com)")
                    .containsEntry("accept-encoding", "identity")
                    .containsEntry("accept-version", "v1")
                    .containsEntry("connection", "close");
        }
    }

    @Test
    void secrets_goToTheFirstOriginOnly_andIntoNoMessage() throws Exception {
        try (var storage = LoopbackServer.start(x -> x.answer(200, "data"));
                var server = LoopbackServer.start(x -> x.answer(302, "", "Location: " + storage.url("/file?sig=1")))) {
            var request = Request.of(server.url("/api"))
                    .secretHeader("Authorization", "Bearer topsecret")
                    .secretParameter("api_key", "hush hush");
            Fetcher.of(LOCAL).get(request).close();

            assertThat(server.requests().get(0).headers()).containsEntry("authorization", "Bearer topsecret");
            assertThat(server.requests().get(0).query()).containsEntry("api_key", "hush hush");
            assertThat(storage.requests().get(0).headers()).doesNotContainKey("authorization");
            assertThat(storage.requests().get(0).target()).isEqualTo("/file?sig=1");
            assertThat(request.toString()).doesNotContain("hush", "topsecret");
            assertThat(request.redact("bad key topsecret in ?api_key=hush+hush"))
                    .isEqualTo("bad key *** in ?api_key=***");
        }
    }

    @Test
    void N14_proxy_isUsedForOthersButNotForNoProxyHosts() throws Exception {
        try (var direct = LoopbackServer.start(x -> x.answer(200, "direct"));
                var proxy = LoopbackServer.start(x -> x.answer(200, "proxied " + x.target()))) {
            var proxies = Proxies.from(Map.of(
                    "http_proxy", "http://me:pw@127.0.0.1:" + proxy.port(), "NO_PROXY", "example.org, 127.0.0.1"));
            var options = LOCAL.proxies(proxies).resolver(host -> List.of(InetAddress.getByName("93.184.216.34")));

            assertThat(read(
                            Fetcher.of(options.resolver(host ->
                                    List.of(InetAddress.getByName(host.equals("127.0.0.1") ? host : "93.184.216.34")))),
                            "http://www.example.com/a?b"))
                    .isEqualTo("proxied http://www.example.com/a?b");
            assertThat(proxy.requests().get(0).headers()).containsEntry("proxy-authorization", "Basic bWU6cHc=");
            assertThat(read(Fetcher.of(options), direct.url("/"))).isEqualTo("direct");
        }
    }

    @Test
    void N14_proxyThatRefuses_isNamedWithoutItsPassword() throws Exception {
        try (var proxy = LoopbackServer.start(x -> x.answer(407, "no"))) {
            var options = LOCAL.proxies(Proxies.from(Map.of("HTTPS_PROXY", "http://me:pw@127.0.0.1:" + proxy.port())))
                    .resolver(host -> List.of(InetAddress.getByName(host.startsWith("127") ? host : "93.184.216.34")));
            var failure = exception(Fetcher.of(options), "https://www.example.com/");
            assertThat(failure.kind()).isEqualTo(Kind.CONNECT);
            assertThat(failure)
                    .hasMessageContaining("127.0.0.1:" + proxy.port())
                    .hasMessageContaining("407")
                    .hasMessageNotContaining("pw@");
            assertThat(proxy.requests().get(0).method()).isEqualTo("CONNECT");
        }
    }

    @Test
    void N14_proxyIsNoWayAroundTheAddressCheck() {
        var proxies = Proxies.from(Map.of("all_proxy", "http://127.0.0.1:1"));
        assertThat(failure(OPTIONS.proxies(proxies), "http://10.0.0.1/")).isEqualTo(Kind.REFUSED);
        assertThat(failure(OPTIONS.proxies(proxies), "http://localhost/")).isEqualTo(Kind.REFUSED);
    }

    @Test
    void N14_brokenProxyVariable_isNamed() {
        var failure = catchThrowableOfType(
                IllegalArgumentException.class, () -> Proxies.from(Map.of("http_proxy", "socks5://u:pw@h:1")));
        assertThat(failure).hasMessageContaining("http_proxy").hasMessageNotContaining("pw");
    }
}
