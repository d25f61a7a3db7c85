package espalier.collect;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.collect.DownloadRow.Status;
import espalier.testing.plain.LoopbackServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand addresses with a tenth of them faulty, and a kill in the middle. */
class DownloadFaultsTest {
    /** Every fault, with the status and a part of the reason it must end with. */
    private static final Map<String, String> FAULTS = new TreeMap<>(Map.ofEntries(
            Map.entry("stall", "failed nothing arrived"),
            Map.entry("drip", "failed not done within"),
            Map.entry("loop", "rejected redirects in a loop"),
            Map.entry("hops", "rejected more than 5 redirects"),
            Map.entry("file", "rejected redirects to where we do not go"),
            Map.entry("metadata", "rejected 169.254.169.254 is refused"),
            Map.entry("html", "rejected not an image: text/html"),
            Map.entry("short", "failed the connection ended after"),
            Map.entry("reset", "failed the connection broke"),
            Map.entry("endless", "rejected larger than"),
            Map.entry("busy", "failed HTTP 429, asks to wait"),
            Map.entry("503", "failed HTTP 503 after 4 tries"),
            Map.entry("403", "rejected HTTP 403"),
            Map.entry("404", "rejected HTTP 404"),
            Map.entry("410", "rejected HTTP 410"),
            Map.entry("500", "failed HTTP 500 after 3 tries"),
            Map.entry("garbage", "rejected the answer is not HTTP"),
            Map.entry("empty", "rejected empty answer"),
            Map.entry("closed", "failed the connection ended"),
            Map.entry("twice", "kept"),
            Map.entry("same", "kept|duplicate")));

    @TempDir
    Path directory;

    private static void serve(LoopbackServer.Exchange x) throws Exception {
        String kind = x.path().split("/")[1];
        byte[] picture = Pictures.jpeg(kind.equals("same") ? -1 : x.path().hashCode());
        switch (kind) {
            case "stall" -> {
                x.raw("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n");
                x.out().write(picture);
                Thread.sleep(20_000);
            }
            case "drip" -> {
                x.raw("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n");
                for (byte b : picture) {
                    x.out().write(b);
                    x.out().flush();
                    Thread.sleep(50);
                }
            }
            case "loop" -> x.answer(302, "", "Location: " + x.path());
            case "hops" -> x.answer(301, "", "Location: " + x.path() + "/x");
            case "file" -> x.answer(302, "", "Location: file:///etc/passwd");
            case "metadata" -> x.answer(302, "", "Location: http://169.254.169.254/latest");
            case "html" -> x.answer(200, "<html>sorry</html>", "Content-Type: image/jpeg");
            case "short" -> {
                x.raw("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n");
                x.out().write(picture);
            }
            case "reset" -> {
                x.raw("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n");
                x.out().write(picture);
                x.reset();
            }
            default -> serveStatus(x, kind, picture);
        }
    }

    private static final Map<String, AtomicInteger> CALLS = new ConcurrentHashMap<>();

    private static void serveStatus(LoopbackServer.Exchange x, String kind, byte[] picture) throws Exception {
        switch (kind) {
            case "endless" -> {
                x.raw("HTTP/1.1 200 OK\r\n\r\n");
                while (true) {
                    x.out().write(picture);
                }
            }
            case "busy" -> x.answer(429, "", "Retry-After: 1000000000");
            case "403", "404", "410", "500", "503" -> x.answer(Integer.parseInt(kind), "");
            case "garbage" -> x.raw("\u0000\u0001\u0002\r\n\r\n");
            case "empty" -> x.answer(200, "");
            case "closed" -> x.socket().close();
            case "twice" -> {
                int call = CALLS.computeIfAbsent(x.path(), key -> new AtomicInteger())
                        .incrementAndGet();
                x.answer(call < 2 ? 500 : 200, call < 2 ? new byte[0] : picture);
            }
            default -> x.answer(200, picture);
        }
    }

