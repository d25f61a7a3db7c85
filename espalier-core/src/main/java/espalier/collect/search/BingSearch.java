package espalier.collect.search;

import espalier.collect.ImageHit;
import espalier.collect.ImageSearch;
import espalier.collect.LicenceFilter;
import espalier.collect.SearchAccess;
import espalier.collect.SearchPage;
import espalier.collect.SearchQuery;
import espalier.collect.fetch.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Any service that speaks the image search of Bing v7, which itself was retired on 2025-08-11: its
 * address comes by {@code --endpoint}, its key by {@code AZURE_SEARCH_KEY} as in the tutorials.
 */
public final class BingSearch implements ImageSearch {
    private static final String KEY = "AZURE_SEARCH_KEY";

    /** For {@link java.util.ServiceLoader}. */
    public BingSearch() {}

    @Override
    public String name() {
        return "bing";
    }

    @Override
    public String about() {
        return "any service that speaks Bing v7, by --endpoint; any copyright; key " + KEY;
    }

    @Override
    public List<String> keys() {
        return List.of(KEY);
    }

    @Override
    public boolean isKeyless() {
        return false;
    }

    @Override
    public String endpoint() {
        return "";
    }

    @Override
    public boolean supports(LicenceFilter filter) {
        return filter.kind() == LicenceFilter.Kind.ANY;
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
        for (JsonNode value : answer.path("value")) {
            hits.add(ImageHit.of(Json.text(value, "contentUrl"))
                    .thumbnail(Json.text(value, "thumbnailUrl"))
                    .shownOn(Json.text(value, "hostPageUrl"), Json.text(value, "name"))
                    .source("bing"));
        }
        int next = answer.path("nextOffset").asInt(0);
        return new SearchPage(hits, next > offset && !hits.isEmpty() ? Integer.toString(next) : "");
    }
}
