package espalier.web.predict;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.predict.Predictor;
import espalier.testing.TinyModel;
import espalier.web.RawHttp;
import espalier.web.RunningServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many clients at once. */
@Timeout(600)
class LoadTest {
    @TempDir
    Path folder;

    private Predictor predictor;

    @BeforeEach
    void load() {
        predictor = Predictor.load(TinyModel.write(folder.resolve("tiny.safetensors"), 1));
    }

    @AfterEach
    void free() {
        predictor.close();
    }

    private static <T> List<T> together(int clients, Callable<T> work) throws Exception {
        var pool = Executors.newFixedThreadPool(clients);
        try {
            var start = new CountDownLatch(clients);
            var jobs = new ArrayList<Future<T>>();
            for (int i = 0; i < clients; i++) {
                jobs.add(pool.submit(() -> {
                    start.countDown();
                    start.await();
                    return work.call();
                }));
            }
            var results = new ArrayList<T>();
            for (var job : jobs) {
                results.add(job.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    /** Each client sends its own pictures, and each answer must be that picture's own. */
    private void rightAnswers(int clients, int each) throws Exception {
        var pictures = TinyModel.pictures(clients);
        var expected = TinyModel.expected(predictor, pictures);
        for (int i = 1; i < clients; i++) {
            assertThat(Client.difference(expected.get(i - 1), expected.get(i)))
                    .as("pictures differ")
                    .isGreaterThan(1e-3);
        }
        var millis = new ArrayList<Double>();
        try (var server = PredictionServer.of(predictor).start(0)) {
            var client = new Client(server.url());
            var number = new AtomicInteger();
            var times = together(clients, () -> {
                int own = number.getAndIncrement();
                double[] took = new double[each];
                for (int i = 0; i < each; i++) {
                    int which = (own + i) % clients;
                    long start = System.nanoTime();
                    var reply = client.predict(pictures.get(which));
                    took[i] = (System.nanoTime() - start) / 1e6;
                    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
                    assertThat(Client.difference(Client.probabilities(reply.json()), expected.get(which)))
                            .isLessThan(1e-4);
                }
                return took;
            });
            times.forEach(took -> Arrays.stream(took).forEach(millis::add));
            assertThat(client.get("/metrics").text()).contains("espalier_batch_pictures_bucket{le=\"1.0\"}");
        }
        millis.sort(null);
        System.err.printf(
                "%d clients x %d pictures: p50 %.1f ms, p99 %.1f ms%n",
                clients, each, millis.get(millis.size() / 2), millis.get(millis.size() * 99 / 100));
    }

    @Test
    void S10_manyClients_getTheirOwnAnswers() throws Exception {
        rightAnswers(20, 10);
    }

    @Test
    @Tag("slow")
    void S10_twoHundredClients_getTheirOwnAnswers() throws Exception {
        rightAnswers(200, 50);
    }

    @Test
    void S11_fullQueue_turnsAwayBeforeTheBodyIsLookedAt() throws Exception {
        try (var service = new Service(new Shelf(Map.of("m", predictor), List.of(), 1000), 2);
                var server = PredictionServer.of(predictor)
                        .queue(2)
                        .assembled(service)
                        .start(0)) {
            var client = new Client(server.url());
            byte[] nothing = {1, 2, 3};
            try (var taken = service.admission().enter(2)) {
                for (String path : List.of("/api/predict", "/api/predict/batch", "/api/explain?index=0")) {
                    var reply = client.post(path, "multipart/form-data; boundary=none", nothing);
                    assertThat(reply.status()).as(path).isEqualTo(503);
                    assertThat(Integer.parseInt(reply.header("Retry-After"))).isPositive();
                    String route = path.split("\\?")[0];
                    assertThat(client.get("/metrics").text())
                            .contains("espalier_requests_seconds_count{route=\"" + route + "\",status=\"503\"} 1");
                }
                assertThat(client.get("/health/ready").status()).isEqualTo(503);
            }
            assertThat(client.post("/api/predict", "multipart/form-data; boundary=none", nothing)
                            .code())
                    .isEqualTo("bad_multipart");
        }
    }

    @Test
    void S11_overload_isShedAtOnceAndRecovers() throws Exception {
        overload(2);
    }

    @Test
    @Tag("slow")
    void S11_overloadForAMinute_isShedAtOnceAndRecovers() throws Exception {
        overload(60);
    }

    /**
     * A queue of four places and three times as many clients, who never wait. Each has one connection of its own and no pool,
     * so that a connection that breaks is the server's doing.
     */
    private void overload(int seconds) throws Exception {
        byte[] picture = TinyModel.pictures(1).get(0);
        try (var server = PredictionServer.of(predictor).queue(4).start(0)) {
            var client = new Client(server.url());
            byte[] predict = request(server.port(), picture);
            byte[] isLive = RawHttp.head(server.port(), "GET", "/health/live").getBytes(StandardCharsets.UTF_8);
            byte[] isReady = RawHttp.head(server.port(), "GET", "/health/ready").getBytes(StandardCharsets.UTF_8);
            Map<Integer, List<Double>> millis = new ConcurrentHashMap<>();
            var live = new AtomicBoolean(true);
            var unready = new AtomicInteger();
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            together(12, () -> {
                try (var http = RawHttp.connect("127.0.0.1", server.port())) {
                    while (System.nanoTime() < end) {
                        long start = System.nanoTime();
                        var reply = http.exchange(predict);
                        double took = (System.nanoTime() - start) / 1e6;
                        millis.computeIfAbsent(
                                        reply.status(), status -> Collections.synchronizedList(new ArrayList<>()))
                                .add(took);
                        if (reply.status() == 503) {
                            assertThat(Integer.parseInt(
                                            reply.header("Retry-After").orElseThrow()))
                                    .isBetween(1, 30);
                            assertThat(reply.text()).contains("\"code\":\"busy\"");
                            if (http.exchange(isLive).status() != 200) {
                                live.set(false);
                            }
                            if (http.exchange(isReady).status() == 503) {
                                unready.incrementAndGet();
                            }
                        }
                    }
                }
                return 0;
            });
            assertThat(millis.keySet()).containsExactlyInAnyOrder(200, 503);
            assertThat(live).as("liveness under load").isTrue();
            assertThat(unready).as("readiness under load").hasPositiveValue();
            long from = System.nanoTime();
            while (client.get("/health/ready").status() != 200) {
                Thread.sleep(20);
            }
            double recovery = (System.nanoTime() - from) / 1e9;
            assertThat(recovery).isLessThan(5);
            assertThat(client.predict(picture).status()).isEqualTo(200);
            millis.forEach((status, times) -> {
                times.sort(null);
                System.err.printf(
                        "overload, status %d: %d answers, p50 %.1f ms, p99 %.1f ms; ready again after %.1f s%n",
                        status,
                        times.size(),
                        times.get(times.size() / 2),
                        times.get(times.size() * 99 / 100),
                        recovery);
            });
        }
    }

    @Test
    void S12_clientsThatLeave_giveTheirPlacesBack() throws Exception {
        leave(200);
    }

    @Test
    @Tag("slow")
    void S12_tenThousandClientsThatLeave_giveTheirPlacesBack() throws Exception {
        leave(10_000);
    }

    private void leave(int times) throws Exception {
        byte[] picture = TinyModel.pictures(1).get(0);
        try (var service = new Service(new Shelf(Map.of("m", predictor), List.of(), 1000), 16);
                var server = PredictionServer.of(predictor)
                        .queue(16)
                        .assembled(service)
                        .start(0)) {
            byte[] request = request(server.port(), picture);
            for (int i = 0; i < times; i++) {
                try (var http = RawHttp.connect("127.0.0.1", server.port())) {
                    http.socket().setSoLinger(true, 0); // gone at once, with a reset
                    http.send(i % 2 == 0 ? request : Arrays.copyOf(request, request.length - 10));
                }
            }
            var client = new Client(server.url());
            long patience = System.nanoTime() + 30_000_000_000L;
            var reply = client.predict(picture);
            while (reply.status() == 503 && System.nanoTime() < patience) { // the last of them are still to be noticed
                Thread.sleep(10);
                reply = client.predict(picture);
            }
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            while (service.admission().taken() > 0 && System.nanoTime() < patience) {
                Thread.sleep(10);
            }
            assertThat(service.admission().taken())
                    .as("places that are still taken")
                    .isZero();
        }
    }

    /** A request for the prediction of a picture, byte by byte. */
    private static byte[] request(int port, byte[] picture) {
        byte[] head = RawHttp.head(
                        port, "POST", "/api/predict", "Content-Type: image/png", "Content-Length: " + picture.length)
                .getBytes(StandardCharsets.UTF_8);
        byte[] request = Arrays.copyOf(head, head.length + picture.length);
        System.arraycopy(picture, 0, request, head.length, picture.length);
        return request;
    }

    @Test
    void S09_slowClients_doNotSlowDownTheOthers() throws Exception {
        slow(100, 20);
    }

    @Test
    @Tag("slow")
    void S09_fiveHundredSlowClients_doNotSlowDownTheOthers() throws Exception {
        slow(500, 20);
    }

    /** Half of the slow ones never end their headers, the others never end their bodies. */
    private void slow(int connections, int clients) throws Exception {
        byte[] picture = TinyModel.pictures(1).get(0);
        try (RunningServer server = PredictionServer.of(predictor).start(0)) {
            var client = new Client(server.url());
            double before = p99(client, picture, clients);
            var slow = new ArrayList<RawHttp>();
            for (int i = 0; i < connections; i++) {
                var http = RawHttp.connect("127.0.0.1", server.port());
                String start = i % 2 == 0
                        ? "POST /api/predict HTTP/1.1\r\nHost: "
                        : RawHttp.head(
                                server.port(),
                                "POST",
                                "/api/predict",
                                "Content-Type: image/png",
                                "Content-Length: 100000");
                http.send(start.getBytes(StandardCharsets.UTF_8));
                slow.add(http);
            }
            double during = p99(client, picture, clients);
            System.err.printf(
                    "p99 of %d clients %.0f ms, beside %d slow ones %.0f ms%n", clients, before, connections, during);
            long from = System.nanoTime();
            for (var http : slow) {
                assertThat(http.reply().status()).isIn(0, 408);
                http.close();
            }
            assertThat((System.nanoTime() - from) / 1e9)
                    .as("all are closed by the time-out")
                    .isLessThan(15);
            assertThat(during).isLessThan(Math.max(1000, 5 * before));
        }
    }

    private static double p99(Client client, byte[] picture, int clients) throws Exception {
        var all = new ArrayList<Double>();
        together(clients, () -> {
                    double[] took = new double[10];
                    for (int i = 0; i < took.length; i++) {
                        long start = System.nanoTime();
                        assertThat(client.predict(picture).status()).isEqualTo(200);
                        took[i] = (System.nanoTime() - start) / 1e6;
                    }
                    return took;
                })
                .forEach(took -> Arrays.stream(took).forEach(all::add));
        all.sort(null);
        return all.get(all.size() * 99 / 100);
    }
}
