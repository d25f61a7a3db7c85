package espalier.web.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.format.ModelFileException;
import espalier.image.ImageReader;
import espalier.image.ImageWriter;
import espalier.predict.Predictor;
import espalier.testing.TinyModel;
import espalier.testing.plain.HostilePictures;
import espalier.web.RawHttp;
import espalier.web.RunningServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PredictionServerTest {
    @TempDir
    static Path folder;

    private static Predictor predictor;
    private static RunningServer server;
    private static Client client;
    private static List<byte[]> pictures;

    @BeforeAll
    static void start() {
        predictor = Predictor.load(TinyModel.write(folder.resolve("tiny.safetensors"), 1));
        server = PredictionServer.of(predictor).fileBytes(500_000).start(0);
        client = new Client(server.url());
        pictures = TinyModel.pictures(20);
    }

    @AfterAll
    static void stop() {
        server.stop();
        predictor.close();
    }

    @Test
    void picture_isPredictedHoweverItIsSent() throws Exception {
        byte[] picture = pictures.get(0);
        var expected = predictor.predict(picture);
        String base64 = "{\"image\": \"" + Base64.getEncoder().encodeToString(picture) + "\"}";
        for (var reply : List.of(
                client.predict(picture),
                client.post("/api/predict", "application/octet-stream", picture),
                client.post("/api/predict?model=model", "application/json", base64.getBytes(StandardCharsets.UTF_8)),
                client.form("/api/predict", List.of(picture)))) {
            assertThat(reply.status()).isEqualTo(200);
            var json = reply.json();
            assertThat(json.get("label").asString()).isEqualTo(expected.label());
            assertThat(json.get("index").asInt()).isEqualTo(expected.index());
            assertThat(json.get("probability").asDouble()).isCloseTo(expected.probability(), within(1e-5));
            assertThat(json.get("model").asString()).isEqualTo("model");
            assertThat(List.copyOf(json.get("probabilities").propertyNames())).isEqualTo(TinyModel.CLASSES);
            assertThat(Client.difference(Client.probabilities(json), expected.probabilities()))
                    .isLessThan(1e-5);
            assertThat(reply.header("X-Espalier-Model-Version")).matches("[0-9a-f]{12}\\.\\d+");
        }
        var top = client.post("/api/predict?top=2", "image/png", picture).json();
        assertThat(top.get("probabilities").propertyNames()).hasSize(2).contains(expected.label());
    }

    @Test
    void turnedPhoto_isReadUpright() throws Exception {
        var upright = TinyModel.picture(5, 64, 48);
        byte[] straight = ImageWriter.jpeg(upright, 95);
        byte[] turned = HostilePictures.turned(ImageWriter.jpeg(HostilePictures.sideways(upright), 95), 6);
        assertThat(ImageReader.of().read(turned).width()).isEqualTo(64);
        float[] reply = Client.probabilities(
                client.post("/api/predict", "image/jpeg", turned).json());
        assertThat(Client.difference(reply, predictor.predict(turned).probabilities()))
                .isLessThan(1e-5);
        assertThat(Client.difference(reply, predictor.predict(straight).probabilities()))
                .isLessThan(0.1);
    }

    @Test
    void batch_answersEachPictureInOrder() throws Exception {
        var files = new ArrayList<>(pictures.subList(0, 5));
        files.add(2, "no picture".getBytes(StandardCharsets.UTF_8));
        var reply = client.form("/api/predict/batch", files);
        assertThat(reply.status()).isEqualTo(200);
        var answers = reply.json().get("answers");
        assertThat(answers.size()).isEqualTo(6);
        for (int i = 0; i < 6; i++) {
            var answer = answers.get(i);
            assertThat(answer.get("file").asString()).isEqualTo(i + ".png");
            if (i == 2) {
                assertThat(answer.at("/error/code").asString()).isEqualTo("not_readable");
            } else {
                assertThat(Client.difference(
                                Client.probabilities(answer),
                                predictor.predict(files.get(i)).probabilities()))
                        .isLessThan(1e-4);
            }
        }
        var base64 = pictures.subList(0, 2).stream()
                .map(file -> '"' + Base64.getEncoder().encodeToString(file) + '"')
                .toList();
        var json = client.post(
                "/api/predict/batch",
                "application/json",
                ("{\"images\": " + base64 + "}").getBytes(StandardCharsets.UTF_8));
        assertThat(json.json().get("answers").size()).isEqualTo(2);
    }

    @Test
    void S19_addressesOfPictures_areNotFetched() throws Exception {
        try (var other = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
            other.configureBlocking(false);
            String address = "\"http://127.0.0.1:" + other.socket().getLocalPort() + "/a.png\"";
            for (String body : List.of(
                    "{\"url\": " + address + "}",
                    "{\"image_url\": " + address + "}",
                    "{\"image\": " + address + "}",
                    "{\"images\": [" + address + "]}",
                    address)) {
                for (String path : List.of("/api/predict", "/api/predict/batch", "/api/explain")) {
                    var reply = json(path, body);
                    assertThat(reply.status() >= 400 || reply.text().contains("bad_base64"))
                            .as("%s %s: %s", path, body, reply.text())
                            .isTrue();
                }
            }
            assertThat(other.accept()).as("a connection to the address").isNull();
        }
    }

    @Test
    void S05_oneBadPictureOfABatch_isItsOwnError() throws Exception {
        String good = Base64.getEncoder().encodeToString(pictures.get(0));
        var reply = json(
                "/api/predict/batch",
                "{\"images\": [\"" + good + "\", \"*\", \"AAAA\", 5, null, \"\", \"data:image/png;base64," + good
                        + "\"]}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        var codes = new ArrayList<String>();
        for (var answer : reply.json().get("answers")) {
            assertThat(answer.get("file").asString()).isEqualTo(Integer.toString(codes.size() + 1));
            codes.add(answer.at("/error/code").asString(""));
        }
        assertThat(codes).containsExactly("", "bad_base64", "not_readable", "bad_field", "bad_field", "no_file", "");
        for (int i : new int[] {0, 6}) {
            assertThat(Client.difference(
                            Client.probabilities(reply.json().get("answers").get(i)),
                            predictor.predict(pictures.get(0)).probabilities()))
                    .isLessThan(1e-5);
        }
        var form = client.form("/api/predict/batch", List.of(new byte[0], pictures.get(1)));
        assertThat(form.json().at("/answers/0/error/code").asString()).isEqualTo("no_file");
        assertThat(form.json().at("/answers/1/label").asString()).isNotEmpty();
        var allBad = json("/api/predict/batch", "{\"images\": [\"*\"]}");
        assertThat(allBad.json().at("/answers/0/error/code").asString()).isEqualTo("bad_base64");
        var none = json("/api/predict/batch", "{\"images\": []}");
        assertThat(none.status()).isEqualTo(400);
        assertThat(none.text()).contains("The list 'images' is empty");
        assertThat(json("/api/predict", "{\"images\": []}").text()).contains("Maybe use /api/predict/batch");
        assertThat(json("/api/predict", "{\"image\": \"data:;base64," + good + "\"}")
                        .status())
                .isEqualTo(200);
        assertThat(json("/api/predict", "{\"image\": \"\"}").code()).isEqualTo("no_file");
    }

    private static Client.Reply json(String path, String text) throws Exception {
        return client.post(path, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void batch_takes64FilesAndNoMore() throws Exception {
        assertThat(client.form("/api/predict/batch", Collections.nCopies(64, pictures.get(0)))
                        .status())
                .isEqualTo(200);
        var reply = client.form("/api/predict/batch", Collections.nCopies(65, pictures.get(0)));
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.code()).isEqualTo("too_many");
        var fields = new ByteArrayOutputStream();
        for (int i = 0; i < 16; i++) {
            String field = "--" + Client.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nx\r\n";
            fields.writeBytes(field.getBytes(StandardCharsets.UTF_8));
        }
        fields.writeBytes(Client.form(Collections.nCopies(64, pictures.get(0))));
        String type = "multipart/form-data; boundary=" + Client.BOUNDARY;
        assertThat(client.post("/api/predict/batch", type, fields.toByteArray())
                        .json()
                        .get("answers")
                        .size())
                .isEqualTo(64);
        var one = client.form("/api/predict", pictures.subList(0, 2));
        assertThat(one.status()).isEqualTo(400);
        assertThat(one.code()).isEqualTo("one_file");
    }

    @Test
    void explanation_isAPicture() throws Exception {
        var reply = client.post("/api/explain?index=1", "image/png", pictures.get(0));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("image/png");
        var overlay = ImageReader.of().read(reply.body());
        assertThat(overlay.width()).isEqualTo(TinyModel.SIDE);
        assertThat(client.post("/api/explain", "image/png", pictures.get(0)).status())
                .isEqualTo(400);
        assertThat(client.post("/api/explain?index=4", "image/png", pictures.get(0))
                        .status())
                .isEqualTo(400);
        assertThat(client.post("/api/explain?index=0", "image/png", new byte[] {1})
                        .status())
                .isEqualTo(422);
    }

    @Test
    void explanation_isNoPictureWhereNothingSpeaksForTheClass() throws Exception {
        try (var blind = Predictor.load(TinyModel.writeBlind(folder.resolve("blind.safetensors")));
                var running = PredictionServer.of(blind).start(0)) {
            var reply = new Client(running.url()).post("/api/explain?index=1", "image/png", pictures.get(0));
            assertThat(reply.status()).isEqualTo(204);
            assertThat(reply.body()).isEmpty();
        }
    }

    @Test
    void models_tellWhatTheyAre() throws Exception {
        var models = client.get("/api/models").json();
        assertThat(models.get("default").asString()).isEqualTo("model");
        assertThat(models.at("/models/0/classes").asInt()).isEqualTo(4);
        var model = client.get("/api/model?model=model");
        assertThat(model.json().at("/classes/2").asString()).isEqualTo("cat");
        assertThat(model.json().at("/metrics/accuracy").asDouble()).isEqualTo(0.25);
        assertThat(model.json().at("/architecture/name").asString()).isEqualTo("mobilenet-v2");
        var missing = client.get("/api/model?model=../../etc/passwd");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.code()).isEqualTo("no_model");
        assertThat(missing.text()).doesNotContain("passwd");
    }

    @Test
    void healthAndFigures_areThere() throws Exception {
        client.predict(pictures.get(0));
        assertThat(client.get("/health/live").status()).isEqualTo(200);
        assertThat(client.get("/health/ready").json().get("models").asInt()).isEqualTo(1);
        var metrics = client.get("/metrics");
        assertThat(metrics.header("Content-Type")).startsWith("text/plain");
        assertThat(metrics.text())
                .contains("espalier_requests_seconds_count{route=\"/api/predict\",status=\"200\"}")
                .contains("espalier_pictures_at_work", "espalier_model_run_seconds", "espalier_batch_pictures_bucket")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void severalModels_areServedByName() throws Exception {
        Path models = Files.createDirectories(folder.resolve("models"));
        TinyModel.write(models.resolve("first.safetensors"), 2);
        TinyModel.write(models.resolve("second-2.1.safetensors"), 3, List.of("x", "y"), List.of(0.3, 0.6));
        try (var both = PredictionServer.of(models).start(0)) {
            var other = new Client(both.url());
            assertThat(other.get("/api/models").json().get("default").asString())
                    .isEqualTo("first");
            var tags = other.post("/api/predict?model=second-2.1", "image/png", pictures.get(1))
                    .json();
            assertThat(tags.get("labels").isArray()).isTrue();
            assertThat(tags.get("model").asString()).isEqualTo("second-2.1");
            assertThat(other.predict(pictures.get(1))
                            .json()
                            .get("probabilities")
                            .size())
                    .isEqualTo(4);
        }
        Path strange = TinyModel.write(folder.resolve("strange name.safetensors"), 1);
        assertThatThrownBy(() -> PredictionServer.of(strange).start(0))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("strange name");
        assertThatThrownBy(() -> PredictionServer.of(Files.createDirectories(folder.resolve("empty")))
                        .start(0))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("no model");
    }

    @Test
    void S05_base64_isTakenAsProgramsWriteIt() throws Exception {
        // The bytes of a picture with another tail have all digits of both alphabets.
        byte[] picture = pictures.get(0);
        byte[] tailed = Arrays.copyOf(picture, picture.length + 512);
        for (int i = 0; i < 512; i++) {
            tailed[picture.length + i] = (byte) (i * 7);
        }
        String plain = Base64.getEncoder().encodeToString(tailed);
        String safe = Base64.getUrlEncoder().encodeToString(tailed);
        assertThat(plain).contains("+", "/");
        for (String text : List.of(
                plain,
                safe,
                safe.replace("=", ""),
                Base64.getMimeEncoder().encodeToString(tailed).replace("\r\n", "\\r\\n"),
                Base64.getMimeEncoder().encodeToString(tailed).replace("\r\n", "\\n") + "\\n",
                "DATA:image/jpeg;BASE64," + plain)) {
            var reply = json("/api/predict", "{\"image\": \"" + text + "\"}");
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        }
        for (String text : List.of(plain + safe, plain + " ", plain.replace("+", "*"), "A")) {
            assertThat(json("/api/predict", "{\"image\": \"" + text + "\"}").text())
                    .contains("bad_base64", "is not valid base64");
        }
        assertThat(json("/api/predict", "{\"image\": \"data:image/jpeg," + plain + "\"}")
                        .text())
                .contains("bad_base64", "without ';base64'. Maybe");
    }

    @Test
    void S05_filesOverTheLimit_areRefused() throws Exception {
        byte[] large = new byte[500_001];
        var reply = client.post("/api/predict", "image/png", large);
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.code()).isEqualTo("too_large");
        assertThat(client.form("/api/predict", List.of(large)).status()).isEqualTo(413);
        assertThat(client.form("/api/predict/batch", List.of(pictures.get(0), large))
                        .status())
                .isEqualTo(413);
        String base64 = "{\"image\": \"" + Base64.getEncoder().encodeToString(large) + "\"}";
        assertThat(client.post("/api/predict", "application/json", base64.getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(413);
        String json = "{\"image\": \"" + "A".repeat(2_000_000) + "\"}";
        for (var far : List.of(
                client.post("/api/predict", "image/png", new byte[2_000_000]),
                client.form("/api/predict", List.of(new byte[2_000_000])),
                json("/api/predict", json),
                client.post("/api/predict/batch", "image/png", new byte[2_000_000]))) {
            assertThat(far.status()).isEqualTo(413);
            assertThat(far.text()).contains("A file may have at most 500000 bytes");
        }
        assertThat(client.predict(pictures.get(0)).status()).isEqualTo(200);
    }

    @Test
    void S08_badPictures_getTheirErrorAndHarmNothing() throws Exception {
        var pool = Executors.newFixedThreadPool(8);
        try {
            var jobs = new ArrayList<Future<String>>();
            for (int round = 0; round < 10; round++) {
                HostilePictures.bad()
                        .forEach((name, bytes) -> jobs.add(pool.submit(() -> {
                            var reply = client.post("/api/predict", "image/jpeg", bytes);
                            return reply.status() == 422 && reply.code().equals("not_readable")
                                    ? ""
                                    : name + ": " + reply.status() + " " + reply.text();
                        })));
            }
            var problems = new TreeSet<String>();
            for (var job : jobs) {
                problems.add(job.get());
            }
            assertThat(problems).containsExactly("");
        } finally {
            pool.shutdown();
        }
        assertThat(client.post("/api/predict", "text/html", pictures.get(0)).status())
                .isEqualTo(415);
        assertThat(client.post("/api/predict", "text/plain", pictures.get(0)).code())
                .isEqualTo("unsupported_type");
        assertThat(client.post("/api/predict", "image/png", new byte[0]).code()).isEqualTo("no_file");
        assertThat(client.predict(pictures.get(0)).status()).isEqualTo(200);
    }

    @Test
    void S15_namesFromOutside_areNeverHtml() throws Exception {
        String evil = "\"><img src=x onerror=alert(1)>.png";
        String body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + evil.replace("\"", "\\\"")
                + "\"\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n--b--\r\n";
        var reply = client.post(
                "/api/predict/batch", "multipart/form-data; boundary=b", body.getBytes(StandardCharsets.UTF_8));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith("application/json");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.json().at("/answers/0/file").asString()).isEqualTo(evil);
        for (String path : List.of("/<script>alert(1)</script>", "/api/model?model=<script>alert(1)</script>")) {
            var error = client.get(path.replace("<", "%3C").replace(">", "%3E"));
            assertThat(error.status()).isEqualTo(404);
            assertThat(error.header("Content-Type")).startsWith("application/json");
            assertThat(error.text()).doesNotContain("script");
        }
        String page = client.get("/").text();
        assertThat(page)
                .doesNotContainPattern("<script(?![^>]*src=)")
                .doesNotContain("style=", "onclick", "http://", "https://");
    }

    @Test
    void S18_batchOfTooManyTexts_isRefused() throws Exception {
        String many = "{\"images\": [" + String.join(",", Collections.nCopies(10_001, "\"AA==\"")) + "]}";
        var reply = client.post("/api/predict/batch", "application/json", many.getBytes(StandardCharsets.UTF_8));
        assertThat(reply.status()).isEqualTo(413);
        for (String wrong : List.of(
                "{}", "{\"image\": 1}", "{\"image\": \"*\"}", "{\"image\": null}", "[]", "{\"images\": \"x\"}")) {
            assertThat(client.post("/api/predict", "application/json", wrong.getBytes(StandardCharsets.UTF_8))
                            .status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(client.post(
                                "/api/predict",
                                "application/json",
                                "[".repeat(100_000).getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void openApi_describesTheRoutesThatThereAre() throws Exception {
        String yaml = client.get("/openapi.yaml").text();
        var described = new TreeSet<String>();
        String path = "";
        for (String line : yaml.substring(yaml.indexOf("\npaths:"), yaml.indexOf("\ncomponents:"))
                .split("\n")) {
            var address = Pattern.compile("  (/\\S*):").matcher(line);
            var method = Pattern.compile("    (get|post|put|delete|patch):").matcher(line);
            if (address.matches()) {
                path = address.group(1);
            } else if (method.matches()) {
                described.add(method.group(1).toUpperCase(java.util.Locale.ROOT) + " " + path);
            }
        }
        try (var service = new Service(new Shelf(Map.of("m", predictor), List.of(), 1000), 8)) {
            assertThat(described)
                    .isEqualTo(new TreeSet<>(
                            PredictionServer.of(predictor).assembled(service).routes()));
        }
    }

    @Test
    void openApi_describesEveryBodyOfABatch() throws Exception {
        String yaml = client.get("/openapi.yaml").text();
        String batch = yaml.substring(yaml.indexOf("  /api/predict/batch:"), yaml.indexOf("  /api/explain:"));
        assertThat(batch)
                .contains("multipart/form-data:", "required: [file]", "minItems: 1")
                .contains("image/*:", "application/octet-stream:", "schemas/Picture\"");
        String base64 = Base64.getEncoder().encodeToString(pictures.get(0));
        for (var reply : List.of(
                client.post("/api/predict/batch", "image/png", pictures.get(0)),
                client.post("/api/predict/batch", "application/octet-stream", pictures.get(0)),
                json("/api/predict/batch", "{\"image\": \"" + base64 + "\"}"))) {
            assertThat(reply.json().at("/answers/0/label").asString()).isNotEmpty();
        }
    }

    @Test
    void openApi_namesWhatEveryAddressMayRefuse() throws Exception {
        String yaml = client.get("/openapi.yaml").text();
        String paths = yaml.substring(yaml.indexOf("\npaths:"), yaml.indexOf("\ncomponents:"));
        for (String part : paths.split("\n(?=  /)")) {
            if (part.startsWith("  /")) {
                assertThat(part).contains("\"400\":", "\"405\":", "\"421\":");
                String path = part.substring(2, part.indexOf(':'));
                boolean get = part.contains("\n    get:");
                var wrong = client.send(
                        get
                                ? client.request(path).DELETE()
                                : client.request(path).GET());
                assertThat(wrong.status()).as(path).isEqualTo(405);
                assertThat(wrong.header("Allow")).as(path).contains(get ? "GET" : "POST");
                String head = RawHttp.head(server.port(), get ? "GET" : "POST", path)
                        .replace("Host: 127.0.0.1", "Host: evil.example");
                var stranger = RawHttp.exchange(server.port(), head);
                if (path.startsWith("/health/")) { // probes ask by number, beside --allow-host
                    assertThat(stranger.status()).as(path).isEqualTo(200);
                    continue;
                }
                assertThat(stranger.status()).as(path).isEqualTo(421);
                assertThat(stranger.text()).contains("Maybe start it with --allow-host");
            }
        }
        var form = client.post("/api/predict", "application/x-www-form-urlencoded", pictures.get(0));
        assertThat(form.status()).isEqualTo(415);
        assertThat(form.text()).contains("Content-Type", "application/octet-stream", "field 'file'");
    }

    @Test
    void page_isServedWithItsFiles() throws IOException, InterruptedException {
        String page = client.get("/").text();
        var links = Pattern.compile("(?:src|href)=\"([^\"]+)\"")
                .matcher(page)
                .results()
                .map(found -> "/" + found.group(1)) // relative to the page's own address
                .toList();
        assertThat(links).contains("/predict.js", "/predict.css", "/vendor/pico.css");
        for (String link : links) {
            assertThat(client.get(link).status()).as(link).isEqualTo(200);
        }
    }
}
