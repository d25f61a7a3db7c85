package espalier.web.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.ModelFile;
import espalier.optim.Rates;
import espalier.testing.NoLeaks;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(180)
@ExtendWith(NoLeaks.class)
class TrainingMonitorTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private String link = "";

    private HttpRequest.Builder request(String path) {
        String token = link.substring(link.indexOf("#token=") + 7);
        return HttpRequest.newBuilder(URI.create(link).resolve(path)).header("X-Espalier-Token", token);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private JsonNode state() {
        return JSON.readTree(send(request("/api/state")).body());
    }

    private HttpResponse<byte[]> post(String path) {
        return send(request(path)
                .header("Origin", link.substring(0, link.indexOf("/#")))
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    }

    /** The requests are made by a callback, while the training waits for it: nothing depends on the machine's pace. */
    private abstract static class Visitor implements Callback {
        @Override
        public Phase phase() {
            return Phase.REPORT;
        }

        @Override
        public void afterBatch(Fit fit, Step step) {
            visit(fit.position().epoch() * 100 + fit.position().batch());
        }

        abstract void visit(int when);
    }

    @Test
    void page_showsSavesAndStops() throws Exception {
        Path saved = folder.resolve("now.safetensors");
        List<String> told = new ArrayList<>();
        var events = new CompletableFuture<Stream<String>>();
        try (var learner = TinyTraining.learner(folder.resolve("data"), 9)) {
            int batches = learner.loaders().train().batches();
            assertThat(batches).isBetween(3, 4);
            learner.callback(TrainingMonitor.of(address -> link = address).saveTo(saved));
            learner.callback(new Visitor() {
                @Override
                void visit(int when) {
                    switch (when) {
                        case 1 -> {
                            var stream = client.sendAsync(
                                            request("/api/events")
                                                    .header("Accept", "text/event-stream")
                                                    .build(),
                                            HttpResponse.BodyHandlers.ofLines())
                                    .join();
                            assertThat(stream.statusCode()).isEqualTo(200);
                            events.complete(stream.body());
                            var state = state();
                            assertThat(state.get("done").asInt()).isEqualTo(1);
                            assertThat(state.get("total").asInt()).isEqualTo(3 * batches);
                            assertThat(state.get("points").size()).isEqualTo(1);
                            assertThat(state.get("epochs").size()).isZero();
                            assertThat(state.get("status").asString()).isEqualTo("training");
                        }
                        case 2 -> assertThat(post("/api/save").statusCode()).isEqualTo(200);
                        case 3 -> assertThat(saved).isNotEmptyFile();
                        case 101 -> {
                            var row = state().get("epochs").get(0);
                            assertThat(row.get("batch").asInt()).isEqualTo(batches);
                            assertThat(row.get("valid_loss").isNumber()).isTrue();
                            assertThat(row.get("metrics").get("error_rate").isNumber())
                                    .isTrue();
                            assertPicture();
                            assertThat(post("/api/stop").statusCode()).isEqualTo(200);
                            assertThat(state().get("status").asString()).isEqualTo("stopping");
                        }
                        default -> assertThat(when).isBetween(3, 102);
                    }
                }
            });
            learner.fitOneCycle(3, Rates.of(1e-3));
            assertThat(learner.wasInterrupted()).isTrue();
            assertThat(learner.history().steps().size()).isLessThanOrEqualTo(batches + 2);
        }
        events.get(10, TimeUnit.SECONDS).forEach(told::add);
        assertThat(told)
                .contains("event: progress", "event: epoch", "event: saved", "event: picture")
                .anyMatch(line -> line.contains("\"status\":\"stopped: interrupted\""));
        assertThat(ModelFile.load(saved).document().vocabulary()).containsExactly("left", "right");
        assertThatThrownBy(() -> client.send(request("/api/state").build(), HttpResponse.BodyHandlers.discarding()))
                .as("the page ends with the training")
                .isInstanceOf(ConnectException.class);
    }

    private void assertPicture() {
        try {
            var reply = send(request("/api/batch"));
            assertThat(reply.statusCode())
                    .as(new String(reply.body(), StandardCharsets.UTF_8))
                    .isEqualTo(200);
            var picture = ImageIO.read(new ByteArrayInputStream(reply.body()));
            assertThat(picture.getWidth()).isGreaterThan(64);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    @Test
    void S03_S23_strangersSeeAndChangeNothing() throws Exception {
        try (var learner = TinyTraining.learner(folder.resolve("data"), 4)) {
            var monitor = TrainingMonitor.of(address -> link = address);
            assertThat(monitor.link()).isEmpty();
            learner.callback(monitor).callback(new Visitor() {
                @Override
                void visit(int when) {
                    if (when != 1) {
                        return;
                    }
                    URI address = URI.create(link);
                    for (String path : List.of("/api/state", "/api/batch", "/api/events")) {
                        assertThat(send(HttpRequest.newBuilder(address.resolve(path)))
                                        .statusCode())
                                .as(path)
                                .isEqualTo(401);
                    }
                    assertThat(send(request("/api/stop")
                                            .header("Origin", "http://evil.example")
                                            .POST(HttpRequest.BodyPublishers.noBody()))
                                    .statusCode())
                            .isEqualTo(403);
                    assertThat(send(request("/api/stop")).statusCode())
                            .as("a GET changes nothing")
                            .isEqualTo(405);
                    assertThat(post("/api/save").statusCode())
                            .as("nobody said where to save")
                            .isEqualTo(409);
                    for (String path : List.of("/", "/monitor.js", "/monitor.css")) {
                        assertThat(send(HttpRequest.newBuilder(address.resolve(path)))
                                        .statusCode())
                                .as(path)
                                .isEqualTo(200);
                    }
                }
            });
            learner.fit(1, Rates.of(1e-3));
            assertThat(learner.wasInterrupted()).isFalse();
            assertThat(monitor.link()).isEmpty();
        }
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("data"));
        }
    }
}
