package espalier.web.predict;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.TinyModel;
import espalier.testing.plain.HostilePictures;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server in a process of its own that is asked for a long time. */
@Tag("slow")
@Tag("soak")
@Timeout(3000)
class SoakTest {
    private static final int REQUESTS = 20_000;
    private static final int WARM_UP = 4_000;
    private static final int CLIENTS = 8;

    @TempDir
    Path folder;

    /** Serves a model file until the process is ended. */
    public static final class Server {
        private Server() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (var server = PredictionServer.of(Path.of(arguments[0])).start(0)) {
                System.out.println(server.url());
                Thread.currentThread().join();
            }
        }
    }

    /** What the system says of a process. */
    private record Footprint(long megabytes, int threads, int descriptors) {
        static Footprint of(long pid) throws Exception {
            long megabytes = 0;
            int threads = 0;
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    megabytes = Long.parseLong(line.replaceAll("\\D", "")) / 1024;
                } else if (line.startsWith("Threads:")) {
                    threads = Integer.parseInt(line.replaceAll("\\D", ""));
                }
            }
            try (var open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
                return new Footprint(megabytes, threads, (int) open.count());
            }
        }
    }

    @Test
    void S21_soak_growsNothing() throws Exception {
        Path model = TinyModel.write(folder.resolve("tiny.safetensors"), 1);
        Path log = folder.resolve("log");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+AlwaysPreTouch",
                        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Server.class.getName(),
                        model.toString())
                .redirectError(log.toFile())
                .start();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var client = new Client(out.readLine());
            ask(client, WARM_UP);
            Thread.sleep(35_000); // threads of the warm-up that are too many end after half a minute
            var before = Footprint.of(process.pid());
            ask(client, REQUESTS);
            Thread.sleep(35_000);
            var after = Footprint.of(process.pid());
            // After a peak Jetty lets go of one idle thread in half a minute.
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
            while (after.threads() > before.threads() + 2 && System.nanoTime() < end) {
                Thread.sleep(5_000);
                after = Footprint.of(process.pid());
            }
            System.err.println("soak of " + REQUESTS + " requests: " + before + " -> " + after);
            assertThat(after.megabytes() - before.megabytes()).as("MB").isLessThan(50);
            assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + 2);
            assertThat(after.descriptors()).as("descriptors").isLessThanOrEqualTo(before.descriptors() + 2);
            assertThat(Files.readString(log)).as("log").doesNotContain("no-name.png", "PNG", "IHDR");
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /** Good pictures, bad ones, and pairs of them. */
    private static void ask(Client client, int requests) throws Exception {
        var pictures = TinyModel.pictures(20);
        var bad = List.copyOf(HostilePictures.bad().values());
        var next = new AtomicInteger();
        var pool = Executors.newFixedThreadPool(CLIENTS);
        try {
            var jobs = new ArrayList<Future<Integer>>();
            for (int i = 0; i < CLIENTS; i++) {
                jobs.add(pool.submit(() -> {
                    int count = 0;
                    for (int n = next.getAndIncrement(); n < requests; n = next.getAndIncrement(), count++) {
                        int kind = n % 10;
                        byte[] picture = pictures.get(n % pictures.size());
                        var reply = kind == 0
                                ? client.post("/api/predict", "image/png", bad.get(n / 10 % bad.size()))
                                : kind == 1
                                        ? client.form("/api/predict/batch", List.of(picture, pictures.get(0)))
                                        : client.predict(picture);
                        assertThat(reply.status()).isEqualTo(kind == 0 ? 422 : 200);
                    }
                    return count;
                }));
            }
            for (var job : jobs) {
                assertThat(job.get()).isPositive();
            }
        } finally {
            pool.shutdown();
        }
    }
}
