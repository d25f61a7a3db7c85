package espalier.web.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.optim.Rates;
import espalier.predict.Predictor;
import espalier.text.Field;
import espalier.text.LabelledTexts;
import espalier.text.LinearLearner;
import espalier.text.TextArchitecture;
import espalier.text.TextLearner;
import espalier.text.TextLoaders;
import espalier.web.RunningServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The API with a model of texts. */
@Timeout(120)
class TextServerTest {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";

    @TempDir
    static Path folder;

    private static Predictor predictor;
    private static RunningServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        var texts = IntStream.range(0, 40)
                .mapToObj(i -> (i % 2 == 0 ? "I love this " : "I hate this ") + i)
                .toList();
        var labels = IntStream.range(0, 40)
                .mapToObj(i -> i % 2 == 0 ? "good" : HOSTILE)
                .toList();
        var file = folder.resolve("texts.safetensors");
        LinearLearner.standard()
                .fit(LabelledTexts.of(texts, labels))
                .classifier()
                .export(file);
        predictor = Predictor.load(file);
        server = PredictionServer.of(predictor).fileBytes(2_000_000).start(0);
        client = new Client(server.url());
    }

    @AfterAll
    static void stop() {
        server.stop();
        predictor.close();
    }

    private static Client.Reply json(String path, Map<String, ?> body) throws Exception {
        return client.post(
                path, "application/json", JsonMapper.builder().build().writeValueAsBytes(body));
    }

    @Test
    void text_isPredictedHoweverItIsSent() throws Exception {
        String text = "love, 😍 & مرحبا";
        float[] expected = predictor.predictText(text).probabilities();
        for (var reply : List.of(
                json("/api/predict", Map.of("text", text)),
                client.post("/api/predict", "application/octet-stream", text.getBytes(StandardCharsets.UTF_8)))) {
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.json().get("label").asString()).isEqualTo("good");
            assertThat(reply.json().get("probability").asDouble()).isCloseTo(expected[1], within(1e-5));
        }
        var batch = json("/api/predict/batch", Map.of("texts", List.of("love", "hate", "love")))
                .json()
                .get("answers");
        assertThat(batch.size()).isEqualTo(3);
        assertThat(batch.get(1).get("label").asString()).isEqualTo(HOSTILE);
        assertThat(client.get("/api/model").json().get("task").asString()).isEqualTo("text-classification");
    }

    @Test
    void C10_texts_mayBeAnything() throws Exception {
        for (String text : List.of(
                " ", HOSTILE, "\u0000\u001b[31m", "\u202Eevil\u200F", "x".repeat(1_000_000), "\u200d", "👨‍👩‍👧")) {
            var reply = json("/api/predict", Map.of("text", text));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Content-Type")).startsWith("application/json");
            assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        }
    }

    @Test
    void explain_givesNGrams() throws Exception {
        var reply =
                json("/api/explain?index=1", Map.of("text", "I love it")).json().get("ngrams");
        assertThat(reply.size()).isBetween(1, 12);
        assertThat(reply.get(0).get("weight").asDouble()).isPositive();
        assertThat(reply.toString()).contains("love");
        assertThat(json("/api/explain?index=9", Map.of("text", "I love it")).status())
                .isEqualTo(400);
    }

    @Test
    void networks_areServedAlike() throws Exception {
        var texts = IntStream.range(0, 40)
                .mapToObj(i -> i % 2 == 0 ? "love it" : "hate it")
                .toList();
        var labels = IntStream.range(0, 40)
                .mapToObj(i -> i % 2 == 0 ? "good" : "bad")
                .toList();
        var parts = LabelledTexts.of(texts, labels).split(1, 0.2, 0.2);
        var field = TextLoaders.field(Field.text(), parts.train(), 100, 1);
        var loaders = TextLoaders.of(parts, field).batchSize(8).loaders();
        var file = folder.resolve("bag.safetensors");
        try (var learner = TextLearner.of(loaders, TextArchitecture.bag().embedding(8))) {
            learner.fit(10, Rates.of(5e-2));
            learner.export(file);
        }
        try (var network = Predictor.load(file)) {
            var other = PredictionServer.of(network).start(0);
            try {
                var own = new Client(other.url());
                byte[] body = "{\"text\": \"I hate this\"}".getBytes(StandardCharsets.UTF_8);
                var reply = own.post("/api/predict", "application/json", body).json();
                assertThat(reply.get("label").asString()).isEqualTo("bad");
                var why = own.post("/api/explain?index=0", "application/json", body)
                        .json()
                        .get("ngrams");
                assertThat(why.get(0).get("ngram").asString()).isEqualTo("hate");
                byte[] empty = "{\"text\": \" \"}".getBytes(StandardCharsets.UTF_8);
                assertThat(own.post("/api/predict", "application/json", empty).status())
                        .isEqualTo(200);
            } finally {
                other.stop();
            }
        }
    }

    @Test
    void whatIsNoText_isRefusedInWords() throws Exception {
        assertThat(json("/api/predict", Map.of("text", "")).status()).isEqualTo(400);
        assertThat(json("/api/predict", Map.of("text", 7)).status()).isEqualTo(400);
        assertThat(json("/api/predict/batch", Map.of("texts", List.of())).status())
                .isEqualTo(400);
        var binary = client.post("/api/predict", "application/octet-stream", new byte[] {'a', (byte) 0xff});
        assertThat(binary.status()).isEqualTo(422);
        assertThat(binary.text()).contains("The text cannot be read", "not UTF-8");
        assertThat(json("/api/predict", Map.of("text", "x".repeat(2_000_001))).status())
                .isEqualTo(413);
    }

    @Test
    void page_hasItsScript() throws Exception {
        assertThat(client.get("/texts.js").status()).isEqualTo(200);
        assertThat(client.get("/predict.js").text()).contains("./texts.js");
    }
}
