package espalier.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.collect.DownloadRow.Status;
import espalier.collect.fetch.FetchOptions;
import espalier.collect.fetch.Proxies;
import espalier.report.DataException;
import espalier.testing.plain.LoopbackServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloaderTest {
    static final FetchOptions FETCH = FetchOptions.standard()
            .proxies(Proxies.NONE)
            .allowingPrivate()
            .connectTimeout(Duration.ofSeconds(2))
            .stallTimeout(Duration.ofSeconds(20))
            .deadline(Duration.ofSeconds(60))
            .maxBytes(200_000);

    /** For tests of time-outs; a good answer must come within them even on a busy machine. */
    static final FetchOptions IMPATIENT =
            FETCH.stallTimeout(Duration.ofMillis(1500)).deadline(Duration.ofSeconds(4));

    @TempDir
    Path directory;

    private Downloader downloader() {
        return Downloader.into(directory).fetch(FETCH).waits(Duration.ofMillis(20), Duration.ofSeconds(2));
    }

    static List<Path> pictures(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> !file.toString().endsWith(".csv"))
                    .sorted()
                    .toList();
        }
    }

    private DownloadRow only(LoopbackServer.Handler handler) throws Exception {
        try (var server = LoopbackServer.start(handler)) {
            return downloader().urls(List.of(server.url("/a.jpg"))).rows().get(0);
        }
    }

    /** A server that states a length which is too short sends half a picture and says that it is all. */
    @Test
    void N05_pictureCutByAShortContentLength_isRejected() throws Exception {
        for (byte[] whole : List.of(Pictures.jpeg(1), Pictures.png(1))) {
            var row = only(x -> x.answer(200, java.util.Arrays.copyOf(whole, whole.length * 2 / 3)));
            assertThat(row.status()).isEqualTo(Status.REJECTED);
            assertThat(row.reason()).contains("truncated");
        }
        assertThat(pictures(directory)).isEmpty();
    }

    @Test
    void N04_bytesDecide_notNameNorContentType() throws Exception {
        try (var server = LoopbackServer.start(x -> {
            switch (x.path()) {
                case "/html.jpg" -> x.answer(200, "<!DOCTYPE html><p>no", "Content-Type: image/jpeg");
                case "/page" -> x.answer(200, Pictures.jpeg(1), "Content-Type: text/html; charset=utf-8");
                case "/named.jpg" -> x.answer(200, Pictures.png(2), "Content-Type: image/png");
                case "/vector.jpg" -> x.answer(200, "<svg xmlns='x'/>");
                default -> x.answer(200, "");
            }
        })) {
            var rows = downloader()
                    .urls(List.of(
                            server.url("/html.jpg"),
                            server.url("/page"),
                            server.url("/named.jpg"),
                            server.url("/vector.jpg"),
                            server.url("/empty.jpg")))
                    .rows();
            assertThat(rows.get(0).reason()).isEqualTo("not an image: text/html");
            assertThat(rows.get(1).file()).endsWith(".jpg");
            assertThat(rows.get(1).reason()).isEqualTo("the server said text/html, the bytes say image/jpeg");
            assertThat(rows.get(2).file()).endsWith(".png");
            assertThat(rows.get(3).reason()).isEqualTo("unsupported format image/svg+xml");
            assertThat(rows.get(4).reason()).isEqualTo("empty answer");
            assertThat(pictures(directory)).hasSize(2);
        }
    }

    @Test
    void N05_partialAnswers_areNeverRenamed() throws Exception {
        byte[] picture = Pictures.jpeg(1);
        var cut = only(x -> {
            x.raw("HTTP/1.1 200 OK\r\nContent-Length: " + picture.length + "\r\n\r\n");
            x.out().write(picture, 0, picture.length / 2);
            x.reset();
        });
        assertThat(cut.status()).isEqualTo(Status.FAILED);
        assertThat(cut.reason()).contains("after 3 tries");
        assertThat(pictures(directory)).isEmpty();
    }

    @Test
    void N05_endlessPicture_isCappedBySize() throws Exception {
        byte[] picture = Pictures.jpeg(1);
        var row = only(x -> {
            x.raw("HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                x.out().write(picture);
            }
        });
        assertThat(row.status()).isEqualTo(Status.REJECTED);
        assertThat(row.reason()).isEqualTo("larger than 200000 bytes");
        assertThat(pictures(directory)).isEmpty();
    }

    @Test
    void N06_busyServer_isAskedAgainAsItSays() throws Exception {
        var calls = new ConcurrentHashMap<String, AtomicInteger>();
        try (var server = LoopbackServer.start(x -> {
            int call =
                    calls.computeIfAbsent(x.path(), key -> new AtomicInteger()).incrementAndGet();
            switch (x.path()) {
                case "/seconds" -> {
                    if (call == 1) {
                        x.answer(429, "", "Retry-After: 1");
                    } else {
                        x.answer(200, Pictures.jpeg(1));
                    }
                }
                case "/garbage" ->
                    x.answer(call < 3 ? 503 : 200, call < 3 ? new byte[0] : Pictures.jpeg(2), "Retry-After: -5");
                case "/forever" -> x.answer(429, "", "Retry-After: 1000000000");
                case "/always" -> x.answer(503, "");
                case "/500" -> x.answer(call < 3 ? 500 : 200, call < 3 ? new byte[0] : Pictures.jpeg(3));
                default -> x.answer(Integer.parseInt(x.path().substring(1)), "");
            }
        })) {
            var urls = new ArrayList<String>();
            for (String path : "seconds garbage forever always 500 403 404 410 204 502".split(" ")) {
                urls.add(server.url("/" + path));
            }
            long start = System.nanoTime();
            var rows = downloader().urls(urls).rows();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
            assertThat(rows.stream().map(row -> row.status().word() + " " + row.reason()))
                    .containsExactly(
                            "kept ",
                            "kept ",
                            "failed HTTP 429, asks to wait 1000000000 s",
                            "failed HTTP 503 after 4 tries",
                            "kept ",
                            "rejected HTTP 403",
                            "rejected HTTP 404",
                            "rejected HTTP 410",
                            "rejected HTTP 204",
                            "failed HTTP 502 after 3 tries");
            assertThat(calls.get("/404")).hasValue(1);
            assertThat(calls.get("/forever")).hasValue(1);
            assertThat(calls.get("/always")).hasValue(4);
            assertThat(calls.get("/502")).hasValue(3);
        }
    }

    @Test
    void N07_sameContent_isKeptOnce_andTheFirstAddressHasTheCredit() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(
                200, Pictures.jpeg(x.path().startsWith("/same") ? 1 : x.path().length())))) {
            var hits = new ArrayList<ImageHit>();
            for (int i = 0; i < 10; i++) {
                hits.add(ImageHit.of(server.url("/same/" + i))
                        .shownOn("http://page/" + i, "=cmd|' /C calc'!A0")
                        .licence("by-sa 4.0", "http://licence")
                        .creator("Ann, \"the\" Painter"));
            }
            for (int i = 0; i < 10; i++) {
                hits.add(ImageHit.of(server.url("/again")));
            }
            hits.add(ImageHit.of(server.url("/other/again/a.jpg")));
            hits.add(ImageHit.of(server.url("/longer/other/again/a.jpg")));

            var report = downloader().run(hits);
            assertThat(report.counts())
                    .containsEntry(Status.KEPT, 4)
                    .containsEntry(Status.DUPLICATE, 9)
                    .containsEntry(Status.REJECTED, 0);
            assertThat(report.rows()).hasSize(13);
            assertThat(pictures(directory)).hasSize(4);
            assertThat(report.rows().get(0).status()).isEqualTo(Status.KEPT);
            assertThat(report.rows().get(0).file()).matches("[0-9a-f]{32}\\.jpg");
            String credits = Files.readString(directory.resolve("attribution.csv"));
            assertThat(credits)
                    .contains("'=cmd", "\"Ann, \"\"the\"\" Painter\"", "by-sa 4.0", server.url("/same/0"))
                    .doesNotContain(server.url("/same/1"));
            assertThat(Files.readString(directory.resolve("download-report.csv"))
                            .lines())
                    .hasSize(14);
        }
    }

    @Test
    void N08_signedAddress_keepsItsQuery() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(200, Pictures.jpeg(1)))) {
            downloader().urls(List.of(server.url("/a b.php?sig=a%2Fb+c%3D&exp=1#x")));
            assertThat(server.requests().get(0).target()).isEqualTo("/a%20b.php?sig=a%2Fb+c%3D&exp=1");
            assertThat(pictures(directory).get(0).toString()).endsWith(".jpg");
        }
    }

    @Test
    void N12_namesFromServers_areNeverUsed() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(
                200,
                Pictures.png(x.target().hashCode()),
                "Content-Disposition: attachment; filename=\"../../evil.sh\""))) {
            downloader()
                    .urls(List.of(
                            server.url("/CON.jpg"),
                            server.url("/..%2f..%2fetc%2fpasswd"),
                            server.url("/" + "x".repeat(300) + ".jpg"),
                            server.url("/A.jpg"),
                            server.url("/a.jpg")));
            assertThat(pictures(directory))
                    .hasSize(5)
                    .allMatch(file -> file.getFileName().toString().matches("[0-9a-f]{32}\\.png"));
            assertThat(directory.getParent().resolve("evil.sh")).doesNotExist();
        }
    }

    @Test
    void pictures_outsideTheSizeLimits_areLeftOut() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(
                200,
                switch (x.path()) {
                    case "/big" -> hugeHeader();
                    case "/broken" -> java.util.Arrays.copyOf(Pictures.png(1), 18);
                    default -> Pictures.png(1);
                }))) {
            var rows = downloader()
                    .minSize(50)
                    .urls(List.of(server.url("/small"), server.url("/big"), server.url("/broken")))
                    .rows();
            assertThat(rows.get(0).reason()).isEqualTo("64x48 pixels, smaller than 50");
            assertThat(rows.get(1).reason()).contains("gigapixels");
            assertThat(rows.get(2).reason()).contains("PNG");
            assertThat(pictures(directory)).isEmpty();
        }
    }

    private static byte[] hugeHeader() {
        byte[] png = Pictures.png(1);
        java.nio.ByteBuffer.wrap(png).putInt(16, 100_000).putInt(20, 100_000);
        return png;
    }

    @Test
    void connections_toOneHost_stayWithinTheLimit() throws Exception {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        try (var server = LoopbackServer.start(x -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.sleep(30);
            running.decrementAndGet();
            x.answer(200, Pictures.jpeg(x.target().hashCode()));
        })) {
            var urls = new ArrayList<String>();
            for (int i = 0; i < 24; i++) {
                urls.add(server.url("/" + i));
            }
            assertThat(downloader().urls(urls).count(Status.KEPT)).isEqualTo(24);
            assertThat(most.get()).isBetween(2, 4);
        }
    }

    @Test
    void hostThatNeverAnswers_isGivenUp() throws Exception {
        try (var server = LoopbackServer.start(x -> Thread.sleep(10_000))) {
            var urls = new ArrayList<String>();
            for (int i = 0; i < 200; i++) {
                urls.add(server.url("/" + i));
            }
            long start = System.nanoTime();
            var report = downloader().fetch(IMPATIENT).urls(urls);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
            assertThat(report.count(Status.FAILED)).isEqualTo(200);
            assertThat(report.rows().get(199).reason()).contains("does not answer");
        }
    }

    @Test
    void secondRun_asksOnlyWhatFailed_andLeavesRemovedPicturesAlone() throws Exception {
        var up = new AtomicInteger();
        try (var server = LoopbackServer.start(x -> {
            if (x.path().equals("/late") && up.get() == 0) {
                x.answer(500, "");
            } else if (x.path().equals("/gone")) {
                x.answer(404, "");
            } else {
                x.answer(200, Pictures.jpeg(x.path().length()));
            }
        })) {
            var urls =
                    List.of(server.url("/a"), server.url("/bb"), server.url("/late"), server.url("/gone"), "file:///x");
            downloader().retries(0).urls(urls);
            int before = server.requests().size();
            up.set(1);
            Files.delete(pictures(directory).get(0)); // somebody did not like it
            var report = downloader().urls(urls);
            assertThat(server.requests()).hasSize(before + 1);
            assertThat(report.count(Status.KEPT)).isEqualTo(2);
            assertThat(report.count(Status.DELETED)).isEqualTo(1);
            assertThat(report.rows().get(4).reason()).contains("only http and https");
            assertThat(Files.readString(directory.resolve("attribution.csv"))).hasLineCount(3);
            assertThat(Files.readString(directory.resolve("attribution-deleted.csv")))
                    .hasLineCount(2);
            assertThat(pictures(directory)).hasSize(2);
            assertThat(directory.resolve(DownloadState.FOLDER)).doesNotExist();
        }
    }

    @Test
    void undoneDeletion_hasItsCreditsBack() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(200, Pictures.jpeg(1)))) {
            var hits = List.of(ImageHit.of(server.url("/a")).creator("Ann"));
            downloader().run(hits);
            Path picture = DownloaderTest.pictures(directory).get(0);
            byte[] bytes = Files.readAllBytes(picture);
            Files.delete(picture);
            downloader().run(hits);
            assertThat(Files.readString(directory.resolve("attribution.csv"))).doesNotContain("Ann");
            Files.write(picture, bytes);
            downloader().urls(List.of());
            assertThat(Files.readString(directory.resolve("attribution.csv"))).contains("Ann");
            assertThat(directory.resolve("attribution-deleted.csv")).doesNotExist();
        }
    }

    @Test
    void picturesThatWereTooSmall_areAskedForAgain_whenTheySuffice() throws Exception {
        try (var server = LoopbackServer.start(x ->
                x.answer(200, Pictures.encode(Pictures.draw(1, 200, x.path().equals("/a") ? 80 : 40), "png")))) {
            var urls = List.of(server.url("/a"), server.url("/b"));
            assertThat(downloader().minSize(5000).urls(urls).count(Status.REJECTED))
                    .isEqualTo(2);
            assertThat(downloader().minSize(100).urls(urls).count(Status.REJECTED))
                    .isEqualTo(2);
            assertThat(server.requests()).hasSize(2);
            assertThat(downloader().minSize(50).urls(urls).count(Status.KEPT)).isEqualTo(1);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void secondDownload_intoTheSameFolder_isRefusedWhileTheFirstRuns() throws Exception {
        try (var state = DownloadState.open(directory)) {
            assertThat(state.settled(1)).isEmpty();
            assertThatThrownBy(() -> downloader().urls(List.of()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("Another download");
        }
    }
}
