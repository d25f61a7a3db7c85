package espalier.web.clean;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.app.Retrain;
import espalier.clean.Cleaner;
import espalier.clean.TableSet;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.testing.Colours;
import espalier.web.RawHttp;
import espalier.web.RunningServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CleanServerTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path folder;

    private final Predictor model = Colours.predictor();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<RunningServer> running = new ArrayList<>();
    private ColourSet data;
    private CleanServer page;
    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        data = ColourSet.in(folder.resolve("data"));
        open(data.root());
    }

    private void open(Path root) throws IOException {
        page = CleanServer.of(Cleaner.of(model, root));
        server = page.start(0);
        running.add(server);
    }

    @AfterEach
    void stop() {
        running.forEach(RunningServer::stop);
        model.close();
    }

    private HttpResponse<byte[]> send(String method, String path, String body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("X-Espalier-Token", page.token())
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private JsonNode get(String path) throws Exception {
        var answer = send("GET", path, "");
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<byte[]> post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    private JsonNode picture(String file) throws Exception {
        for (JsonNode one : get("/api/pictures?count=500").path("pictures")) {
            if (one.path("file").asString().equals(file)) {
                return one;
            }
        }
        throw new AssertionError("no " + file);
    }

    private HttpResponse<byte[]> choose(JsonNode shown, String action, String... values) throws Exception {
        String body = JSON.writeValueAsString(java.util.Map.of(
                "version", shown.path("version").asLong(), "action", action, "values", List.of(values)));
        return post("/api/pictures/" + shown.path("id").asString() + "/choice", body);
    }

    private HttpResponse<byte[]> apply() throws Exception {
        String digest = get("/api/plan").path("digest").asString();
        return post("/api/plan/apply", "{\"digest\":\"" + digest + "\"}");
    }

    @Test
    void thePage_choosesPlansDoesAndUndoes() throws Exception {
        var before = data.snapshot();
        var set = get("/api/set");
        assertThat(set.path("views").path("all").asInt()).isEqualTo(14);
        assertThat(set.path("counts").path("red").path("train").asInt()).isEqualTo(5);
        var first = get("/api/pictures?order=loss&count=2").path("pictures");
        assertThat(List.of(
                        first.get(0).path("file").asString(),
                        first.get(1).path("file").asString()))
                .containsExactlyInAnyOrder(ColourSet.WRONG_RED, ColourSet.WRONG_BLUE);

        assertThat(choose(picture(ColourSet.WRONG_RED), "relabel", "blue").statusCode())
                .isEqualTo(200);
        assertThat(choose(picture(ColourSet.WRONG_BLUE), "delete").statusCode()).isEqualTo(200);
        assertThat(choose(picture("train/red/1.jpg"), "move", "valid").statusCode())
                .isEqualTo(200);
        assertThat(get("/api/plan").path("steps")).hasSize(3);
        assertThat(data.snapshot()).isEqualTo(before);

        assertThat(apply().statusCode()).isEqualTo(200);
        assertThat(data.has("train/blue/7.jpg")).isTrue();
        assertThat(data.has(".espalier/trash/" + ColourSet.WRONG_BLUE)).isTrue();
        assertThat(data.has("valid/red/1-2.jpg")).isTrue();

        var changes = get("/api/journal").path("changes");
        assertThat(changes).hasSize(3);
        long last = changes.get(0).path("id").asLong();
        assertThat(post("/api/journal/undo", "{\"id\":" + last + "}").statusCode())
                .isEqualTo(200);
        assertThat(get("/api/journal").path("changes")).hasSize(2);
        assertThat(post("/api/journal/undo", "{\"all\":true}").statusCode()).isEqualTo(200);
        assertThat(data.snapshot()).isEqualTo(before);
    }

    @Test
    void S03_withoutTheToken_orFromAnotherPage_nothingIsToldOrChanged() throws Exception {
        var shown = picture(ColourSet.WRONG_RED);
        String id = shown.path("id").asString();
        String choice = "{\"version\":0,\"action\":\"delete\",\"values\":[]}";
        for (String path :
                List.of("/api/set", "/api/pictures", "/api/plan", "/api/journal", "/api/pictures/" + id + "/large")) {
            String head = RawHttp.head(server.port(), "GET", path, "Connection: close");
            assertThat(RawHttp.exchange(server.port(), head).status()).as(path).isEqualTo(401);
            // A token in the address is none: addresses are logged.
            String query = RawHttp.head(server.port(), "GET", path + "?token=" + page.token(), "Connection: close");
            assertThat(RawHttp.exchange(server.port(), query).status()).isEqualTo(401);
        }
        String url = "/api/pictures/" + id + "/choice";
        assertThat(send("POST", url, choice, "Origin", "http://evil.com").statusCode())
                .isEqualTo(403);
        assertThat(send("POST", url, choice, "Origin", "null").statusCode()).isEqualTo(403);
        assertThat(send("POST", url, choice, "Cookie", "a=b").statusCode()).isEqualTo(403);
        assertThat(send("GET", url, "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/api/plan/apply", "").statusCode()).isEqualTo(405);
        String form = RawHttp.head(
                        server.port(),
                        "POST",
                        url,
                        "X-Espalier-Token: " + page.token(),
                        "Content-Type: text/plain",
                        "Content-Length: " + choice.length(),
                        "Connection: close")
                + choice;
        assertThat(RawHttp.exchange(server.port(), form).status()).isEqualTo(415);
        assertThat(picture(ColourSet.WRONG_RED).path("action").asString()).isEqualTo("none");
        assertThat(page.toString()).doesNotContain(page.token());
        assertThat(server.link()).endsWith("/#token=" + page.token());
    }

    @Test
    void S04_S14_idsOfOthers_pathsAndLinks_leadNowhere() throws Exception {
        String own = picture(ColourSet.WRONG_RED).path("id").asString();
        var otherSet = ColourSet.in(folder.resolve("other"));
        String stranger;
        try (var other = CleanServer.of(Cleaner.of(model, otherSet.root())).start(0)) {
            assertThat(other.port()).isNotEqualTo(server.port());
            stranger = Cleaner.of(model, otherSet.root())
                    .find(ColourSet.WRONG_RED)
                    .orElseThrow()
                    .id();
        }
        Files.write(folder.resolve("secret.jpg"), Colours.jpeg("red", 1));
        for (String id : List.of(
                stranger,
                "0".repeat(32),
                "..%2f..%2fsecret.jpg",
                "%2e%2e/secret.jpg",
                "..%5csecret.jpg",
                "%252e%252e%252fsecret.jpg",
                "..%c0%afsecret.jpg",
                "train%2Fred%2F7.jpg",
                "x%00.jpg",
                ";/x",
                "file:%2f%2f%2fetc%2fpasswd",
                "C:%5cwindows",
                folder.resolve("secret.jpg").toString().substring(1).replace("/", "%2F"))) {
            for (String end : List.of("/thumbnail", "/large")) {
                String head = RawHttp.head(
                        server.port(),
                        "GET",
                        "/api/pictures/" + id + end,
                        "X-Espalier-Token: " + page.token(),
                        "Connection: close");
                var reply = RawHttp.exchange(server.port(), head);
                assertThat(reply.status()).as(id).isIn(400, 404);
                assertThat(reply.header("content-type").orElse("")).doesNotContain("image");
            }
            String choice = "{\"version\":0,\"action\":\"delete\",\"values\":[]}";
            String post = RawHttp.head(
                            server.port(),
                            "POST",
                            "/api/pictures/" + id + "/choice",
                            "X-Espalier-Token: " + page.token(),
                            "Content-Type: application/json",
                            "Content-Length: " + choice.length(),
                            "Connection: close")
                    + choice;
            assertThat(RawHttp.exchange(server.port(), post).status()).as(id).isIn(400, 404);
        }
        // A picture, and then its folder, become links to what is not in the data set.
        Files.delete(data.root().resolve(ColourSet.WRONG_RED));
        Files.createSymbolicLink(data.root().resolve(ColourSet.WRONG_RED), folder.resolve("secret.jpg"));
        assertThat(send("GET", "/api/pictures/" + own + "/large", "").statusCode())
                .isEqualTo(404);
        choose(picture(ColourSet.WRONG_RED), "delete");
        assertThat(apply().statusCode()).isEqualTo(409);
        assertThat(folder.resolve("secret.jpg")).exists();
        for (String bad : List.of("../..", "/etc", "a/b", "..", "")) {
            assertThat(choose(picture(ColourSet.WRONG_BLUE), "relabel", bad).statusCode())
                    .isEqualTo(400);
            assertThat(choose(picture(ColourSet.WRONG_BLUE), "move", bad).statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void S04_twoTabsThatDisagree_get409_andNothingIsLost() throws Exception {
        var inBothTabs = picture(ColourSet.WRONG_RED);
        assertThat(choose(inBothTabs, "relabel", "blue").statusCode()).isEqualTo(200);
        assertThat(choose(inBothTabs, "relabel", "blue").statusCode())
                .as("a double click")
                .isEqualTo(200);
        var second = choose(inBothTabs, "delete");
        assertThat(second.statusCode()).isEqualTo(409);
        var told = JSON.readTree(second.body());
        assertThat(told.at("/error/code").asString()).isEqualTo("conflict");
        assertThat(told.at("/pictures/0/action").asString()).isEqualTo("relabel");

        String seen = get("/api/plan").path("digest").asString();
        choose(picture("train/red/0.jpg"), "delete"); // the other tab
        var before = data.snapshot();
        assertThat(post("/api/plan/apply", "{\"digest\":\"" + seen + "\"}").statusCode())
                .isEqualTo(409);
        assertThat(data.snapshot()).isEqualTo(before);
        assertThat(get("/api/plan").path("steps")).hasSize(2);
        assertThat(apply().statusCode()).isEqualTo(200);
        assertThat(choose(inBothTabs, "keep").statusCode())
                .as("what it was before it was moved")
                .isEqualTo(409);
    }

    @Test
    void S04_aDoubleClickOnApply_isDoneOnce_alsoAtTheSameMoment() throws Exception {
        choose(picture(ColourSet.WRONG_RED), "relabel", "blue");
        choose(picture(ColourSet.WRONG_BLUE), "delete");
        String digest = get("/api/plan").path("digest").asString();
        var pool = Executors.newFixedThreadPool(4);
        try {
            var clicks = new ArrayList<Callable<HttpResponse<byte[]>>>();
            for (int i = 0; i < 4; i++) {
                clicks.add(() -> post("/api/plan/apply", "{\"digest\":\"" + digest + "\"}"));
            }
            for (var answer : pool.invokeAll(clicks)) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
                assertThat(JSON.readTree(answer.get().body()).path("changes")).hasSize(2);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(get("/api/journal").path("changes")).hasSize(2);
        long id = get("/api/journal").at("/changes/0/id").asLong();
        assertThat(post("/api/journal/undo", "{\"id\":" + id + "}").statusCode())
                .isEqualTo(200);
        assertThat(post("/api/journal/undo", "{\"id\":" + id + "}").statusCode())
                .as("undone already")
                .isEqualTo(409);
        assertThat(get("/api/journal").path("changes")).hasSize(1);
    }

    @Test
    void choicesAndTheJournal_surviveARestart() throws Exception {
        var before = data.snapshot();
        choose(picture(ColourSet.WRONG_RED), "relabel", "blue");
        apply();
        choose(picture(ColourSet.WRONG_BLUE), "delete");
        String oldId = picture(ColourSet.WRONG_BLUE).path("id").asString();
        String oldToken = page.token();
        server.stop();
        open(data.root());
        assertThat(page.token()).isNotEqualTo(oldToken);
        assertThat(picture(ColourSet.WRONG_BLUE).path("action").asString()).isEqualTo("delete");
        assertThat(send("GET", "/api/pictures/" + oldId + "/thumbnail", "").statusCode())
                .isEqualTo(404);
        assertThat(apply().statusCode()).isEqualTo(200);
        post("/api/journal/undo", "{\"all\":true}");
        assertThat(data.snapshot()).isEqualTo(before);
    }

    /** A page that can train again, in place of the one without. */
    private void serveTraining() throws Exception {
        server.stop();
        Path file = data.train(folder.resolve("pets.safetensors"));
        page = CleanServer.of(Cleaner.of(model, data.root())).retrain(Retrain.of(file, data.root()));
        server = page.start(0);
        running.add(server);
    }

    @Test
    void trainingAgain_tellsHowFarItIs_keepsFilesAsTheyAre_andCanBeStopped() throws Exception {
        serveTraining();
        choose(picture(ColourSet.WRONG_RED), "delete");
        assertThat(post("/api/retrain", "{\"epochs\":-1}").statusCode()).isEqualTo(400);
        assertThat(post("/api/retrain", "{\"epochs\":500}").statusCode()).isEqualTo(200);
        assertThat(post("/api/retrain", "{}").statusCode()).as("a double click").isEqualTo(409);
        assertThat(apply().statusCode()).isEqualTo(409);
        assertThat(post("/api/journal/undo", "{\"all\":true}").statusCode()).isEqualTo(409);
        assertThat(data.has(ColourSet.WRONG_RED)).isTrue();
        waitFor(state -> state.path("done").asDouble() > 0);
        post("/api/retrain/stop", "{}");
        var stopped = waitFor(state -> !state.path("running").asBoolean());
        assertThat(stopped.path("error").asString()).contains("stopped");
        try (var files = Files.list(folder)) {
            assertThat(files.map(left -> String.valueOf(left.getFileName())))
                    .as("nothing is left of it")
                    .noneMatch(name -> name.startsWith("pets.cleaned"));
        }

        assertThat(post("/api/retrain", "{\"epochs\":0}").statusCode()).isEqualTo(200);
        var done = waitFor(state -> !state.path("running").asBoolean());
        assertThat(done.path("error").asString()).isEmpty();
        assertThat(done.at("/result/valid_items").asInt()).isEqualTo(5);
        assertThat(done.at("/result/before/loss").asDouble()).isPositive();
        assertThat(done.at("/result/after/loss").asDouble()).isPositive();
        assertThat(folder.resolve("pets.cleaned.safetensors")).exists();
        assertThat(apply().statusCode()).isEqualTo(200);
    }

    @Test
    void trainingAgain_doesNotStartWhileFilesAreMoved() throws Exception {
        serveTraining();
        choose(picture(ColourSet.WRONG_RED), "delete");
        String digest = get("/api/plan").path("digest").asString();
        var pool = Executors.newFixedThreadPool(2);
        try {
            Future<HttpResponse<byte[]>> applied;
            Future<HttpResponse<byte[]>> started;
            synchronized (page.cleaner()) { // files cannot be moved now, only be about to
                applied = pool.submit(() -> post("/api/plan/apply", "{\"digest\":\"" + digest + "\"}"));
                waitUntil(() -> waits("apply"));
                started = pool.submit(() -> post("/api/retrain", "{\"epochs\":0}"));
                waitUntil(() -> started.isDone() || waits("retrain"));
                assertThat(started.isDone()).isFalse();
            }
            assertThat(applied.get().statusCode()).isEqualTo(200);
            assertThat(started.get().statusCode()).isEqualTo(200);
        } finally {
            pool.shutdownNow();
        }
        assertThat(data.has(ColourSet.WRONG_RED)).isFalse();
        var done = waitFor(state -> !state.path("running").asBoolean());
        assertThat(done.path("error").asString()).isEmpty();
    }

    /** Whether a thread of the server waits in a method of the page's answers for something that another one has. */
    private static boolean waits(String method) {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getState() == Thread.State.BLOCKED)
                .flatMap(thread -> Arrays.stream(thread.getValue()))
                .anyMatch(frame -> frame.getClassName().equals(CleanApi.class.getName())
                        && frame.getMethodName().equals(method));
    }

    private static void waitUntil(BooleanSupplier wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!wanted.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(10);
        }
    }

    @Test
    void trainingAgain_onATable_takesItsLabelsAndSplitsAsTheyWereCleaned() throws Exception {
        server.stop();
        Path file = data.train(folder.resolve("pets.safetensors"));
        var rows = new ArrayList<>(List.of("file,label,split"));
        for (String name : data.snapshot().keySet()) {
            String[] parts = name.split("/");
            rows.add(name + "," + parts[1] + "," + parts[0]);
        }
        Path csv = Files.write(folder.resolve("labels.csv"), rows);
        var again = Retrain.of(file, data.root()).csv(csv);
        page = CleanServer.of(Cleaner.of(model, TableSet.of(data.root(), csv), Progress.NONE))
                .retrain(again);
        server = page.start(0);
        running.add(server);
        choose(picture(ColourSet.WRONG_RED), "relabel", "blue");
        assertThat(apply().statusCode()).isEqualTo(200);
        assertThat(post("/api/retrain", "{\"epochs\":0}").statusCode()).isEqualTo(200);
        var done = waitFor(state -> !state.path("running").asBoolean());
        assertThat(done.path("error").asString()).isEmpty();
        assertThat(done.at("/result/valid_items").asInt()).isEqualTo(5);
        assertThat(folder.resolve("pets.cleaned.safetensors")).exists();
        var train = again.training().loaders().train().dataset();
        for (int i = 0; i < train.size(); i++) {
            String item = train.items().get(i).id();
            String expected = item.equals(ColourSet.WRONG_RED) ? "blue" : item.split("/")[1];
            assertThat(train.labels().get(i)).as(item).containsExactly(expected);
        }
    }

    private JsonNode waitFor(Predicate<JsonNode> wanted) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        var state = get("/api/retrain");
        while (!wanted.test(state)) {
            assertThat(System.nanoTime()).as(state.toString()).isLessThan(end);
            Thread.sleep(50);
            state = get("/api/retrain");
        }
        return state;
    }

    @Test
    void S15_picturesAreWrittenAnew_andHostileNamesStayText() throws Exception {
        server.stop();
        String name = "\"><img src=x onerror=alert(1)>";
        byte[] picture = Colours.jpeg("red", 77);
        byte[] script = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
        byte[] both = java.util.Arrays.copyOf(picture, picture.length + script.length);
        System.arraycopy(script, 0, both, picture.length, script.length);
        data.put("train/" + name + "/" + name + ".jpg", both);
        data.put("train/" + name + "/2.jpg", Colours.jpeg("blue", 78));
        open(data.root());
        var shown = picture("train/" + name + "/" + name + ".jpg");
        var answer = send("GET", "/api/pictures/" + shown.path("id").asString() + "/thumbnail", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("image/jpeg");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Content-Disposition").orElse(""))
                .doesNotContain("onerror");
        assertThat(new String(answer.body(), StandardCharsets.ISO_8859_1)).doesNotContain("script");
        var json = send("GET", "/api/pictures", "");
        assertThat(json.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        assertThat(json.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'self'")
                .doesNotContain("unsafe");
        assertThat(choose(shown, "relabel", "red").statusCode()).isEqualTo(200);
        assertThat(apply().statusCode()).isEqualTo(200);
        assertThat(data.has("train/red/" + name + ".jpg")).isTrue();
    }

    @Test
    void S14_thePagesFiles_areAtExactAddressesOnly() throws Exception {
        for (String path :
                List.of("/", "/clean.js", "/clean.css", "/dialogs.js", "/espalier.js", "/vendor/preact.mjs")) {
            var answer = send("GET", path, "");
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain("style=\"", "onclick=\"");
        }
        for (String path : List.of(
                "/../clean.js",
                "/%2e%2e/clean.js",
                "/vendor/..%2fclean.js",
                "/vendor/%252e%252e/clean.js",
                "/clean.js%00.css",
                "/..\\clean.js",
                "/vendor;/../../etc/passwd",
                "/CleanServer.class")) {
            String head =
                    RawHttp.head(server.port(), "GET", path, "X-Espalier-Token: " + page.token(), "Connection: close");
            assertThat(RawHttp.exchange(server.port(), head).status()).as(path).isIn(400, 404);
        }
    }

    @Test
    void theLabelOrSplitThatAPictureHas_isAKeep() throws Exception {
        assertThat(choose(picture(ColourSet.WRONG_RED), "relabel", "red").statusCode())
                .isEqualTo(200);
        assertThat(choose(picture("train/red/1.jpg"), "move", "train").statusCode())
                .isEqualTo(200);
        assertThat(picture("train/red/1.jpg").path("action").asString()).isEqualTo("keep");
        assertThat(get("/api/plan").path("steps")).isEmpty();
    }

    @Test
    void aNewLabel_isAddedByName_andNamesNoOtherPlace() throws Exception {
        var shown = picture(ColourSet.WRONG_RED);
        assertThat(choose(shown, "relabel", "green").statusCode()).isEqualTo(400);
        for (String wrong : List.of("../x", "a/b", "", "valid", "Red", ".espalier")) {
            assertThat(post("/api/labels", "{\"label\":\"" + wrong + "\"}").statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
        var added = post("/api/labels", "{\"label\":\" green \"}");
        assertThat(added.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(added.body()).path("labels").toString()).isEqualTo("[\"blue\",\"red\",\"green\"]");
        assertThat(choose(shown, "relabel", "green").statusCode()).isEqualTo(200);
        assertThat(apply().statusCode()).isEqualTo(200);
        assertThat(data.has("train/green/7.jpg")).isTrue();
    }

    @Test
    void aDataSetThatCannotBeWritten_isSaidInWords() throws Exception {
        var shown = picture(ColourSet.WRONG_RED);
        Files.createDirectories(data.root().resolve(".espalier/choices.json"));
        var answer = choose(shown, "relabel", "blue");
        assertThat(answer.statusCode()).isEqualTo(507);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("cannot_write", "choices.json", "Maybe");
    }

    @Test
    void wrongRequests_areToldWhatIsWrong() throws Exception {
        assertThat(send("GET", "/api/pictures?view=none", "").statusCode()).isEqualTo(400);
        assertThat(send("GET", "/api/pictures?order=none", "").statusCode()).isEqualTo(400);
        assertThat(send("GET", "/api/pictures?count=501", "").statusCode()).isEqualTo(400);
        assertThat(send("GET", "/api/pictures?from=-1", "").statusCode()).isEqualTo(400);
        assertThat(get("/api/pictures?from=1000").path("pictures")).isEmpty();
        String id = picture(ColourSet.WRONG_RED).path("id").asString();
        for (String body : List.of(
                "{}",
                "[]",
                "{\"version\":\"0\",\"action\":\"delete\",\"values\":[]}",
                "{\"version\":0,\"action\":\"burn\",\"values\":[]}",
                "{\"version\":0,\"action\":\"relabel\",\"values\":[]}",
                "{\"version\":0,\"action\":\"delete\",\"values\":[\"x\"]}",
                "{\"version\":0,\"action\":\"delete\",\"values\":\"x\"}")) {
            assertThat(post("/api/pictures/" + id + "/choice", body).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(post("/api/journal/undo", "{}").statusCode()).isEqualTo(400);
        for (int unknown : new int[] {-1, 0, 1, 4711}) {
            assertThat(post("/api/journal/undo", "{\"id\":" + unknown + "}").statusCode())
                    .isEqualTo(404);
        }
        assertThat(post("/api/retrain", "{}").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/api/pictures/" + id + "/huge", "").statusCode())
                .isEqualTo(404);
    }
}
