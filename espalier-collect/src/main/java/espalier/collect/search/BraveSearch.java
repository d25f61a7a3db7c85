package espalier.collect.search;

import espalier.collect.ImageHit;
import espalier.collect.SearchAccess;
import espalier.collect.SearchPage;
import espalier.collect.SearchQuery;
import java.io.IOException;
import java.util.ArrayList;
import tools.jackson.databind.JsonNode;

/**
 * Brave: pictures of the whole web, any copyright; up to 200 in one answer and no more. As the request is paid and not
 * the results, and there is no second page to make up for dead links, all 200 are asked for, however few are wanted.
 */
public final class BraveSearch extends KeyedSearch {
    private static final String KEY = "BRAVE_API_KEY";
    private static final int MOST = 200;

    /** For {@link java.util.ServiceLoader}. */
    public BraveSearch() {
        super(
                "brave",
                "https://api.search.brave.com",
                KEY,
                "https://brave.com/search/api/",
                "the whole web, any copyright; key " + KEY + ", paid, at most 200 a search");
    }

    @Override
    public SearchPage page(SearchQuery query, String cursor, SearchAccess access) throws IOException {
        if (query.text().length() > 400 || query.text().strip().split("\\s+").length > 50) {
            throw new IllegalArgumentException(
                    "Brave takes at most 400 characters and 50 words. Maybe shorten the search.");
        }
        JsonNode answer = access.json(access.request("/res/v1/images/search")
                .parameter("q", query.text())
                .parameter("count", Integer.toString(MOST))
                .parameter("safesearch", query.safe() ? "strict" : "off")
                .header("Accept", "application/json")
                .secretHeader("X-Subscription-Token", access.requiredKey(KEY)));
        var hits = new ArrayList<ImageHit>();
        for (JsonNode result : Json.list(name(), answer, "results")) {
            hits.add(ImageHit.of(Json.text(result, "properties.url"))
                    .thumbnail(Json.text(result, "thumbnail.src"))
                    .shownOn(Json.text(result, "url"), Json.text(result, "title"))
                    .source("brave/" + Json.text(result, "source")));
        }
        return new SearchPage(hits, "");
    }
}