    @Test
    @Tag("slow")
    void N01_to_N12_thousandAddresses_endInTime_withARowEach() throws Exception {
        try (var server = LoopbackServer.start(DownloadFaultsTest::serve)) {
            var kinds = List.copyOf(FAULTS.keySet());
            var urls = new ArrayList<String>();
            for (int i = 0; i < 1000; i++) {
                urls.add(
                        server.url("/" + (i % 10 == 3 ? kinds.get(i / 10 % kinds.size()) : "good") + "/" + i + ".jpg"));
            }
            long start = System.nanoTime();
            var report = Downloader.into(directory)
                    .fetch(DownloaderTest.IMPATIENT)
                    .connections(16, 16)
                    .waits(Duration.ofMillis(20), Duration.ofSeconds(1))
                    .urls(urls);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(report.rows().stream().map(DownloadRow::url)).containsExactlyElementsOf(urls);
            for (var row : report.rows()) {
                String kind = row.url().split("/")[3];
                if (kind.equals("good")) {
                    assertThat(row.status()).as(row.toString()).isEqualTo(Status.KEPT);
                } else {
                    assertThat(row.status().word() + " " + row.reason())
                            .as(row.url())
                            .matches("(?s)(" + FAULTS.get(kind) + ").*");
                }
            }
            var files = DownloaderTest.pictures(directory);
            assertThat(files).hasSize(report.count(Status.KEPT));
            assertThat(report.count(Status.KEPT)).isBetween(900, 920);
            assertThat(took).isLessThan(Duration.ofSeconds(20));
        }
    }

    /** The program that is killed: downloads the addresses in a file. */
    static final class Program {
        public static void main(String[] args) throws IOException {
            Downloader.into(Path.of(args[0])).fetch(DownloaderTest.FETCH).urls(Files.readAllLines(Path.of(args[1])));
        }
    }

    @Test
    @Tag("slow")
    void N11_killedRuns_continue_withoutPartsOrSecondHelpings() throws Exception {
        var finished = new ConcurrentHashMap<String, AtomicInteger>();
        try (var server = LoopbackServer.start(x -> {
            byte[] picture = Pictures.jpeg(x.path().hashCode());
            x.raw("HTTP/1.1 200 OK\r\nContent-Length: " + picture.length + "\r\n\r\n");
            x.out().write(picture, 0, picture.length / 2);
            x.out().flush();
            Thread.sleep(15);
            x.out().write(picture, picture.length / 2, picture.length - picture.length / 2);
            x.out().flush();
            finished.computeIfAbsent(x.path(), key -> new AtomicInteger()).incrementAndGet();
        })) {
            var urls = new ArrayList<String>();
            for (int i = 0; i < 400; i++) {
                urls.add(server.url("/" + i % 380));
            }
            Path list = Files.write(directory.resolve("urls.txt"), urls);
            Path out = directory.resolve("out");
            int kills = 0;
            while (kills < 4) {
                var process = fork(out, list);
                int before = finished.size();
                while (process.isAlive() && finished.size() < before + 50) {
                    Thread.sleep(3);
                }
                process.destroyForcibly().waitFor();
                kills++;
                if (Files.exists(out)) {
                    for (Path picture : DownloaderTest.pictures(out)) {
                        if (Files.isRegularFile(picture)) {
                            assertThat(javax.imageio.ImageIO.read(picture.toFile()))
                                    .as("whole: " + picture)
                                    .isNotNull();
                        }
                    }
                }
            }
            assertThat(fork(out, list).waitFor()).isZero();

            Path undisturbed = directory.resolve("undisturbed");
            int served = finished.values().stream().mapToInt(AtomicInteger::get).sum();
            assertThat(served - finished.size()).as("in flight when killed").isLessThanOrEqualTo(kills * 4);
            Downloader.into(undisturbed).fetch(DownloaderTest.FETCH).urls(urls);
            assertThat(DownloaderTest.pictures(out).stream().map(Path::getFileName))
                    .containsExactlyElementsOf(DownloaderTest.pictures(undisturbed).stream()
                            .map(Path::getFileName)
                            .toList());
            assertThat(out.resolve("download-report.csv"))
                    .hasSameTextualContentAs(undisturbed.resolve("download-report.csv"));
        }
    }

    private static Process fork(Path out, Path list) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        out.toString(),
                        list.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
