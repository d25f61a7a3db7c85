package espalier.collect.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.collect.Collect;
import espalier.collect.ImageHit;
import espalier.collect.ImageSearch;
import espalier.collect.LicenceFilter;
import espalier.collect.Search;
import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.FetchOptions;
import espalier.collect.fetch.Proxies;
import espalier.report.DataException;
import espalier.testing.plain.LoopbackServer;
import espalier.testing.plain.LoopbackServer.Exchange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every provider against a server that answers as its documentation says, with invented content. */
class ProvidersTest {
    private static final Map<String, String> KEYS = Map.of(
            "AZURE_SEARCH_KEY", "top+secret",
            "BRAVE_API_KEY", "top+secret",
            "FLICKR_API_KEY", "top+secret",
            "PEXELS_API_KEY", "top+secret",
            "SERPAPI_API_KEY", "top+secret",
            "UNSPLASH_ACCESS_KEY", "top+secret");

    @TempDir
    Path directory;

    private Search search(String provider, LoopbackServer server) {
        return Search.of(provider)
                .endpoint(server.url("/"))
                .env(KEYS)
                .backoff(Duration.ofMillis(10))
                .cache(Optional.of(directory.resolve("cache")))
                .fetch(FetchOptions.standard()
                        .proxies(Proxies.NONE)
                        .allowingPrivate()
                        .stallTimeout(Duration.ofSeconds(5)));
    }

    /** JSON items from {@code first} to {@code last}, {@code @} in the template standing for the number. */
    private static String items(int first, int last, String template) {
        IntFunction<String> item = number -> template.replace("@", Integer.toString(number));
        return IntStream.rangeClosed(first, last).mapToObj(item).collect(Collectors.joining(","));
    }

    private static Map<String, String> query(Exchange request) {
        return new TreeMap<>(request.query());
    }

    private static List<String> urls(List<ImageHit> hits) {
        return hits.stream().map(ImageHit::url).toList();
    }

    @Test
    void openverse_pagesAndCredits() throws Exception {
        String item = "{\"id\":\"i@\",\"title\":\"Bear @\",\"url\":\"https://live.example/@.jpg\","
                + "\"thumbnail\":\"https://t.example/@\",\"foreign_landing_url\":\"https://page.example/@\","
                + "\"creator\":null,\"license\":\"by-sa\",\"license_version\":\"2.0\","
                + "\"license_url\":\"https://cc.example/by-sa\",\"source\":\"flickr\",\"attribution\":\"...\"}";
        try (var server = LoopbackServer.start(x -> {
            int page = Integer.parseInt(x.query().get("page"));
            x.answer(
                    200,
                    "{\"result_count\":50,\"page_count\":3,\"page_size\":20,\"page\":" + page + ",\"results\":["
                            + items(page * 20 - 19, Math.min(50, page * 20), item) + "]}");
        })) {
            var hits = search("openverse", server)
                    .licence(LicenceFilter.of("commercial"))
                    .find("grizzly bear", 200);
            assertThat(hits).hasSize(50);
            assertThat(hits.get(0))
                    .isEqualTo(ImageHit.of("https://live.example/1.jpg")
                            .thumbnail("https://t.example/1")
                            .shownOn("https://page.example/1", "Bear 1")
                            .licence("by-sa 2.0", "https://cc.example/by-sa")
                            .source("openverse/flickr"));
            assertThat(server.requests()).hasSize(3);
            var first = server.requests().get(0);
            assertThat(first.path()).isEqualTo("/v1/images/");
            assertThat(query(first))
                    .isEqualTo(
                            Map.of("q", "grizzly bear", "page", "1", "page_size", "20", "license_type", "commercial"));
            assertThat(first.headers()).doesNotContainKey("authorization");
        }
    }

