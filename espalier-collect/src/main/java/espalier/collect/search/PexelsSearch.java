package espalier.collect.search;

import espalier.collect.ImageHit;
import espalier.collect.SearchAccess;
import espalier.collect.SearchPage;
import espalier.collect.SearchQuery;
import java.io.IOException;
import java.util.ArrayList;
import tools.jackson.databind.JsonNode;

/** Pexels: photographs free for any use under its own licence, which asks for credit; 200 requests an hour. */
public final class PexelsSearch extends KeyedSearch {
    private static final String KEY = "PEXELS_API_KEY";

    /** For {@link java.util.ServiceLoader}. */
    public PexelsSearch() {
        super(
                "pexels",
                "https://api.pexels.com",
                KEY,
                "https://www.pexels.com/api/",
                "photographs free for any use, credit asked; key " + KEY + ", 200 requests an hour");
    }

    @Override
    public SearchPage page(SearchQuery query, String cursor, SearchAccess access) throws IOException {
        int page = cursor.isEmpty() ? 1 : Integer.parseInt(cursor);
        JsonNode answer = access.json(access.request("/v1/search")
                .parameter("query", query.text())
                .parameter("page", Integer.toString(page))
                .parameter("per_page", Integer.toString(query.pageSize(80)))
                .secretHeader("Authorization", access.requiredKey(KEY)));
        var hits = new ArrayList<ImageHit>();
        for (JsonNode photo : Json.list(name(), answer, "photos")) {
            hits.add(ImageHit.of(Json.text(photo, "src.large"))
                    .thumbnail(Json.text(photo, "src.tiny"))
                    .shownOn(Json.text(photo, "url"), Json.text(photo, "alt"))
                    .licence("Pexels licence", "https://www.pexels.com/license/")
                    .creator(Json.text(photo, "photographer"))
                    .source("pexels"));
        }
        return new SearchPage(hits, Json.text(answer, "next_page").isEmpty() ? "" : Integer.toString(page + 1));
    }
}
