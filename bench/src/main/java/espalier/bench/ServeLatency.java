package espalier.bench;

import espalier.predict.Predictor;
import espalier.web.predict.PredictionServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the server adds to a prediction: one client on loopback, one picture after the other. The model's time is told twice:
 * as the server's own figures have it, and in a loop without a server, where caches and threads stay warm.
 */
public final class ServeLatency {
    private ServeLatency() {}

    /** Options: {@code --model FILE --picture FILE --rounds 300}. */
    public static void main(String[] args) throws Exception {
        byte[] picture = Files.readAllBytes(Path.of(Photos.option(args, "picture", "photo.jpg")));
        int rounds = Integer.parseInt(Photos.option(args, "rounds", "300"));
        double[] read = new double[rounds];
        double[] model = new double[rounds];
        double[] served = new double[rounds];
        double inServer;
        try (var predictor = Predictor.load(Path.of(Photos.option(args, "model", "model.safetensors")));
                var server = PredictionServer.of(predictor).start(0)) {
            for (int i = -rounds / 3; i < rounds; i++) { // the first third warms up
                long begin = System.nanoTime();
                var input = predictor.read(picture);
                read[Math.max(0, i)] = millis(begin);
                long start = System.nanoTime();
                predictor.predictInputs(List.of(input));
                model[Math.max(0, i)] = millis(start);
            }
            var client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            var request = HttpRequest.newBuilder(URI.create(server.url() + "/api/predict"))
                    .header("Content-Type", "image/jpeg")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(picture))
                    .build();
            for (int i = 0; i < rounds / 3; i++) {
                client.send(request, HttpResponse.BodyHandlers.discarding());
            }
            double before = modelSeconds(client, server.url());
            for (int i = 0; i < rounds; i++) {
                long start = System.nanoTime();
                var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                served[i] = millis(start);
                if (answer.statusCode() != 200) {
                    throw new IllegalStateException(answer.body());
                }
            }
            inServer = (modelSeconds(client, server.url()) - before) * 1000 / rounds;
        }
        System.out.println(JsonMapper.builder()
                .build()
                .writeValueAsString(Map.of(
                        "served_p50_ms",
                        median(served),
                        "model_in_server_mean_ms",
                        inServer,
                        "read_alone_p50_ms",
                        median(read),
                        "model_alone_p50_ms",
                        median(model),
                        "added_ms",
                        median(served) - inServer)));
    }

    private static double modelSeconds(HttpClient client, String url) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(url + "/metrics")).build(),
                        HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith("espalier_model_run_seconds_sum"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static double millis(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
