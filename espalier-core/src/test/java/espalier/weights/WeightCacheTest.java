package espalier.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import espalier.files.Sha256;
import espalier.format.ModelDocument.Normalisation;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.testing.plain.Golden;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightCacheTest {
    @TempDir
    Path dir;

    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private byte[] content;
    private PretrainedWeights weights;
    private HttpServer server;
    private Handler handler = this::serve;

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws Exception {
        var golden = Golden.load("pth/files").value("/files/zip");
        content = Base64.getDecoder().decode(golden.get("base64").asString());
        weights = weights(sha256(content).substring(0, 8));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> {
            try (exchange) {
                ranges.add(exchange.getRequestHeaders()
                        .getOrDefault("Range", List.of("all"))
                        .get(0));
                handler.handle(exchange);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void missingWeights_thatAnArtifactBrings_nameIt() {
        var others = new PretrainedWeights(
                "efficientnet-lite0",
                "not on the class path",
                "not-on-the-class-path.pth",
                Optional.empty(),
                "0".repeat(64),
                8,
                8,
                "bilinear",
                new Normalisation(List.of(0.5), List.of(0.5)),
                "MIT",
                0,
                PretrainedWeights.CLASSES);
        assertThatThrownBy(() -> cache().offline().load(others))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("not found")
                .hasMessageEndingWith(
                        "Maybe add the artifact dev.espalier:espalier-weights to your build, which brings them.");
    }

    @Test
    void weights_download_once_and_are_cached() {
        List<Long> progress = new ArrayList<>();
        var cache = cache().progress((done, total, message) -> progress.add(done));
        assertThat(cache.load(weights)).containsKey("0.weight");
        assertThat(cache.load(weights)).containsKey("0.weight");
        assertThat(ranges).containsExactly("all");
        assertThat(cached()).hasBinaryContent(content);
        assertThat(progress).contains((long) content.length);
        assertThat(cached().resolveSibling("tiny.pth.part")).doesNotExist();
    }

    @Test
    void torch_cache_is_used_and_only_read() throws IOException {
        Path torch = dir.resolve("torch/hub/checkpoints/tiny.pth");
        Files.createDirectories(torch.getParent());
        Files.write(torch, content);
        assertThat(cache().offline().load(weights)).containsKey("0.weight");
        assertThat(cache().find(weights)).contains(torch);
        assertThat(dir.resolve("home")).doesNotExist();
        assertThat(ranges).isEmpty();
    }

    @Test
    void N13_offline_namesFileAddressAndPlace() {
        assertThatThrownBy(() -> cache().offline().load(weights))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("tiny.pth")
                .hasMessageContaining("offline")
                .hasMessageContaining(url() + "tiny.pth")
                .hasMessageContaining(dir.resolve("home/weights").toString())
                .hasMessageContaining(dir.resolve("torch/hub/checkpoints").toString())
                .hasMessageContaining("Maybe");
        assertThat(ranges).isEmpty();
    }

    @Test
    void N13_hashMismatch_isRefusedAndNotKept() {
        content[content.length / 2] ^= 1;
        assertThatThrownBy(() -> cache().load(weights))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("SHA-256");
        assertThat(cached()).doesNotExist();
        assertThat(cached().resolveSibling("tiny.pth.part")).doesNotExist();
    }

    @Test
    void N13_cachedCopy_isVerifiedOnEachUse() throws IOException {
        cache().load(weights);
        byte[] damaged = content.clone();
        damaged[100] ^= 1;
        Files.write(cached(), damaged);
        assertThatThrownBy(() -> cache().load(weights))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(cached() + ": damaged")
                .hasMessageContaining("Maybe delete it");
        assertThat(ranges).hasSize(1);
    }

    @Test
    void N13_truncatedDownload_isResumed() throws IOException {
        var cut = new AtomicInteger();
        handler = exchange -> {
            if (cut.getAndIncrement() == 0) {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content, 0, 1000);
                exchange.getResponseBody().flush();
                throw new IOException("the line breaks");
            }
            serve(exchange);
        };
        assertThat(cache().load(weights)).containsKey("0.weight");
        assertThat(ranges).containsExactly("all", "bytes=1000-");
        assertThat(cached()).hasBinaryContent(content);
    }

    @Test
    void N13_partOfEarlierRun_isResumed_orReplaced() throws IOException {
        Path part = cached().resolveSibling("tiny.pth.part");
        Files.createDirectories(part.getParent());
        Files.write(part, Arrays.copyOf(content, 500));
        assertThat(cache().load(weights)).containsKey("0.weight");
        assertThat(ranges).containsExactly("bytes=500-");
        // A server without ranges sends everything again.
        Files.delete(cached());
        Files.write(part, new byte[500]);
        handler = this::serveWhole;
        assertThat(cache().load(weights)).containsKey("0.weight");
        // A part that is longer than the file is of something else.
        Files.delete(cached());
        Files.write(part, new byte[content.length + 1]);
        handler = this::serve;
        assertThat(cache().load(weights)).containsKey("0.weight");
    }

    @Test
    void N13_mirrorDown_isNamed() {
        handler = exchange -> exchange.sendResponseHeaders(404, -1);
        assertThatThrownBy(() -> cache().load(weights))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("answered 404");
        assertThat(ranges).hasSize(1);
        server.stop(0);
        assertThatThrownBy(() -> cache().load(weights))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("not downloaded")
                .hasMessageContaining(url() + "tiny.pth");
    }

    @Test
    void N13_busyServer_isTriedAgain() {
        var first = new AtomicInteger();
        handler = exchange -> {
            if (first.getAndIncrement() == 0) {
                exchange.sendResponseHeaders(503, -1);
            } else {
                serve(exchange);
            }
        };
        assertThat(cache().load(weights)).containsKey("0.weight");
    }

    @Test
    void N13_stalledDownload_ends() {
        handler = exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 10);
            exchange.getResponseBody().flush();
            try {
                Thread.sleep(20_000);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        };
        var download = WeightDownload.of(URI.create(url() + "tiny.pth"), dir.resolve("tiny.pth"), weights.sha256())
                .stall(Duration.ofMillis(400));
        assertThatThrownBy(download::run).isInstanceOf(IOException.class);
        assertThat(dir.resolve("tiny.pth")).doesNotExist();
    }

    @Test
    void N13_manyDownloadingAtOnce_oneWinner() throws Exception {
        handler = exchange -> {
            try {
                Thread.sleep(300);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            serve(exchange);
        };
        var pool = Executors.newFixedThreadPool(3);
        try {
            Callable<Map<String, RawTensor>> load = () -> cache().load(weights);
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Loader.class.getName(),
                            dir.toString(),
                            url(),
                            weights.sha256())
                    .inheritIO()
                    .start();
            for (var result : pool.invokeAll(List.of(load, load, load))) {
                assertThat(result.get()).containsKey("0.weight");
            }
            assertThat(other.waitFor()).isZero();
        } finally {
            pool.shutdownNow();
        }
        assertThat(ranges).containsExactly("all");
    }

    /** Another process that wants the same weights. */
    static final class Loader {
        private Loader() {}

        public static void main(String[] args) {
            var cache = WeightCache.from(Map.of("ESPALIER_HOME", args[0] + "/home", "TORCH_HOME", args[0] + "/torch"))
                    .mirror(URI.create(args[1]));
            if (cache.load(weights(args[2])).isEmpty()) {
                throw new IllegalStateException("no weights");
            }
        }
    }

    @Test
    void environment_sets_the_places() {
        var cache = WeightCache.from(Map.of("ESPALIER_HOME", "/e", "TORCH_HOME", "/t", "ESPALIER_OFFLINE", "1"));
        assertThat(cache.home()).isEqualTo(Path.of("/e"));
        assertThat(cache.torchHome()).isEqualTo(Path.of("/t"));
        assertThat(cache.isOffline()).isTrue();
        assertThat(WeightCache.from(Map.of()).home()).endsWithRaw(Path.of(".cache", "espalier"));
        assertThat(WeightCache.from(Map.of()).isOffline()).isFalse();
    }

    @Test
    void proxies_of_the_environment_are_honoured() {
        var proxies = EnvironmentProxies.of(
                Map.of("HTTPS_PROXY", "http://user:secret@proxy.example:3128", "no_proxy", "internal.example, .corp"));
        assertThat(proxies.select(URI.create("https://download.pytorch.org/x")))
                .singleElement()
                .satisfies(proxy -> assertThat(proxy.address().toString()).contains("proxy.example", "3128"));
        for (String direct : List.of("internal.example", "a.internal.example", "x.corp", "localhost", "127.0.0.1")) {
            assertThat(proxies.select(URI.create("https://" + direct + "/x"))).containsExactly(java.net.Proxy.NO_PROXY);
        }
        var wrong = EnvironmentProxies.of(Map.of("HTTPS_PROXY", "http://:0"));
        assertThatThrownBy(() -> wrong.select(URI.create("https://example.org/")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void download_goes_through_the_proxy() throws Exception {
        // The server plays the proxy: it is asked for a host that does not exist.
        var proxies = EnvironmentProxies.of(
                Map.of("http_proxy", "127.0.0.1:" + server.getAddress().getPort()));
        Path target = dir.resolve("tiny.pth");
        WeightDownload.of(URI.create("http://weights.invalid/tiny.pth"), target, weights.sha256())
                .proxies(proxies)
                .run();
        assertThat(target).hasBinaryContent(content);
    }

    private void serve(HttpExchange exchange) throws IOException {
        List<String> range = exchange.getRequestHeaders().get("Range");
        if (range == null) {
            serveWhole(exchange);
            return;
        }
        int begin = Integer.parseInt(range.get(0).replaceAll("\\D", ""));
        if (begin >= content.length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        exchange.getResponseHeaders()
                .add("Content-Range", "bytes %d-%d/%d".formatted(begin, content.length - 1, content.length));
        exchange.sendResponseHeaders(206, content.length - begin);
        exchange.getResponseBody().write(content, begin, content.length - begin);
    }

    private void serveWhole(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
    }

    private WeightCache cache() {
        return WeightCache.from(Map.of(
                        "ESPALIER_HOME", dir.resolve("home").toString(),
                        "TORCH_HOME", dir.resolve("torch").toString()))
                .mirror(URI.create(url()));
    }

    private Path cached() {
        return dir.resolve("home/weights/tiny.pth");
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private static PretrainedWeights weights(String sha256) {
        return new PretrainedWeights(
                "resnet18",
                "test",
                "tiny.pth",
                Optional.of(URI.create("https://weights.invalid/tiny.pth")),
                sha256,
                8,
                8,
                "bilinear",
                new Normalisation(List.of(0.5), List.of(0.5)),
                "MIT",
                0,
                PretrainedWeights.CLASSES);
    }

    private static String sha256(byte[] bytes) {
        return new Sha256().add(bytes).hex();
    }
}
