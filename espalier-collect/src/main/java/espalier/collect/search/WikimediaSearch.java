package espalier.collect.search;

import espalier.collect.ImageHit;
import espalier.collect.ImageSearch;
import espalier.collect.LicenceFilter;
import espalier.collect.SearchAccess;
import espalier.collect.SearchPage;
import espalier.collect.SearchQuery;
import espalier.collect.fetch.Request;
import espalier.report.DataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Wikimedia Commons: free pictures, needs no key. Gives versions of 640 pixels' width, as the site asks
 * of programs, one request after the other. Licences are sifted here, as its search cannot.
 */
public final class WikimediaSearch implements ImageSearch {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** Errors that come with status 200 and pass by themselves. */
    private static final Set<String> BUSY = Set.of("maxlag", "ratelimited");

    /** For {@link java.util.ServiceLoader}. */
    public WikimediaSearch() {}

    @Override
    public String name() {
        return "wikimedia";
    }

    @Override
    public String about() {
        return "Wikimedia Commons, free pictures 640 pixels wide, no key needed";
    }

    @Override
    public List<String> keys() {
        return List.of();
    }

    @Override
    public boolean isKeyless() {
        return true;
    }

    @Override
    public String endpoint() {
        return "https://commons.wikimedia.org";
    }

    @Override
    public boolean supports(LicenceFilter filter) {
        return true;
    }

    @Override
    public SearchPage page(SearchQuery query, String cursor, SearchAccess access) throws IOException {
        Request request = access.request("/w/api.php")
                .parameter("action", "query")
                .parameter("format", "json")
                .parameter("formatversion", "2")
                .parameter("generator", "search")
                .parameter("gsrnamespace", "6")
                .parameter("gsrsearch", "filetype:bitmap " + query.text())
                .parameter("gsrlimit", "50")
                .parameter("prop", "imageinfo")
                .parameter("iiprop", "url|size|mime|sha1|extmetadata")
                .parameter("iiurlwidth", "640");
        if (!cursor.isEmpty()) {
            for (var entry : JSON.readTree(cursor).properties()) {
                request = request.parameter(entry.getKey(), entry.getValue().asString(""));
            }
        }
        JsonNode answer = access.json(request, said -> BUSY.contains(Json.text(said, "error.code")));
        if (answer.has("error")) {
            throw new DataException("Wikimedia Commons answers: " + Json.clause(Json.text(answer, "error.info"))
                    + ". Maybe simplify the words of the search.");
        }
        boolean nothing =
                answer.path("query").isMissingNode() && (answer.has("batchcomplete") || answer.has("continue"));
        var pages = new ArrayList<JsonNode>();
        if (!nothing) { // it leaves out the list when that is empty
            Json.list(name(), answer, "query.pages").forEach(pages::add);
        }
        pages.sort(Comparator.comparingInt(page -> page.path("index").asInt(0)));
        var hits = pages.stream().map(WikimediaSearch::hit).toList();
        JsonNode next = answer.path("continue");
        return new SearchPage(hits, next.isObject() ? next.toString() : "");
    }

    private static ImageHit hit(JsonNode page) {
        JsonNode info = page.path("imageinfo").path(0);
        String thumb = Json.text(info, "thumburl");
        return ImageHit.of(thumb.isEmpty() ? Json.text(info, "url") : thumb)
                .thumbnail(thumb)
                .shownOn(
                        Json.text(info, "descriptionurl"),
                        Json.text(page, "title").replaceFirst("^File:", ""))
                .licence(
                        Json.text(info, "extmetadata.LicenseShortName.value"),
                        Json.text(info, "extmetadata.LicenseUrl.value"))
                .creator(Json.plain(Json.text(info, "extmetadata.Artist.value")))
                .source("wikimedia commons");
    }
}
