package espalier.collect.search;

import espalier.collect.ImageHit;
import espalier.collect.SearchAccess;
import espalier.collect.SearchPage;
import espalier.collect.SearchQuery;
import espalier.report.DataException;
import java.io.IOException;
import java.util.ArrayList;
import tools.jackson.databind.JsonNode;

/** SerpApi: Google's pictures, any copyright; paid, 100 a page. What fastai's course uses now. */
public final class SerpApiSearch extends KeyedSearch {
    private static final String KEY = "SERPAPI_API_KEY";

    /** For {@link java.util.ServiceLoader}. */
    public SerpApiSearch() {
        super(
                "serpapi",
                "https://serpapi.com",
                KEY,
                "https://serpapi.com/",
                "Google's pictures, any copyright; key " + KEY + ", paid");
    }

    @Override
    public SearchPage page(SearchQuery query, String cursor, SearchAccess access) throws IOException {
        int page = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
        JsonNode answer = access.json(access.request("/search.json")
                .parameter("engine", "google_images")
                .parameter("q", query.text())
                .parameter("ijn", Integer.toString(page))
                .parameter("safe", query.safe() ? "active" : "off")
                .secretParameter("api_key", access.requiredKey(KEY)));
        String error = Json.text(answer, "error");
        if (!error.isEmpty() && !error.contains("hasn't returned any results")) {
            throw new DataException(
                    "SerpApi answers: " + Json.clause(error) + ". Maybe the key in " + KEY + " is used up.");
        }
        var hits = new ArrayList<ImageHit>();
        boolean nothing = !error.isEmpty() || answer.has("search_information"); // then the list may be left out
        for (JsonNode result : nothing ? answer.path("images_results") : Json.list(name(), answer, "images_results")) {
            hits.add(ImageHit.of(Json.text(result, "original"))
                    .thumbnail(Json.text(result, "thumbnail"))
                    .shownOn(Json.text(result, "link"), Json.text(result, "title"))
                    .source("google/" + Json.text(result, "source")));
        }
        return new SearchPage(hits, hits.isEmpty() ? "" : Integer.toString(page + 1));
    }
}