    @Test
    void openverse_anonymousSearch_endsAtItsDepth_andClientsGoDeeper() throws Exception {
        try (var server = LoopbackServer.start(x -> {
            if (x.method().equals("POST")) {
                x.answer(200, "{\"access_token\":\"t0k\",\"expires_in\":36000,\"token_type\":\"Bearer\"}");
                return;
            }
            int page = Integer.parseInt(x.query().get("page"));
            x.answer(
                    200,
                    "{\"page_count\":500,\"results\":["
                            + items(page * 20 - 19, page * 20, "{\"url\":\"https://e/@.jpg\",\"license\":\"cc0\"}")
                            + "]}");
        })) {
            assertThat(search("openverse", server).find("x", 1000)).hasSize(240);
            int before = server.requests().size();
            var client = Map.of("OPENVERSE_CLIENT_ID", "me", "OPENVERSE_CLIENT_SECRET", "hush");
            assertThat(search("openverse", server).env(client).find("x", 300)).hasSize(300);
            var requests = server.requests().subList(before, server.requests().size());
            assertThat(requests.get(0).path()).isEqualTo("/v1/auth_tokens/token/");
            assertThat(requests.get(0).body())
                    .contains("grant_type=client_credentials", "client_id=me", "client_secret=hush");
            assertThat(requests.subList(1, requests.size()))
                    .hasSize(15)
                    .allMatch(x -> x.headers().get("authorization").equals("Bearer t0k"));
        }
    }

    @Test
    void wikimedia_continuesWithTheReturnedObject_andTakesThumbs() throws Exception {
        String item = "{\"pageid\":@,\"ns\":6,\"title\":\"File:Bear @.jpg\",\"index\":@,\"imageinfo\":[{"
                + "\"thumburl\":\"https://up.example/640px-@.jpg\",\"url\":\"https://up.example/@.jpg\","
                + "\"descriptionurl\":\"https://commons.example/File:@\",\"mime\":\"image/jpeg\",\"extmetadata\":{"
                + "\"LicenseShortName\":{\"value\":\"LICENCE\"},\"LicenseUrl\":{\"value\":\"https://cc.example\"},"
                + "\"Artist\":{\"value\":\"<a href=\\\"x\\\">Ann &amp; Bob</a>\"}}}]}";
        try (var server = LoopbackServer.start(x -> {
            boolean first = !x.query().containsKey("gsroffset");
            String more = "\"continue\":{\"gsroffset\":50,\"continue\":\"gsroffset||\"},";
            x.answer(
                    200,
                    "{\"batchcomplete\":true," + (first ? more : "") + "\"query\":{\"pages\":["
                            + (first
                                    ? item.replace("@", "2").replace("LICENCE", "CC BY-SA 4.0") + ","
                                            + item.replace("@", "1").replace("LICENCE", "Public domain")
                                    : item.replace("@", "3").replace("LICENCE", "CC BY-NC 2.0"))
                            + "]}}");
        })) {
            var hits = search("wikimedia", server).find("bear", 10);
            assertThat(urls(hits))
                    .containsExactly(
                            "https://up.example/640px-1.jpg",
                            "https://up.example/640px-2.jpg",
                            "https://up.example/640px-3.jpg");
            assertThat(hits.get(1).creator()).isEqualTo("Ann & Bob");
            assertThat(hits.get(1).licence()).isEqualTo("CC BY-SA 4.0");
            assertThat(hits.get(1).title()).isEqualTo("Bear 2.jpg");
            assertThat(query(server.requests().get(0)))
                    .isEqualTo(Map.ofEntries(
                            Map.entry("action", "query"),
                            Map.entry("format", "json"),
                            Map.entry("formatversion", "2"),
                            Map.entry("generator", "search"),
                            Map.entry("gsrnamespace", "6"),
                            Map.entry("gsrsearch", "filetype:bitmap bear"),
                            Map.entry("gsrlimit", "50"),
                            Map.entry("prop", "imageinfo"),
                            Map.entry("iiprop", "url|size|mime|sha1|extmetadata"),
                            Map.entry("iiurlwidth", "640")));
            assertThat(server.requests().get(1).query())
                    .containsEntry("gsroffset", "50")
                    .containsEntry("continue", "gsroffset||");
            assertThat(server.requests().get(0).headers().get("user-agent")).matches("espalier/[0-9.]+ \\(.+\\)");
            assertThat(search("wikimedia", server)
                            .licence(LicenceFilter.of("commercial"))
                            .find("bear", 10))
                    .hasSize(2);
            assertThat(search("wikimedia", server)
                            .licence(LicenceFilter.of("public"))
                            .find("bear", 10))
                    .hasSize(1);
        }
    }

