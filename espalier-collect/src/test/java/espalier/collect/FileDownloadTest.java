package espalier.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.Request;
import espalier.report.DataException;
import espalier.testing.plain.LoopbackServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileDownloadTest {
    private static final byte[] CONTENT = new byte[300_000];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    @TempDir
    Path directory;

    private FileDownload download(LoopbackServer server) throws IOException {
        return FileDownload.of(Request.of(server.url("/data.zip")), target())
                .fetch(DownloaderTest.FETCH.maxBytes(1_000_000).deadline(Duration.ofSeconds(20)))
                .retries(2, Duration.ofMillis(10));
    }

    private Path target() {
        return directory.resolve("data.zip");
    }

    @Test
    void brokenConnection_isContinuedByRange() throws Exception {
        try (var server = LoopbackServer.start(x -> RangeServer.serve(x, CONTENT, 100_000))) {
            assertThat(download(server).run()).isTrue();
            assertThat(Files.readAllBytes(target())).isEqualTo(CONTENT);
            assertThat(server.requests().stream().map(x -> x.headers().getOrDefault("range", "")))
                    .containsExactly("", "bytes=100000-", "bytes=200000-");
            try (var files = Files.list(directory)) {
                assertThat(files).containsExactly(target());
            }
            assertThat(download(server).run()).isFalse();
            assertThat(server.requests()).hasSize(3);
        }
    }

    private static final String FORM = """
            <html><body>Google Drive can't scan this file for viruses. <b>data.zip</b> is too large.
            <form id="download-form" action="/download?part=1" method="get"><input type="submit" value="Download anyway"/>
            <input type="hidden" name="id" value="a1&amp;b"><input type="hidden" name="confirm" value="t">
            </form><input type="hidden" name="other" value="not of the form"></body></html>""";

    private static final String LINK =
            "<a id=\"uc-download-link\" href=\"/download?part=1&amp;id=a1%26b&amp;confirm=t\">Download anyway</a>";

    /** As Google Drive answers, after its redirect, when a file is too large for its scan. */
    @ParameterizedTest
    @ValueSource(strings = {FORM, LINK})
    void pageInPlaceOfALargeFile_isConfirmed_alsoWhenTheConnectionBreaks(String page) throws Exception {
        try (var server = LoopbackServer.start(x -> {
            switch (x.path()) {
                case "/uc" -> x.answer(303, "", "Location: /page?" + x.target().split("\\?")[1]);
                case "/page" -> x.answer(200, page, "Content-Type: text/html; charset=utf-8");
                default -> RangeServer.serve(x, CONTENT, 200_000);
            }
        })) {
            var asked = Request.of(server.url("/uc?export=download&id=a1%26b"));
            var file = FileDownload.of(asked, target())
                    .fetch(DownloaderTest.FETCH.maxBytes(1_000_000).deadline(Duration.ofSeconds(20)))
                    .retries(2, Duration.ofMillis(10));
            assertThat(file.run()).isTrue();
            assertThat(Files.readAllBytes(target())).isEqualTo(CONTENT);
            var files = server.requests().stream()
                    .filter(x -> x.path().equals("/download"))
                    .toList();
            assertThat(files)
                    .hasSize(2)
                    .allSatisfy(x -> assertThat(x.query())
                            .containsOnly(entry("part", "1"), entry("id", "a1&b"), entry("confirm", "t")));
            assertThat(files.get(1).headers()).containsEntry("range", "bytes=200000-");
        }
    }

    @Test
    void pageThatDoesNotLeadToTheFile_isNotTakenForIt() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(200, "<p>Sign in</p>", "Content-Type: text/html"))) {
            var asked = Request.of(server.url("/uc?id=a1&export=download"));
            var file = FileDownload.of(asked, target()).fetch(DownloaderTest.FETCH.maxBytes(1_000_000));
            assertThatThrownBy(file::run)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("a page instead of the file")
                    .hasMessageContaining("Maybe it is not shared");
            assertThat(target()).doesNotExist();
            var page = FileDownload.of(Request.of(server.url("/page?id=a1")), target())
                    .fetch(DownloaderTest.FETCH.maxBytes(1_000_000));
            assertThat(page.run()).as("a page that was asked for").isTrue();
        }
    }

    @Test
    void N13_nextRun_continuesWhatArrived_unlessTheFileChanged() throws Exception {
        var calls = new AtomicInteger();
        byte[] changed = CONTENT.clone();
        changed[0] ^= 1;
        try (var server = LoopbackServer.start(x -> {
            if (calls.incrementAndGet() == 1) {
                RangeServer.serve(x, CONTENT, 100_000);
            } else if (calls.get() < 5) {
                x.answer(503, "");
            } else {
                RangeServer.serve(x, changed, -1);
            }
        })) {
            assertThatThrownBy(() -> download(server).run())
                    .isInstanceOfSatisfying(
                            FetchException.class,
                            failure -> assertThat(failure.status()).isEqualTo(503));
            assertThat(target()).doesNotExist();
            assertThat(Files.size(directory.resolve(".data.zip.part"))).isEqualTo(100_000);
            download(server).run();
            assertThat(Files.readAllBytes(target())).as("not half of each").isEqualTo(changed);
        }
    }

    @Test
    void N13_wrongContent_isRefusedAndThrownAway() throws Exception {
        try (var server = LoopbackServer.start(x -> RangeServer.serve(x, CONTENT, -1))) {
            assertThatThrownBy(() -> download(server)
                            .checksum(Checksum.sha256("0".repeat(64)))
                            .run())
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("arrived damaged");
            assertThat(directory).isEmptyDirectory();
        }
        try (var server =
                LoopbackServer.start(x -> x.answer(200, CONTENT, "X-Goog-Hash: md5=AAAAAAAAAAAAAAAAAAAAAA=="))) {
            assertThatThrownBy(() -> download(server).run()).isInstanceOf(DataException.class);
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void N13_cachedFileThatRotted_isFetchedAgain() throws Exception {
        try (var server = LoopbackServer.start(x -> RangeServer.serve(x, CONTENT, -1))) {
            Files.write(target(), CONTENT);
            var right = Checksum.sha256(new Checksum("SHA-256", "0".repeat(64)).of(target()));
            assertThat(download(server).checksum(right).run()).isFalse();
            Files.writeString(target(), "rotten");
            assertThat(download(server).checksum(right).run()).isTrue();
            assertThat(Files.readAllBytes(target())).isEqualTo(CONTENT);
        }
    }

    @Test
    void N13_twoAtOnce_downloadOnce() throws Exception {
        try (var server = LoopbackServer.start(x -> {
            Thread.sleep(100);
            RangeServer.serve(x, CONTENT, -1);
        })) {
            var first = CompletableFuture.supplyAsync(() -> run(server));
            var second = CompletableFuture.supplyAsync(() -> run(server));
            assertThat(first.get() ^ second.get()).isTrue();
            assertThat(server.requests()).hasSize(1);
        }
    }

    private boolean run(LoopbackServer server) {
        try {
            return download(server).run();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void N13_anotherAddress_isNotTakenForTheFileThatIsThere() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(200, x.path(), "ETag: \"v1\""))) {
            String first = server.url("/a/data.bin?id=1&sig=x");
            Path file = fetched(first);
            assertThat(file).hasFileName("data.bin").hasContent("/a/data.bin");
            assertThat(fetched(server.url("/b/data.bin")))
                    .hasFileName("data-2.bin")
                    .hasContent("/b/data.bin");
            assertThat(server.requests()).hasSize(2);
            assertThat(fetched(server.url("/b/data.bin"))).hasFileName("data-2.bin");
            assertThat(fetched(first.replace("sig=x", "sig=y"))).isEqualTo(file);
            assertThat(server.requests()).as("both are there").hasSize(2);
            Files.writeString(directory.resolve("mine.bin"), "mine");
            assertThat(fetched(server.url("/mine.bin"))).hasFileName("mine-2.bin");
            var request = Request.of(server.url("/b/data.bin?key=secret"));
            assertThatThrownBy(() ->
                            FileDownload.of(request, file).rememberingSource().run())
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(server.url("/a/data.bin") + ", not from")
                    .hasMessageNotContaining("secret");
            assertThat(file).hasContent("/a/data.bin");
        }
    }

    private Path fetched(String url) throws IOException {
        Path file = FileDownload.place(directory, url, new java.util.HashSet<>());
        FileDownload.of(Request.of(url), file)
                .rememberingSource()
                .fetch(DownloaderTest.FETCH)
                .run();
        return file;
    }

    @Test
    void N13_halfOfAnotherAddress_isNotContinued() throws Exception {
        byte[] other = CONTENT.clone();
        other[0] ^= 1; // the validator of both is the same
        var calls = new AtomicInteger();
        try (var server = LoopbackServer.start(x -> {
            if (x.path().contains("b")) {
                RangeServer.serve(x, other, -1);
            } else if (calls.incrementAndGet() == 1) {
                RangeServer.serve(x, CONTENT, 100_000);
            } else {
                x.answer(503, "");
            }
        })) {
            assertThatThrownBy(() -> half(server, "/a")).isInstanceOf(FetchException.class);
            assertThat(directory.resolve(".data.zip.part")).hasSize(100_000);
            half(server, "/b");
            assertThat(Files.readAllBytes(target())).isEqualTo(other);
            assertThat(server.requests().get(2).headers()).doesNotContainKey("range");
        }
    }

    private void half(LoopbackServer server, String path) throws IOException {
        FileDownload.of(Request.of(server.url(path)), target())
                .rememberingSource()
                .fetch(download(server).fetch())
                .retries(0, Duration.ZERO)
                .run();
    }

    @Test
    void refusal_isNotTriedAgain() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(404, ""))) {
            assertThatThrownBy(() -> download(server).run()).hasMessageContaining("HTTP 404");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void refusal_leavesNoFolder_andUnwritablePlacesAreNamedBeforeAnythingIsAsked() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(404, ""))) {
            Path deep = directory.resolve("deep/er/file.bin");
            var request = Request.of(server.url("/none"));
            var options = download(server).fetch();
            assertThatThrownBy(
                            () -> FileDownload.of(request, deep).fetch(options).run())
                    .hasMessageContaining("HTTP 404");
            assertThat(directory.resolve("deep")).doesNotExist();
            int before = server.requests().size();
            Path file = Files.writeString(directory.resolve("plain"), "x").resolve("file.bin");
            assertThatThrownBy(
                            () -> FileDownload.of(request, file).fetch(options).run())
                    .isInstanceOf(espalier.files.CannotWriteException.class)
                    .hasMessageContaining("Maybe ");
            assertThat(server.requests()).hasSize(before);
        }
    }

    /** By the length that the server states, and by what really comes where it states none. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void N05_fileLargerThanTheLimit_isRefused_andNothingStays(boolean stated) throws Exception {
        try (var server = LoopbackServer.start(x -> {
            x.raw("HTTP/1.1 200 OK\r\n" + (stated ? "Content-Length: 3000000\r\n" : "") + "\r\n");
            for (int i = 0; i < 300; i++) {
                x.raw("x".repeat(10_000));
            }
        })) {
            Path target = directory.resolve("large.bin");
            assertThatThrownBy(() -> FileDownload.of(Request.of(server.url("/large.bin")), target)
                            .fetch(DownloaderTest.FETCH.maxBytes(1_000_000))
                            .run())
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("larger than 1 MB");
            assertThat(target).doesNotExist();
        }
    }

    /** One byte now and then is never silence. */
    @Test
    void N03_serverThatDrips_isGivenUp_andWhatCameIsKept() throws Exception {
        try (var server = LoopbackServer.start(x -> {
            x.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\nETag: \"a\"\r\n\r\n");
            for (int i = 0; i < 100; i++) {
                x.raw("x");
                Thread.sleep(100);
            }
        })) {
            Path target = directory.resolve("slow.bin");
            long start = System.nanoTime();
            assertThatThrownBy(() -> FileDownload.of(Request.of(server.url("/slow.bin")), target)
                            .fetch(DownloaderTest.FETCH
                                    .stallTimeout(Duration.ofMillis(600))
                                    .maxBytes(10_000_000))
                            .run())
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("bytes came in")
                    .hasMessageContaining("what arrived is kept");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
            assertThat(target).doesNotExist();
            assertThat(directory.resolve(".slow.bin.part")).isNotEmptyFile();
        }
    }
}
