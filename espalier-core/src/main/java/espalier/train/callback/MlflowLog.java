package espalier.train.callback;

import espalier.report.DataException;
import espalier.report.PlainText;
import espalier.train.Callback;
import espalier.train.EpochResult;
import espalier.train.Fit;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells an MLflow server of a training, through its REST API: a run with parameters, and losses, metrics and learning rate of each
 * epoch. The server must answer when the training begins; what it does not take later is logged, and the training goes on.
 *
 * <pre>{@code
 * learner.callback(MlflowLog.to(URI.create("http://localhost:5000")).experiment("dogs"));
 * }</pre>
 */
public final class MlflowLog implements Callback {
    private static final Logger LOG = LoggerFactory.getLogger(MlflowLog.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    /** What the server takes: parameters in one request, and characters of one. */
    private static final int MOST_PARAMETERS = 100;

    private static final int LONGEST_PARAMETER = 500;

    private final URI server;
    private final String experiment;
    private final Map<String, String> parameters;
    private final HttpClient client;
    private Optional<String> run = Optional.empty();
    private int logged;

    private MlflowLog(URI server, String experiment, Map<String, String> parameters) {
        this.server = server;
        this.experiment = experiment;
        this.parameters = parameters;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
    }

    /**
     * The server at an address such as {@code http://localhost:5000}, experiment {@code Default}.
     *
     * @throws IllegalArgumentException when it is not one of http or https
     */
    public static MlflowLog to(URI server) {
        boolean web = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
        if (!web || server.getHost() == null) {
            throw new IllegalArgumentException(
                    "the address of an MLflow server begins with http:// or https://, received " + server
                            + ". Maybe http://localhost:5000.");
        }
        return new MlflowLog(server, "Default", Map.of());
    }

    /** The same with another experiment, which is made when the server has none of this name. */
    public MlflowLog experiment(String name) {
        return new MlflowLog(server, name, parameters);
    }

    /** The same with parameters of the run, such as its options. */
    public MlflowLog parameters(Map<String, String> named) {
        return new MlflowLog(server, experiment, new LinkedHashMap<>(named));
    }

    /** The run's number at the server; empty before training. */
    public Optional<String> run() {
        return run;
    }

    @Override
    public Phase phase() {
        return Phase.REPORT;
    }

    /** @throws DataException when the server does not answer, or not as one of MLflow's */
    @Override
    public void beforeFit(Fit fit) {
        if (run.isPresent()) {
            attempt("runs/update", Map.of("run_id", run.get(), "status", "RUNNING"));
            return;
        }
        try {
            var answer = post(
                    "runs/create",
                    Map.of(
                            "experiment_id",
                            experimentId(),
                            "start_time",
                            Instant.now().toEpochMilli(),
                            "tags",
                            List.of()));
            String id = answer.path("run").path("info").path("run_id").asString("");
            if (id.isEmpty()) {
                throw new IOException("its answer names no run");
            }
            run = Optional.of(id);
            logParameters(id);
        } catch (IOException failure) {
            throw new DataException("the MLflow server " + server + " cannot be used: " + reason(failure)
                    + ". Maybe it is not running: `mlflow server` starts one at http://localhost:5000.");
        }
    }

    private static String reason(IOException failure) {
        return failure instanceof ConnectException ? "it does not answer" : String.valueOf(failure.getMessage());
    }

    private String experimentId() throws IOException {
        var known = send(HttpRequest.newBuilder(address("experiments/get-by-name?experiment_name="
                        + URLEncoder.encode(experiment, StandardCharsets.UTF_8)))
                .GET());
        if (known.statusCode() == NOT_FOUND) {
            return post("experiments/create", Map.of("name", experiment))
                    .path("experiment_id")
                    .asString("");
        }
        return read(known).path("experiment").path("experiment_id").asString("");
    }

    private void logParameters(String id) throws IOException {
        var all = new ArrayList<Map<String, Object>>();
        parameters.forEach((name, value) -> all.add(Map.of(
                "key",
                name.replaceFirst("^-+", ""),
                "value",
                value.length() > LONGEST_PARAMETER ? value.substring(0, LONGEST_PARAMETER) : value)));
        for (int from = 0; from < all.size(); from += MOST_PARAMETERS) {
            post(
                    "runs/log-batch",
                    Map.of("run_id", id, "params", all.subList(from, Math.min(all.size(), from + MOST_PARAMETERS))));
        }
    }

    @Override
    public void afterEpoch(Fit fit) {
        var rows = fit.history().epochs();
        var metrics = new ArrayList<Map<String, Object>>();
        for (; logged < rows.size(); logged++) {
            var row = rows.get(logged);
            values(row).forEach((name, value) -> add(metrics, name, value, row.epoch()));
        }
        var groups = fit.learner().optimizer().groups();
        add(metrics, "lr", OptionalDouble.of(groups.get(groups.size() - 1).lr()), fit.epochsBefore());
        attempt("runs/log-batch", Map.of("run_id", run.orElse(""), "metrics", metrics));
    }

    private static Map<String, OptionalDouble> values(EpochResult row) {
        Map<String, OptionalDouble> values = new LinkedHashMap<>();
        values.put("train_loss", OptionalDouble.of(row.trainLoss()));
        values.put("valid_loss", row.validLoss());
        values.putAll(row.metrics());
        values.put("seconds", OptionalDouble.of(row.seconds()));
        return values;
    }

    private static void add(List<Map<String, Object>> metrics, String name, OptionalDouble value, int epoch) {
        if (value.isPresent() && Double.isFinite(value.getAsDouble())) { // JSON has no word for others
            metrics.add(Map.of(
                    "key",
                    name,
                    "value",
                    value.getAsDouble(),
                    "timestamp",
                    Instant.now().toEpochMilli(),
                    "step",
                    epoch));
        }
    }

    @Override
    public void afterFit(Fit fit) {
        boolean whole = fit.position().cycle() >= fit.plan().size();
        String status = whole ? "FINISHED" : fit.stopReason().isPresent() ? "KILLED" : "FAILED";
        run.ifPresent(id -> attempt(
                "runs/update",
                Map.of("run_id", id, "status", status, "end_time", Instant.now().toEpochMilli())));
    }

    /** Sends what the training can do without. */
    private void attempt(String path, Map<String, Object> body) {
        try {
            post(path, body);
        } catch (IOException failure) {
            LOG.warn("the MLflow server {} did not take {}: {}", server, path, reason(failure));
        }
    }

    private JsonNode post(String path, Map<String, Object> body) throws IOException {
        return read(send(HttpRequest.newBuilder(address(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))));
    }

    private URI address(String path) {
        String base = server.toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + "api/2.0/mlflow/" + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static JsonNode read(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != OK) {
            throw new IOException("it answered " + answer.statusCode() + " " + PlainText.line(answer.body(), 200));
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JacksonException other) {
            throw new IOException("its answer is not JSON", other);
        }
    }
}