    @Test
    void brave_asksOnce_withTokenHeader() throws Exception {
        String item = "{\"type\":\"image_result\",\"title\":\"Bear @\",\"url\":\"https://page.example/@\","
                + "\"source\":\"page.example\",\"thumbnail\":{\"src\":\"https://t.example/@\"},"
                + "\"properties\":{\"url\":\"https://i.example/@.jpg\"}}";
        try (var server = LoopbackServer.start(
                x -> x.answer(200, "{\"type\":\"images\",\"results\":[" + items(1, 200, item) + "]}"))) {
            var hits = search("brave", server).unsafe().find("bear", 500);
            assertThat(hits).hasSize(200);
            assertThat(hits.get(0).url()).isEqualTo("https://i.example/1.jpg");
            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().get(0).path()).isEqualTo("/res/v1/images/search");
            assertThat(query(server.requests().get(0)))
                    .isEqualTo(Map.of("q", "bear", "count", "200", "safesearch", "off"));
            assertThat(server.requests().get(0).headers()).containsEntry("x-subscription-token", "top+secret");
            search("brave", server).find("bear", 5);
            assertThat(server.requests().get(1).query())
                    .as("dead links cannot be made up for later")
                    .containsEntry("count", "200");
            assertThatThrownBy(() -> search("brave", server).find("w ".repeat(51), 1))
                    .hasMessageContaining("50 words");
        }
    }

    @Test
    void pexels_pagesByNextPage() throws Exception {
        String item = "{\"id\":@,\"url\":\"https://pexels.example/@\",\"photographer\":\"Eve\",\"alt\":\"Bear @\","
                + "\"src\":{\"original\":\"https://i.example/o@\",\"large\":\"https://i.example/@.jpg\","
                + "\"tiny\":\"https://i.example/t@\"}}";
        try (var server = LoopbackServer.start(x -> {
            boolean first = x.query().get("page").equals("1");
            x.answer(
                    200,
                    "{\"total_results\":100,\"photos\":[" + (first ? items(1, 80, item) : items(81, 100, item)) + "]"
                            + (first ? ",\"next_page\":\"https://api.pexels.example/v1/search?page=2\"" : "") + "}");
        })) {
            var hits = search("pexels", server).find("bear", 100);
            assertThat(hits).hasSize(100);
            assertThat(hits.get(0).creator()).isEqualTo("Eve");
            assertThat(hits.get(0).licence()).isEqualTo("Pexels licence");
            assertThat(query(server.requests().get(1)))
                    .isEqualTo(Map.of("query", "bear", "page", "2", "per_page", "80"));
            assertThat(server.requests()).hasSize(2).allMatch(x -> x.path().equals("/v1/search"));
            assertThat(server.requests().get(0).headers()).containsEntry("authorization", "top+secret");
        }
    }

    @Test
    void unsplash_pages_andIsToldOfKeptPhotographs() throws Exception {
        byte[] picture = Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
        try (var server = LoopbackServer.start(x -> {
            if (x.path().equals("/photo.gif")) {
                x.answer(200, picture);
            } else if (x.path().equals("/photos/abc/download")) {
                x.answer(200, "{\"url\":\"https://i.example/abc\"}");
            } else {
                x.answer(
                        200,
                        "{\"total\":1,\"total_pages\":1,\"results\":[{\"id\":\"abc\",\"alt_description\":\"a bear\","
                                + "\"urls\":{\"regular\":\"http://127.0.0.1:"
                                + x.socket().getLocalPort() + "/photo.gif\",\"thumb\":\"https://t\"},"
                                + "\"links\":{\"html\":\"https://unsplash.example/abc\","
                                + "\"download_location\":\"https://elsewhere.example/photos/abc/download?ixid=Z\"},"
                                + "\"user\":{\"name\":\"Zoe\"}}]}");
            }
        })) {
            var search = search("unsplash", server);
            for (int run = 0; run < 2; run++) {
                var result = Collect.of(search, 5)
                        .downloads(d -> d.fetch(search.fetch()))
                        .into("bear", directory.resolve("bears"));
                assertThat(result.kept()).isEqualTo(1);
                assertThat(result.warnings()).isEmpty();
            }
            var first = server.requests().get(0);
            assertThat(first.path()).isEqualTo("/search/photos");
            assertThat(query(first)).isEqualTo(Map.of("query", "bear", "page", "1", "per_page", "5"));
            assertThat(first.headers())
                    .containsEntry("authorization", "Client-ID top+secret")
                    .containsEntry("accept-version", "v1");
            assertThat(server.requests().stream().filter(x -> x.path().endsWith("/download")))
                    .as("told once, at the endpoint, with the key")
                    .hasSize(1)
                    .allMatch(x -> x.query().get("ixid").equals("Z")
                            && x.headers().get("authorization").equals("Client-ID top+secret"));
            assertThat(server.requests().stream().filter(x -> x.path().equals("/photo.gif")))
                    .hasSize(1)
                    .noneMatch(x -> x.headers().containsKey("authorization"));
        }
    }

    @Test
    void flickr_filtersByLicenceNumbers() throws Exception {
        String item = "{\"id\":\"@\",\"owner\":\"o@\",\"title\":\"Bear @\",\"license\":\"4\",\"ownername\":\"Max\","
                + "\"url_m\":\"https://i.example/m@.jpg\",\"url_l\":\"https://i.example/l@.jpg\"}";
        try (var server = LoopbackServer.start(x -> x.answer(
                200,
                "{\"photos\":{\"page\":" + x.query().get("page")
                        + ",\"pages\":2,\"perpage\":500,\"photo\":["
                        + (x.query().get("page").equals("1") ? items(1, 500, item) : items(501, 510, item))
                        + "]},\"stat\":\"ok\"}"))) {
            var hits = search("flickr", server)
                    .licence(LicenceFilter.of("commercial"))
                    .find("bear", 600);
            assertThat(hits).hasSize(510);
            assertThat(hits.get(0).url()).isEqualTo("https://i.example/l1.jpg");
            assertThat(hits.get(0).licence()).isEqualTo("by 2.0");
            assertThat(hits.get(0).page()).isEqualTo("https://www.flickr.com/photos/o1/1");
            assertThat(query(server.requests().get(1)))
                    .isEqualTo(Map.ofEntries(
                            Map.entry("method", "flickr.photos.search"),
                            Map.entry("format", "json"),
                            Map.entry("nojsoncallback", "1"),
                            Map.entry("text", "bear"),
                            Map.entry("sort", "relevance"),
                            Map.entry("media", "photos"),
                            Map.entry("safe_search", "1"),
                            Map.entry("per_page", "500"),
                            Map.entry("page", "2"),
                            Map.entry("extras", "url_m,url_l,license,owner_name"),
                            Map.entry("license", "4,5,6,7,8,9,10"),
                            Map.entry("api_key", "top+secret")));
        }
        try (var server = LoopbackServer.start(x -> x.answer(
                200, "{\"stat\":\"fail\",\"code\":100,\"message\":\"Invalid API Key (Key has invalid format)\"}"))) {
            assertThatThrownBy(() -> search("flickr", server).find("bear", 1))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("Invalid API Key")
                    .hasMessageContaining("FLICKR_API_KEY");
        }
    }

    @Test
    void serpapi_countsPagesUp_untilTheyAreEmpty() throws Exception {
        String item = "{\"position\":@,\"original\":\"https://i.example/@.jpg\",\"thumbnail\":\"https://t/@\","
                + "\"link\":\"https://page.example/@\",\"title\":\"Bear @\",\"source\":\"Page\"}";
        try (var server = LoopbackServer.start(x -> {
            int page = Integer.parseInt(x.query().get("ijn"));
            x.answer(
                    200,
                    page < 2
                            ? "{\"images_results\":[" + items(page * 100, page * 100 + 99, item) + "]}"
                            : "{\"error\":\"Google hasn't returned any results for this query.\"}");
        })) {
            assertThat(search("serpapi", server).find("bear", 900)).hasSize(200);
            assertThat(server.requests()).hasSize(3).allMatch(x -> x.path().equals("/search.json"));
            assertThat(query(server.requests().get(0)))
                    .isEqualTo(Map.of(
                            "engine",
                            "google_images",
                            "q",
                            "bear",
                            "ijn",
                            "0",
                            "safe",
                            "active",
                            "api_key",
                            "top+secret"));
        }
    }

    @Test
    void bing_pagesByNextOffset_andNeedsAnEndpoint() throws Exception {
        String item = "{\"contentUrl\":\"https://i.example/@.jpg\",\"thumbnailUrl\":\"https://t/@\","
                + "\"name\":\"Bear @\",\"hostPageUrl\":\"https://page.example/@\"}";
        try (var server = LoopbackServer.start(x -> {
            boolean first = x.query().get("offset").equals("0");
            x.answer(
                    200,
                    "{\"_type\":\"Images\",\"nextOffset\":" + (first ? 150 : 150) + ",\"value\":["
                            + (first ? items(1, 150, item) : items(151, 160, item)) + "]}");
        })) {
            assertThat(search("bing", server).find("bear", 400)).hasSize(160);
            assertThat(server.requests().get(1).path()).isEqualTo("/v7.0/images/search");
            assertThat(query(server.requests().get(1)))
                    .isEqualTo(Map.of("q", "bear", "count", "150", "offset", "150", "safeSearch", "Strict"));
            assertThat(server.requests().get(0).headers()).containsEntry("ocp-apim-subscription-key", "top+secret");
            assertThatThrownBy(() -> search("bing", server).endpoint("").find("bear", 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("--endpoint");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bing", "brave", "flickr", "openverse", "pexels", "serpapi", "unsplash", "wikimedia"})
    void N10_refusalsPagesAndSilence_areErrorsWithoutKeys(String provider) throws Exception {
        var answers = new AtomicInteger();
        try (var server = LoopbackServer.start(x -> {
            switch (answers.get()) {
                case 0 -> x.answer(401, "{\"detail\":\"bad key top+secret top%2Bsecret\"}");
                case 1 -> x.answer(429, "slow down", "Retry-After: 86400");
                case 2 -> x.answer(200, "<!doctype html><title>Are you human?</title>");
                default -> x.answer(200, "{}");
            }
        })) {
            var search = search(provider, server);
            assertThatThrownBy(() -> search.find("bear", 5))
                    .isInstanceOfSatisfying(
                            FetchException.class,
                            failure -> assertThat(failure.status()).isEqualTo(401))
                    .hasMessageContaining("bad key")
                    .hasMessageContaining("the provider " + provider)
                    .hasMessageContaining("Maybe ")
                    .hasMessageContaining(
                            search.provider().isKeyless()
                                    ? "another --provider"
                                    : "the key in " + search.provider().keys().get(0))
                    .hasMessageContaining(search.provider().keySite())
                    .hasMessageNotContaining(search.provider().isKeyless() ? "<" : "top");
            answers.set(1);
            assertThatThrownBy(() -> search.find("bear", 5))
                    .hasMessageContaining("429")
                    .hasMessageContaining("86400 s")
                    .hasMessageContaining("too much was asked");
            answers.set(2);
            assertThatThrownBy(() -> search.find("bear", 5))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("text/html instead of JSON");
            answers.set(3);
            int before = server.requests().size();
            assertThatThrownBy(() -> search.find("bear", 5))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("Maybe ");
            assertThat(server.requests()).hasSize(before + 1);
        }
    }

    @Test
    void emptyLists_areNothingFound() throws Exception {
        var empty = Map.of(
                "brave", "{\"results\":[]}",
                "bing", "{\"value\":[]}",
                "flickr", "{\"stat\":\"ok\",\"photos\":{\"photo\":[]}}",
                "openverse", "{\"results\":[]}",
                "pexels", "{\"photos\":[]}",
                "serpapi", "{\"search_information\":{\"images_results_state\":\"Fully empty\"}}",
                "unsplash", "{\"results\":[]}",
                "wikimedia", "{\"batchcomplete\":true}");
        for (var answer : empty.entrySet()) {
            try (var server = LoopbackServer.start(x -> x.answer(200, answer.getValue()))) {
                assertThat(search(answer.getKey(), server).find("bear", 5)).isEmpty();
            }
        }
    }

    @Test
    void wikimedia_thatLags_isWaitedForAsItSays() throws Exception {
        String lag = "{\"error\":{\"code\":\"maxlag\",\"info\":\"6 seconds lagged\"}}";
        var lags = new AtomicInteger(1);
        try (var server = LoopbackServer.start(x -> {
            if (lags.getAndDecrement() > 0) {
                x.answer(200, lag, "Retry-After: 1");
            } else {
                x.answer(200, "{\"batchcomplete\":true}");
            }
        })) {
            long start = System.nanoTime();
            assertThat(search("wikimedia", server).find("bear", 5)).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
            lags.set(100);
            assertThatThrownBy(() -> search("wikimedia", server).find("bear", 5))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("wikimedia is in trouble")
                    .hasMessageContaining("asks to wait 1 s")
                    .hasMessageContaining("Maybe try again in some minutes");
            assertThat(server.requests()).hasSize(5);
        }
    }

    @Test
    void N10_wrongKeyOfBrave_isNamed_thoughItSays422() throws Exception {
        String invalid =
                "{\"type\":\"ErrorResponse\",\"error\":{\"code\":\"SUBSCRIPTION_TOKEN_INVALID\",\"detail\":\"The"
                        + " provided subscription token is invalid.\",\"status\":422}}";
        try (var server = LoopbackServer.start(x -> x.answer(422, invalid))) {
            assertThatThrownBy(() -> search("brave", server).find("bear", 5))
                    .hasMessageContaining("the key in BRAVE_API_KEY is misspelt");
        }
        try (var server = LoopbackServer.start(x -> x.answer(422, "{\"detail\":\"count is too large\"}"))) {
            assertThatThrownBy(() -> search("brave", server).find("bear", 5)).hasMessageNotContaining("BRAVE_API_KEY");
        }
    }

    @Test
    void N10_silence_namesTheProvider_andWhatMayHelp() throws Exception {
        LoopbackServer gone = LoopbackServer.start(x -> x.answer(200, "{}"));
        var search = search("brave", gone);
        gone.close();
        assertThatThrownBy(() -> search.find("bear", 5))
                .isInstanceOf(FetchException.class)
                .hasMessageStartingWith("the provider brave gives no answer: cannot connect")
                .hasMessageContaining("Maybe the network is down")
                .hasMessageNotContaining("..");
        try (var server = LoopbackServer.start(x -> x.answer(500, "Sorry."))) {
            assertThatThrownBy(() -> search("brave", server).find("bear", 5))
                    .hasMessageContaining(
                            "the provider brave is in trouble: 127.0.0.1 answers HTTP 500: Sorry. Maybe try");
        }
    }

    @Test
    void missingKeys_areNamed_andKeylessProvidersNeedNone() {
        for (ImageSearch provider : Search.providers()) {
            if (provider.isKeyless()) {
                continue;
            }
            assertThatThrownBy(() -> Search.of(provider)
                            .endpoint("https://x.example")
                            .env(Map.of())
                            .cache(Optional.empty())
                            .find("bear", 1))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(provider.keys().get(0))
                    .hasMessageContaining("openverse");
        }
        assertThat(Search.providers().stream().filter(ImageSearch::isKeyless).map(ImageSearch::name))
                .containsExactly("openverse", "wikimedia");
        assertThatThrownBy(() -> Search.of("altavista"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openverse");
        assertThatThrownBy(() ->
                        Search.of("serpapi").licence(LicenceFilter.of("by")).find("x", 1))
                .hasMessageContaining("cannot search for the licence by");
    }

    @Test
    void privateEndpoints_needPermission() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(200, "{}"))) {
            var guarded =
                    search("openverse", server).fetch(FetchOptions.standard().proxies(Proxies.NONE));
            assertThatThrownBy(() -> guarded.find("bear", 1)).hasMessageContaining("--allow-private");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void N10_resultsOfAnEarlierSearch_areUsedWhenTheProviderIsDown() throws Exception {
        var down = new AtomicInteger();
        try (var server = LoopbackServer.start(x -> {
            if (down.get() > 0) {
                x.answer(503, "");
            } else {
                x.answer(200, "{\"page_count\":1,\"results\":[" + items(1, 9, "{\"url\":\"https://e/@.jpg\"}") + "]}");
            }
        })) {
            var search = search("openverse", server);
            var hits = search.find("bear", 9);
            down.set(1);
            var results = search.results("bear", 9);
            assertThat(results.next(9)).isEqualTo(hits);
            assertThat(results.warnings().toString()).contains("earlier search", "503");
            assertThatThrownBy(() -> search.find("wolf", 9)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void N10_providerThatRepeatsItself_endsTheSearch() throws Exception {
        try (var server = LoopbackServer.start(x ->
                x.answer(200, "{\"images_results\":[" + items(1, 100, "{\"original\":\"https://e/@.jpg\"}") + "]}"))) {
            assertThat(search("serpapi", server).find("bear", 5000)).hasSize(100);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void usedUpRateLimit_delaysTheNextRequest() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(
                200,
                "{\"photos\":[{\"src\":{\"large\":\"https://e/" + x.query().get("page")
                        + ".jpg\"}}],\"next_page\":\"y\"}",
                "X-RateLimit-Remaining: 0, 100",
                "X-RateLimit-Reset: 1, 1"))) {
            long start = System.nanoTime();
            assertThat(search("pexels", server).find("bear", 2)).hasSize(2);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
        }
    }
}
