package espalier.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import espalier.files.Sha256;
import espalier.format.DType;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.format.Safetensors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Weights from the Hugging Face Hub, whose place a local server takes: it answers with the file's SHA-256 and an address of
 * its store, as the Hub does for large files, and the store knows nothing of the SHA-256.
 */
class HubTest {
    private static final PretrainedWeights WEIGHTS = PretrainedWeights.hub("resnet18", "tiny.test", 0);

    @TempDir
    Path dir;

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private byte[] content;
    private String digest;
    private HttpServer server;

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private Answer hub = exchange -> redirect(exchange, "\"" + digest + "\"");
    private Answer store = this::serve;

    @BeforeEach
    void start() throws IOException {
        Path file = dir.resolve("made.safetensors");
        ByteBuffer values = ByteBuffer.allocateDirect(40_000);
        for (int i = 0; i < values.capacity(); i++) {
            values.put(i, (byte) (i * 31));
        }
        Safetensors.write(
                file, Map.of("fc.weight", RawTensor.of(DType.FLOAT32, new long[] {100, 100}, values)), Map.of());
        content = Files.readAllBytes(file);
        digest = new Sha256().add(content).hex();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                asked.add(exchange.getRequestURI() + " "
                        + exchange.getRequestHeaders()
                                .getOrDefault("Range", List.of("all"))
                                .get(0));
                if (exchange.getRequestURI().getPath().equals("/timm/tiny.test/resolve/main/model.safetensors")) {
                    hub.to(exchange);
                } else {
                    store.to(exchange);
                }
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void redirect(HttpExchange exchange, String etag) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.add("X-Linked-ETag", etag);
        headers.add("X-Linked-Size", Integer.toString(content.length));
        headers.add("X-Repo-Commit", "731021ff074a1d6f41f6938db6190c09e7d95f77");
        headers.add("Location", "/store/blob?signature=1");
        exchange.sendResponseHeaders(302, -1);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders()
                .getOrDefault("Range", List.of("bytes=0-"))
                .get(0);
        int begin = Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.getResponseHeaders().add("ETag", "\"of the store\"");
        if (exchange.getRequestHeaders().containsKey("Range")) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes %d-%d/%d".formatted(begin, content.length - 1, content.length));
        }
        exchange.sendResponseHeaders(
                exchange.getRequestHeaders().containsKey("Range") ? 206 : 200, content.length - begin);
        exchange.getResponseBody().write(content, begin, content.length - begin);
    }

    private WeightCache cache() {
        return WeightCache.from(Map.of(
                "ESPALIER_HOME", dir.resolve("home").toString(),
                "TORCH_HOME", dir.resolve("torch").toString(),
                "HF_HOME", dir.resolve("hf").toString(),
                "HF_ENDPOINT", "http://127.0.0.1:" + server.getAddress().getPort() + "/"));
    }

    private Path cached() {
        return dir.resolve("home/weights/tiny.test.safetensors");
    }

    @Test
    void download_isCheckedAgainstWhatTheHubSays_andLaterAgainstItsRecord() throws IOException {
        assertThat(cache().load(WEIGHTS)).containsOnlyKeys("fc.weight");
        assertThat(asked)
                .containsExactly("/timm/tiny.test/resolve/main/model.safetensors all", "/store/blob?signature=1 all");
        assertThat(cached()).hasBinaryContent(content);
        assertThat(dir.resolve("home/weights/tiny.test.safetensors.sha256"))
                .hasContent(digest + "  tiny.test.safetensors");

        assertThat(cache().offline().load(WEIGHTS)).containsOnlyKeys("fc.weight");
        assertThat(cache().identified(WEIGHTS).provenance().sha256()).isEqualTo(digest);
        assertThat(WEIGHTS.provenance().sha256()).isEmpty();
        assertThat(asked).hasSize(2);

        byte[] damaged = content.clone();
        damaged[content.length - 1] ^= 1;
        Files.write(cached(), damaged);
        assertThatThrownBy(() -> cache().load(WEIGHTS))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(cached() + ": damaged")
                .hasMessageContaining(digest);
        assertThat(asked).hasSize(2);
    }

    @Test
    void otherBytes_areRefusedAndNotKept() {
        hub = exchange -> redirect(exchange, "\"" + "0".repeat(64) + "\"");
        assertThatThrownBy(() -> cache().load(WEIGHTS))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("SHA-256 that starts with " + digest)
                .hasMessageContaining("should with 0000");
        assertThat(dir.resolve("home/weights"))
                .isDirectoryNotContaining(file -> !file.getFileName().toString().endsWith(".lock"));
    }

    @Test
    void answerWithoutADigest_isRefused() {
        hub = exchange -> redirect(exchange, "W/\"an etag that is no SHA-256\"");
        assertThatThrownBy(() -> cache().load(WEIGHTS))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("does not say which SHA-256 the file has (X-Linked-ETag)");
        assertThat(asked).hasSize(2);
        assertThat(cached()).doesNotExist();
    }

    @Test
    void gatedAndMissingRepositories_areNamedWithTheHubsWords() {
        hub = exchange -> {
            exchange.getResponseHeaders().add("X-Error-Code", "GatedRepo");
            exchange.getResponseHeaders().add("X-Error-Message", "Access to model timm/tiny.test is restricted.");
            exchange.sendResponseHeaders(401, -1);
        };
        assertThatThrownBy(() -> cache().load(WEIGHTS))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("answered 401 (Access to model timm/tiny.test is restricted.)")
                .hasMessageContaining("hf download timm/tiny.test")
                .hasMessageContaining(dir.resolve("hf/hub").toString())
                .hasMessageContaining(cached().toString());
        hub = exchange -> exchange.sendResponseHeaders(404, -1);
        assertThatThrownBy(() -> cache().load(WEIGHTS))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("answered 404");
        assertThat(asked).as("no second attempts").hasSize(2);
    }

    @Test
    void interruptedDownload_goesOnBehindTheRedirection() {
        store = exchange -> {
            store = this::serve;
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 1000);
            exchange.getResponseBody().flush();
            throw new IOException("the line breaks");
        };
        assertThat(cache().load(WEIGHTS)).containsOnlyKeys("fc.weight");
        assertThat(asked).last().isEqualTo("/store/blob?signature=1 bytes=1000-");
        assertThat(cached()).hasBinaryContent(content);
    }

    @Test
    void offline_saysWhereToPutTheFile() {
        assertThatThrownBy(() -> cache().offline().load(WEIGHTS))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("offline")
                .hasMessageContaining("/timm/tiny.test/resolve/main/model.safetensors as " + cached());
        assertThat(asked).isEmpty();
    }

    // ---- the cache of the Hub's own client

    private Path repository() {
        return dir.resolve("hf/hub/models--timm--tiny.test");
    }

    /** As the client writes it: the content under its digest, and a link to it from a revision. */
    private Path snapshot(String revision, byte[] bytes) throws IOException {
        Path blob = Files.createDirectories(repository().resolve("blobs")).resolve(digest);
        Files.write(blob, bytes);
        Path folder = Files.createDirectories(repository().resolve("snapshots").resolve(revision));
        return Files.createSymbolicLink(folder.resolve("model.safetensors"), Path.of("..", "..", "blobs", digest));
    }

    private void main(String revision) throws IOException {
        Files.writeString(Files.createDirectories(repository().resolve("refs")).resolve("main"), revision);
    }

    @Test
    void clientsCache_isReadAtItsMainRevision() throws IOException {
        snapshot("1".repeat(40), new byte[10]);
        Path file = snapshot("2".repeat(40), content);
        assertThatThrownBy(() -> cache().offline().load(WEIGHTS))
                .as("two revisions, and nothing says which")
                .hasMessageContaining("not found");
        main("2".repeat(40));
        assertThat(cache().find(WEIGHTS)).contains(file);
        assertThat(cache().offline().load(WEIGHTS)).containsOnlyKeys("fc.weight");
        assertThat(dir.resolve("home")).as("it is read where it is").doesNotExist();
        assertThat(asked).isEmpty();
    }

    @Test
    void clientsCache_withDamage_isRefusedByName() throws IOException {
        byte[] damaged = content.clone();
        damaged[200] ^= 1;
        Path file = snapshot("1".repeat(40), damaged);
        assertThatThrownBy(() -> cache().load(WEIGHTS))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(file + ": damaged");
        assertThat(asked).isEmpty();
    }

    @Test
    void copiesWithoutLinks_andFilesPutThereByHand_areRead() throws IOException {
        Path folder = Files.createDirectories(repository().resolve("snapshots/" + "1".repeat(40)));
        Files.write(folder.resolve("model.safetensors"), content);
        assertThat(cache().offline().load(WEIGHTS)).containsOnlyKeys("fc.weight");
        Files.createDirectories(cached().getParent());
        Files.write(cached(), content);
        assertThat(cache().find(WEIGHTS)).contains(cached());
    }

    @Test
    void environment_isReadAsTheClientReadsIt() {
        assertThat(Hub.from(Map.of("HF_HUB_CACHE", "/c", "HF_HOME", "/h")).cache())
                .isEqualTo(Path.of("/c"));
        assertThat(Hub.from(Map.of("HF_HOME", "/h")).cache()).isEqualTo(Path.of("/h/hub"));
        assertThat(Hub.from(Map.of("XDG_CACHE_HOME", "/x")).cache()).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(Hub.from(Map.of()).endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    }
}
