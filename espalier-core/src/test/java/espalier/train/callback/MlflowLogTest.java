package espalier.train.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import espalier.optim.Rates;
import espalier.report.DataException;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Learner;
import espalier.train.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against a server that answers as MLflow's does. */
class MlflowLogTest extends CallbackContract {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Request(String path, JsonNode body) {}

    private final List<Request> requests = new ArrayList<>();
    private boolean experimentIsThere;
    private int batchStatus = 200;
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replace("/api/2.0/mlflow/", "");
        byte[] sent = exchange.getRequestBody().readAllBytes();
        requests.add(new Request(path, sent.length == 0 ? JSON.nullNode() : JSON.readTree(sent)));
        int status = 200;
        String text = "{}";
        switch (path) {
            case "experiments/get-by-name" -> {
                status = experimentIsThere ? 200 : 404;
                text = experimentIsThere
                        ? "{\"experiment\": {\"experiment_id\": \"7\"}}"
                        : "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\"}";
            }
            case "experiments/create" -> text = "{\"experiment_id\": \"8\"}";
            case "runs/create" -> text = "{\"run\": {\"info\": {\"run_id\": \"abc\", \"run_name\": \"fast-crow-1\"}}}";
            case "runs/log-batch" -> status = batchStatus;
            default -> {}
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    List<Callback> callbacks() {
        return List.of(log());
    }

    private MlflowLog log() {
        return MlflowLog.to(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    private Learner<double[]> learner(Callback... callbacks) {
        var learner = learner();
        List.of(callbacks).forEach(learner::callback);
        return learner;
    }

    private List<Request> sent(String path) {
        return requests.stream().filter(one -> one.path.equals(path)).toList();
    }

    @Test
    void training_isARunWithParametersAndTheMetricsOfEachEpoch() throws IOException {
        var log = log().experiment("cats & dogs").parameters(Map.of("--epochs", "2"));
        try (var learner = learner(log)) {
            learner.fit(2, Rates.of(1e-2));
            assertThat(log.run()).contains("abc");
            assertThat(sent("experiments/create").get(0).body.get("name").asString())
                    .isEqualTo("cats & dogs");
            assertThat(sent("runs/create").get(0).body.get("experiment_id").asString())
                    .isEqualTo("8");
            var batches = sent("runs/log-batch");
            assertThat(batches)
                    .hasSize(3)
                    .allSatisfy(
                            one -> assertThat(one.body.get("run_id").asString()).isEqualTo("abc"));
            var parameters = batches.get(0).body.get("params");
            assertThat(parameters).hasSize(1);
            assertThat(parameters.get(0).get("key").asString()).isEqualTo("epochs");
            assertThat(parameters.get(0).get("value").asString()).isEqualTo("2");
            for (int epoch = 1; epoch <= 2; epoch++) {
                var row = learner.history().epochs().get(epoch - 1);
                var metrics = batches.get(epoch).body.get("metrics");
                assertThat(metrics.findValuesAsString("key"))
                        .startsWith("train_loss", "valid_loss")
                        .endsWith("seconds", "lr");
                assertThat(metrics.get(0).get("value").asDouble()).isEqualTo(row.trainLoss());
                assertThat(metrics.get(1).get("value").asDouble())
                        .isEqualTo(row.validLoss().getAsDouble());
                assertThat(metrics.get(0).get("step").asInt()).isEqualTo(epoch);
            }
            var update = sent("runs/update").get(0).body;
            assertThat(update.get("status").asString()).isEqualTo("FINISHED");
            assertThat(update.get("end_time").asLong())
                    .isGreaterThanOrEqualTo(
                            sent("runs/create").get(0).body.get("start_time").asLong());
        }
    }

    @Test
    void experimentThatIsThere_isUsed() throws IOException {
        experimentIsThere = true;
        try (var learner = learner(log())) {
            learner.fit(1, Rates.of(1e-2));
        }
        assertThat(sent("experiments/create")).isEmpty();
        assertThat(sent("runs/create").get(0).body.get("experiment_id").asString())
                .isEqualTo("7");
    }

    @Test
    void interruptedTraining_isKilledAndOneThatFailedHasFailed() throws IOException {
        try (var learner = learner(log(), new Callback() {
            @Override
            public void afterBatch(Fit fit, Step step) {
                fit.learner().interrupt();
            }
        })) {
            learner.fit(1, Rates.of(1e-2));
        }
        assertThat(sent("runs/update").get(0).body.get("status").asString()).isEqualTo("KILLED");
        requests.clear();
        try (var learner = learner(log(), new Callback() {
            @Override
            public void beforeEpoch(Fit fit) {
                throw new IllegalStateException("a fault");
            }
        })) {
            assertThatThrownBy(() -> learner.fit(1, Rates.of(1e-2))).hasMessage("a fault");
        }
        assertThat(sent("runs/update").get(0).body.get("status").asString()).isEqualTo("FAILED");
    }

    @Test
    void serverThatStopsTakingMetrics_doesNotStopTheTraining() throws IOException {
        batchStatus = 500;
        try (var learner = learner(log())) {
            learner.fit(2, Rates.of(1e-2));
            assertThat(learner.history().epochs()).hasSize(2);
        }
    }

    @Test
    void serverThatDoesNotAnswer_isToldBeforeTraining() throws IOException {
        server.stop(0);
        try (var learner = learner(log())) {
            assertThatThrownBy(() -> learner.fit(1, Rates.of(1e-2)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("it does not answer. Maybe it is not running");
            assertThat(learner.history().epochs()).isEmpty();
        }
        assertThatThrownBy(() -> MlflowLog.to(URI.create("localhost:5000")))
                .hasMessageContaining("Maybe http://localhost:5000");
    }
}
