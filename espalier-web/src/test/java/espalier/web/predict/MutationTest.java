package espalier.web.predict;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.predict.Predictor;
import espalier.testing.TinyModel;
import espalier.web.Limits;
import espalier.web.RawHttp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class MutationTest {
    /** What openapi.yaml says of its routes, and what HTTP itself says of requests that are none: 405, 414, 431, 505. */
    private static final Set<Integer> DOCUMENTED =
            Set.of(200, 304, 400, 401, 403, 404, 405, 408, 413, 414, 415, 421, 422, 431, 501, 503, 505);

    @TempDir
    Path folder;

    @Test
    void S24_mutatedRequests_getDocumentedStatuses() throws Exception {
        byte[] picture = TinyModel.pictures(1).get(0);
        try (var predictor = Predictor.load(TinyModel.write(folder.resolve("tiny.safetensors"), 1));
                var server = PredictionServer.of(predictor)
                        .limits(Limits.of().idle(Duration.ofMillis(300)))
                        .start(0)) {
            int port = server.port();
            byte[] json = ("{\"image\": \"" + Base64.getEncoder().encodeToString(picture) + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            byte[] form = Client.form(List.of(picture, picture));
            String boundary = new String(form, StandardCharsets.ISO_8859_1).split("\r\n")[0].substring(2);
            var valid = List.of(
                    request(port, "POST", "/api/predict?top=2", "image/png", picture),
                    request(port, "POST", "/api/predict", "application/json", json),
                    request(port, "POST", "/api/predict/batch", "multipart/form-data; boundary=" + boundary, form),
                    request(port, "POST", "/api/explain?index=1&model=model", "image/png", picture),
                    request(port, "GET", "/api/model?model=model", "text/plain", new byte[0]));
            var random = new Random(24);
            var statuses = new TreeMap<Integer, Integer>();
            var undocumented = new TreeSet<String>();
            for (int i = 0; i < 500; i++) {
                byte[] request = mutated(valid.get(i % valid.size()), random);
                int status = status(port, request);
                statuses.merge(status, 1, Integer::sum);
                if (status != 0 && !DOCUMENTED.contains(status)) {
                    undocumented.add(status + " for " + shown(request));
                }
            }
            assertThat(undocumented).isEmpty();
            assertThat(statuses.keySet()).as("%s", statuses).contains(200, 400, 404, 415, 422);
            assertThat(status(port, valid.get(0))).isEqualTo(200);
        }
    }

    private static byte[] request(int port, String method, String path, String type, byte[] body) {
        byte[] head = RawHttp.head(
                        port,
                        method,
                        path,
                        "Content-Type: " + type,
                        "Content-Length: " + body.length,
                        "Connection: close")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] request = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    /** One to four changes, in the head, in the body, or in both. */
    private static byte[] mutated(byte[] request, Random random) {
        byte[] changed = request.clone();
        int head = new String(request, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        for (int k = random.nextInt(4); k >= 0; k--) {
            int end = random.nextInt(3) == 0 ? changed.length : Math.min(head, changed.length);
            int at = random.nextInt(Math.max(1, end));
            switch (random.nextInt(5)) {
                case 0 -> changed[at] = (byte) random.nextInt(256);
                case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> changed = without(changed, at, Math.min(changed.length - 1, at + 1 + random.nextInt(8)));
                case 3 -> changed[at] = (byte) "\r\n:;=/?&%.\\\"'0".charAt(random.nextInt(14));
                default -> changed = twice(changed, at, Math.min(changed.length, at + 1 + random.nextInt(20)));
            }
        }
        return changed;
    }

    private static byte[] without(byte[] bytes, int from, int to) {
        byte[] less = Arrays.copyOf(bytes, bytes.length - (to - from));
        System.arraycopy(bytes, to, less, from, bytes.length - to);
        return less;
    }

    private static byte[] twice(byte[] bytes, int from, int to) {
        byte[] more = Arrays.copyOf(bytes, bytes.length + to - from);
        System.arraycopy(bytes, from, more, to, bytes.length - from);
        return more;
    }

    private static int status(int port, byte[] request) throws Exception {
        try (var http = RawHttp.connect("127.0.0.1", port)) {
            http.send(request);
            http.endOutput();
            return http.reply().status();
        }
    }

    private static String shown(byte[] request) {
        String text = new String(request, StandardCharsets.ISO_8859_1);
        return text.substring(0, Math.min(400, text.length()));
    }
}
