package espalier.web.predict;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.predict.Predictor;
import espalier.testing.TinyModel;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Model files that change while they are served. */
@Timeout(180)
class ReloadTest {
    @TempDir
    Path folder;

    private final byte[] picture = TinyModel.pictures(1).get(0);

    private static void replace(Path file, Path by) throws Exception {
        Path beside = file.resolveSibling("next.tmp");
        Files.copy(by, beside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String version(Client client) throws Exception {
        return client.get("/api/models").json().at("/models/0/version").asString();
    }

    private static void awaitOther(Client client, String version) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (version(client).equals(version)) {
            assertThat(System.nanoTime()).as("a new version within a minute").isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Test
    void theDefault_staysUntilTheServerStops() throws Exception {
        Path models = Files.createDirectories(folder.resolve("models"));
        Path own = TinyModel.write(models.resolve("m.safetensors"), 1);
        Path other = TinyModel.write(folder.resolve("c.safetensors"), 2);
        try (var server = PredictionServer.of(models, other).lookMillis(50).start(0)) {
            var client = new Client(server.url());
            assertThat(client.get("/api/models").json().get("default").asString())
                    .isEqualTo("m");
            TinyModel.write(models.resolve("a.safetensors"), 3);
            awaitOther(client, version(client)); // of the first in the list
            Files.delete(own);
            long end = System.nanoTime() + 60_000_000_000L;
            while (client.get("/health/ready").json().get("stale").asInt() == 0) {
                assertThat(System.nanoTime()).as("gone within a minute").isLessThan(end);
                Thread.sleep(20);
            }
            var list = client.get("/api/models").json();
            assertThat(list.at("/models/0/name").asString()).isEqualTo("a");
            assertThat(list.get("default").asString()).isEqualTo("m");
            assertThat(client.predict(picture).json().get("model").asString()).isEqualTo("m");
        }
    }

    @Test
    void S20_reloadUnderTraffic_failsNoRequestAndMixesNoVersions() throws Exception {
        var versions = List.of(
                TinyModel.write(folder.resolve("a.bin"), 1),
                TinyModel.write(folder.resolve("b.bin"), 2),
                TinyModel.write(folder.resolve("c.bin"), 3));
        Map<String, float[]> expected = new HashMap<>();
        for (Path version : versions) {
            try (var predictor = Predictor.load(version)) {
                expected.put(
                        predictor.document().weightsSha256().substring(0, 12),
                        predictor.predict(picture).probabilities());
            }
        }
        Path served = Files.copy(versions.get(0), folder.resolve("served.safetensors"));
        try (var server = PredictionServer.of(served).lookMillis(50).start(0)) {
            var client = new Client(server.url());
            var stop = new AtomicBoolean();
            var seen = ConcurrentHashMap.<String>newKeySet();
            var pool = Executors.newFixedThreadPool(4);
            List<Future<Integer>> traffic = IntStream.range(0, 4)
                    .mapToObj(i -> pool.submit(() -> {
                        int count = 0;
                        for (; !stop.get(); count++) {
                            var reply = client.predict(picture);
                            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
                            String version =
                                    reply.header("X-Espalier-Model-Version").substring(0, 12);
                            assertThat(Client.difference(Client.probabilities(reply.json()), expected.get(version)))
                                    .as("the answer is of version %s", version)
                                    .isLessThan(1e-4);
                            seen.add(version);
                        }
                        return count;
                    }))
                    .toList();
            for (int round = 1; round <= 2; round++) {
                String before = version(client);
                replace(served, versions.get(round));
                awaitOther(client, before);
            }
            String last = version(client);
            Files.writeString(folder.resolve("bad"), "no model at all");
            replace(served, folder.resolve("bad"));
            Thread.sleep(500);
            assertThat(version(client)).as("a bad file changes nothing").isEqualTo(last);
            stop.set(true);
            for (var one : traffic) {
                assertThat(one.get()).isPositive();
            }
            pool.shutdown();
            assertThat(seen).isEqualTo(expected.keySet());
            replace(served, versions.get(0));
            awaitOther(client, last);
        }
    }

    @Test
    void M14_servedFileCutShortOrRemoved_changesNothing() throws Exception {
        Path served = TinyModel.write(folder.resolve("served.safetensors"), 1);
        try (var server = PredictionServer.of(served).lookMillis(50).start(0)) {
            var client = new Client(server.url());
            String version = version(client);
            String answer = client.predict(picture).text();
            try (var file = new RandomAccessFile(served.toFile(), "rw")) {
                file.setLength(1000);
            }
            Thread.sleep(300);
            assertThat(client.predict(picture).text()).isEqualTo(answer);
            try (var file = new RandomAccessFile(served.toFile(), "rw")) {
                file.setLength(0);
            }
            Thread.sleep(300);
            assertThat(client.predict(picture).text()).isEqualTo(answer);
            Files.delete(served);
            Thread.sleep(300);
            assertThat(client.predict(picture).text()).isEqualTo(answer);
            assertThat(version(client)).isEqualTo(version);
        }
    }

    @Test
    void M14_modelWhoseFileIsGone_isServedOnAndSaysSo() throws Exception {
        Path a = TinyModel.write(folder.resolve("a.safetensors"), 1);
        Path b = TinyModel.write(folder.resolve("b.safetensors"), 2);
        byte[] bytes = Files.readAllBytes(a);
        try (var server = PredictionServer.of(folder).lookMillis(20).start(0)) {
            var client = new Client(server.url());
            assertThat(client.get("/health/ready").json().get("stale").asInt()).isZero();
            Files.delete(a);
            awaitFile(client, 0, "missing");
            assertThat(client.predict(picture).status()).isEqualTo(200);
            assertThat(client.get("/health/ready").json().get("stale").asInt()).isEqualTo(1);
            assertThat(client.get("/metrics").text()).contains("espalier_models_stale 1.0");
            Files.writeString(b, "no model at all");
            awaitFile(client, 1, "unusable");
            assertThat(client.get("/health/ready").json().get("stale").asInt()).isEqualTo(2);
            Files.delete(b);
            awaitFile(client, 1, "missing");
            Files.write(a, bytes);
            awaitFile(client, 0, "present");
            replace(b, a);
            awaitFile(client, 1, "present");
            assertThat(client.get("/health/ready").json().get("stale").asInt()).isZero();
        }
    }

    private static void awaitFile(Client client, int model, String state) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        String at = "/models/" + model + "/file";
        while (!client.get("/api/models").json().at(at).asString().equals(state)) {
            assertThat(System.nanoTime())
                    .as("%s is %s within a minute", at, state)
                    .isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Test
    void newFileInFolder_isAdded() throws Exception {
        TinyModel.write(folder.resolve("a.safetensors"), 1);
        try (var server = PredictionServer.of(folder).lookMillis(50).start(0)) {
            var client = new Client(server.url());
            assertThat(client.post("/api/predict?model=b", "image/png", picture).status())
                    .isEqualTo(404);
            replace(folder.resolve("b.safetensors"), TinyModel.write(folder.resolve("b.bin"), 2));
            long end = System.nanoTime() + 60_000_000_000L;
            while (client.post("/api/predict?model=b", "image/png", picture).status() == 404) {
                assertThat(System.nanoTime()).isLessThan(end);
                Thread.sleep(20);
            }
            assertThat(client.post("/api/predict?model=b", "image/png", picture).status())
                    .isEqualTo(200);
        }
    }
}
