package espalier.web.predict;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A well-behaved program that uses the API. */
final class Client {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    static final String BOUNDARY = "a-boundary-of-a-well-behaved-client";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String url;

    Client(String url) {
        this.url = url;
    }

    /** An answer. */
    record Reply(int status, java.net.http.HttpHeaders headers, byte[] body) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** The code of the error. */
        String code() {
            return json().at("/error/code").asString();
        }
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    Reply post(String path, String type, byte[] body) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /** Sends one picture as it is. */
    Reply predict(byte[] picture) throws IOException, InterruptedException {
        return post("/api/predict", "image/png", picture);
    }

    /** Sends files as a form does. */
    Reply form(String path, List<byte[]> files) throws IOException, InterruptedException {
        return post(path, "multipart/form-data; boundary=" + BOUNDARY, form(files));
    }

    static byte[] form(List<byte[]> files) {
        var body = new ByteArrayOutputStream();
        for (int i = 0; i < files.size(); i++) {
            body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + i
                            + ".png\"\r\nContent-Type: image/png\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            body.writeBytes(files.get(i));
            body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path));
    }

    /**
     * Waits a minute at most. Not by {@link HttpRequest.Builder#timeout}: the JDK's client may leave the timer of an
     * answered request running, which then closes the connection under a later one (JDK-8304701).
     */
    Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var reply = http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        try {
            var response = reply.get(1, TimeUnit.MINUTES);
            return new Reply(response.statusCode(), response.headers(), response.body());
        } catch (ExecutionException failure) {
            throw new IOException(failure.getCause());
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("no answer within a minute");
        }
    }

    /** The probabilities in an answer, in the model's order. */
    static float[] probabilities(JsonNode answer) {
        var all = answer.get("probabilities");
        float[] values = new float[all.size()];
        int i = 0;
        for (var one : all) {
            values[i++] = one.floatValue();
        }
        return values;
    }

    /** The largest difference of two answers. */
    static double difference(float[] a, float[] b) {
        double most = a.length == b.length ? 0 : 1;
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }
}
