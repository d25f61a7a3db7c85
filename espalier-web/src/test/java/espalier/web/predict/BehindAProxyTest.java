package espalier.web.predict;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.predict.Predictor;
import espalier.testing.TinyModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy may show the server below an address of its own, such as {@code /dogs/}. */
class BehindAProxyTest {
    private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"([^\"#$]+)\"|from \"([^\"]+)\"");

    @TempDir
    Path dir;

    /** Follows what the page refers to, as a browser below {@code /dogs/} would, and the proxy that takes that away. */
    @Test
    void pageBelowAPrefix_findsAllItsFiles() throws Exception {
        Path file = TinyModel.write(dir.resolve("dogs.safetensors"), 1);
        try (var predictor = Predictor.load(file);
                var server = PredictionServer.of(predictor).start(0);
                var http = new Fetch(server.url())) {
            Set<URI> seen = new HashSet<>();
            var todo = new ArrayDeque<>(List.of(URI.create("http://proxy.example/dogs/")));
            while (!todo.isEmpty()) {
                URI at = todo.remove();
                if (!seen.add(at)) {
                    continue;
                }
                assertThat(at.getPath()).as("address as the proxy sees it").startsWith("/dogs/");
                var answer = http.get(at.getPath().substring("/dogs".length()));
                assertThat(answer.statusCode()).as(at.toString()).isEqualTo(200);
                if (!at.getPath().contains("/vendor/") && !at.getPath().endsWith(".css")) {
                    var references = REFERENCE.matcher(answer.body());
                    while (references.find()) {
                        todo.add(at.resolve(references.group(1) == null ? references.group(2) : references.group(1)));
                    }
                }
            }
            assertThat(seen).hasSizeGreaterThan(6);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "predict/index.html",
                "predict/predict.js",
                "clean/clean.html",
                "clean/clean.js",
                "clean/dialogs.js",
                "monitor/monitor.html",
                "monitor/monitor.js",
                "espalier.js"
            })
    void pagesAndScripts_nameNoAddressFromTheRoot(String resource) throws Exception {
        try (var in = BehindAProxyTest.class.getResourceAsStream("/espalier/web/" + resource)) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .doesNotContainPattern("[\"'`]/(?:api|vendor|[a-z]+\\.(?:js|css|yaml|ico))");
        }
    }

    /** A client of the server itself. */
    private record Fetch(String url) implements AutoCloseable {
        HttpResponse<String> get(String path) throws Exception {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
        }

        @Override
        public void close() {}
    }
}
