package espalier.collect.search;

import espalier.collect.ImageHit;
import espalier.collect.SearchAccess;
import espalier.collect.SearchPage;
import espalier.collect.SearchQuery;
import espalier.collect.fetch.Request;
import java.io.IOException;
import java.util.ArrayList;
import tools.jackson.databind.JsonNode;

/**
 * Any service that speaks the image search of Bing v7, which itself was retired on 2025-08-11: its
 * address comes by {@code --endpoint}, its key by {@code AZURE_SEARCH_KEY} as in the tutorials.
 */
public final class BingSearch extends KeyedSearch {
    private static final String KEY = "AZURE_SEARCH_KEY";

    /** For {@link java.util.ServiceLoader}. */
    public BingSearch() {
        super("bing", "", KEY, "", "any service that speaks Bing v7, by --endpoint; any copyright; key " + KEY);
    }

    @Override
    public SearchPage page(SearchQuery query, String cursor, SearchAccess access) throws IOException {
        int offset = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
        Request request = access.request("/v7.0/images/search")
                .parameter("q", query.text())
                .parameter("count", Integer.toString(query.pageSize(150)))
                .parameter("offset", Integer.toString(offset))
                .parameter("safeSearch", query.safe() ? "Strict" : "Off")
                .secretHeader("Ocp-Apim-Subscription-Key", access.requiredKey(KEY));
        JsonNode answer = access.json(request);
        var hits = new ArrayList<ImageHit>();
        for (JsonNode value : Json.list(name(), answer, "value")) {
            hits.add(ImageHit.of(Json.text(value, "contentUrl"))
                    .thumbnail(Json.text(value, "thumbnailUrl"))
                    .shownOn(Json.text(value, "hostPageUrl"), Json.text(value, "name"))
                    .source("bing"));
        }
        int next = answer.path("nextOffset").asInt(0);
        return new SearchPage(hits, next > offset && !hits.isEmpty() ? Integer.toString(next) : "");
    }
}
