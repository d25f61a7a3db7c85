package espalier.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.collect.fetch.FetchOptions;
import espalier.testing.plain.LoopbackServer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectTest {
    @TempDir
    Path directory;

    /** A provider and its pictures in one; every third picture is gone. */
    private static void serve(LoopbackServer.Exchange x) throws Exception {
        if (x.path().startsWith("/v1/images")) {
            int page = Integer.parseInt(x.query().get("page"));
            var results = new StringBuilder();
            for (int i = page * 20 - 19; i <= page * 20; i++) {
                results.append(results.length() == 0 ? "" : ",")
                        .append("{\"url\":\"http://127.0.0.1:")
                        .append(x.socket().getLocalPort())
                        .append("/" + x.query().get("q").replace(' ', '_') + "/" + i)
                        .append("\",\"license\":\"by\",\"creator\":\"Ann\"}");
            }
            x.answer(200, "{\"page_count\":5,\"results\":[" + results + "]}");
        } else if (Integer.parseInt(x.path().replaceAll("\\D", "")) % 3 == 0) {
            x.answer(404, "");
        } else {
            x.answer(200, Pictures.jpeg(x.path().hashCode()));
        }
    }

    private static final FetchOptions FETCH =
            DownloaderTest.FETCH.stallTimeout(Duration.ofSeconds(10)).deadline(Duration.ofSeconds(30));

    private Collect collect(LoopbackServer server, int count) {
        var search = Search.of(Search.DEFAULT)
                .endpoint(server.url(""))
                .env(Map.of())
                .cache(Optional.empty())
                .backoff(Duration.ofMillis(5))
                .fetch(FETCH);
        return Collect.of(search, count).downloads(d -> d.fetch(FETCH));
    }

    @Test
    void classes_getTheirCountDespiteGaps_andNothingIsAskedTwice() throws Exception {
        try (var server = LoopbackServer.start(CollectTest::serve)) {
            var results = collect(server, 25).classes("{} bear", List.of("grizzly", "black"), directory);
            assertThat(results).hasSize(2).allSatisfy(result -> {
                assertThat(result.kept()).isEqualTo(25);
                assertThat(result.asked()).isBetween(36, 38);
                assertThat(result.rejected()).hasSize(result.asked() - 25);
            });
            assertThat(DownloaderTest.pictures(directory.resolve("grizzly"))).hasSize(25);
            assertThat(Files.readString(directory.resolve("black/attribution.csv")))
                    .contains("Ann", "by", "openverse");

            long pictures = server.requests().stream()
                    .filter(x -> !x.path().startsWith("/v1"))
                    .count();
            collect(server, 25).classes("{} bear", List.of("grizzly", "black"), directory);
            assertThat(server.requests().stream().filter(x -> !x.path().startsWith("/v1")))
                    .hasSize((int) pictures);
        }
    }

    @Test
    void collect_endsWhenTheProviderHasNoMore() throws Exception {
        try (var server = LoopbackServer.start(CollectTest::serve)) {
            var result = collect(server, 500).into("teddy bear", directory.resolve("teddy"));
            assertThat(result.kept()).isEqualTo(67);
            assertThat(result.asked()).isEqualTo(100);
        }
    }

    @Test
    void deletedPictures_stayOut_areNotCounted_andOthersTakeTheirPlace() throws Exception {
        try (var server = LoopbackServer.start(CollectTest::serve)) {
            collect(server, 10).into("bear", directory);
            var first = DownloaderTest.pictures(directory);
            String report = Files.readString(directory.resolve("download-report.csv"));
            for (Path file : first.subList(0, 4)) {
                Files.delete(file);
            }
            var again = collect(server, 10).into("bear", directory);
            assertThat(again.kept()).isEqualTo(10);
            assertThat(again.deleted()).isEqualTo(4);
            assertThat(DownloaderTest.pictures(directory))
                    .hasSize(10)
                    .containsAll(first.subList(4, 10))
                    .doesNotContainAnyElementsOf(first.subList(0, 4));
            assertThat(Files.readString(directory.resolve("download-report.csv")))
                    .contains(",deleted,")
                    .hasLineCount((int) report.lines().count() + 6);

            Files.write(first.get(0), new byte[] {1}); // brought back, as by an undo
            assertThat(collect(server, 11).into("bear", directory).kept()).isEqualTo(11);
        }
    }

    @Test
    void oneClassThatFails_leavesTheOthersAlone() throws Exception {
        try (var server = LoopbackServer.start(x -> {
            if (x.path().startsWith("/v1") && x.query().get("q").startsWith("black")) {
                x.answer(500, "");
            } else {
                serve(x);
            }
        })) {
            var results = collect(server, 5).classes("{} bear", List.of("grizzly", "black", "teddy"), directory);
            assertThat(results.stream().map(Collect.Result::kept)).containsExactly(5, 0, 5);
            assertThat(results.get(1).failure())
                    .hasValueSatisfying(failure -> assertThat(failure).hasMessageContaining("HTTP 500"));
            assertThat(directory.resolve("black")).doesNotExist();
        }
    }

    @Test
    void stopped_theReportsTellOfWhatWasDone_andTheNextRunGoesOn() throws Exception {
        var stop = new StopSignal();
        try (var server = LoopbackServer.start(x -> {
            if (x.path().endsWith("/8")) {
                stop.ask();
                Thread.sleep(3_000); // longer than the run may take to end
            }
            serve(x);
        })) {
            var report = Downloader.into(directory)
                    .fetch(FETCH)
                    .stop(stop)
                    .connections(1, 1)
                    .urls(java.util.stream.IntStream.range(1, 20)
                            .mapToObj(i -> server.url("/p/" + i))
                            .toList());
            assertThat(report.stopped()).isTrue();
            assertThat(report.rows()).hasSize(7);
            assertThat(DownloaderTest.pictures(directory)).hasSize(5);
            assertThat(Files.readString(directory.resolve("attribution.csv"))).hasLineCount(6);
            assertThat(Files.readString(directory.resolve("download-report.csv")))
                    .hasLineCount(8);
            assertThat(directory.resolve(".espalier-download")).doesNotExist();
            assertThat(collect(server, 5)
                            .stop(stop)
                            .into("bear", directory.resolve("x"))
                            .asked())
                    .isZero();
        }
    }

    @Test
    void classesOfOneFolder_areRefused() {
        assertThatThrownBy(() ->
                        Collect.of(Search.of("openverse"), 5).classes("{} bear", List.of("a", "b", "A "), directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"A\" twice");
    }

    @Test
    void templateWithoutPlace_isRefused() {
        assertThatThrownBy(() -> Collect.of(Search.of("openverse"), 5).classes("bear", List.of("a"), directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("{} bear");
    }

    @Test
    void urlList_passesOverCommentsAndBlankLines() throws Exception {
        String text = "# mine\nhttp://a/1.jpg\n\n  http://a/2.jpg?x=#y \n";
        var hits = UrlList.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(hits.stream().map(ImageHit::url)).containsExactly("http://a/1.jpg", "http://a/2.jpg?x=#y");
        Path file = Files.writeString(directory.resolve("list.txt"), text);
        assertThat(UrlList.read(file)).isEqualTo(hits);
        Files.writeString(file, "\uFEFF" + text.substring(7).replace("\n", "\r\n"));
        assertThat(UrlList.read(file)).as("a list from Windows").isEqualTo(hits);
        Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xD8});
        assertThatThrownBy(() -> UrlList.read(file)).hasMessageContaining("no UTF-8 text");
        assertThatThrownBy(() -> UrlList.read(directory.resolve("none"))).hasMessageContaining("There is no list");
    }

    @ParameterizedTest
    @CsvSource({
        "any, whatever, true",
        "any, '', true",
        "commercial, CC BY-SA 4.0, true",
        "commercial, by-nc 2.0, false",
        "commercial, '', false",
        "modification, by-nd 2.0, false",
        "modification, CC BY-NC-SA 3.0, true",
        "public, CC0, true",
        "public, Public domain, true",
        "public, No known copyright restrictions, true",
        "public, CC BY 4.0, false",
        "'by, by-sa', CC BY 2.0, true",
        "'by,by-sa', CC BY-NC 2.0, false",
        "cc0, CC0 1.0, true",
        "commercial, all rights reserved, false"
    })
    void licenceFilter_readsNamesAsTheyAreWritten(String filter, String licence, boolean accepted) {
        assertThat(LicenceFilter.of(filter).accepts(licence)).isEqualTo(accepted);
    }

    @Test
    void licenceFilter_namesItsWordsWhenItKnowsNone() {
        assertThatThrownBy(() -> LicenceFilter.of("gpl"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("commercial");
    }
}
