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
 * Unsplash: photographs under its own licence, credit needed; 50 requests an hour in demo mode. Its
 * terms want to be told of every photograph that is kept, which {@link #kept} does.
 */
public final class UnsplashSearch extends KeyedSearch {
    private static final String KEY = "UNSPLASH_ACCESS_KEY";

    /** For {@link java.util.ServiceLoader}. */
    public UnsplashSearch() {
        super(
                "unsplash",
                "https://api.unsplash.com",
                KEY,
                "https://unsplash.com/developers",
                "photographs free for most uses, credit needed; key " + KEY + ", 50 requests an hour at first");
    }

    @Override
    public SearchPage page(SearchQuery query, String cursor, SearchAccess access) throws IOException {
        int page = cursor.isEmpty() ? 1 : Integer.parseInt(cursor);
        JsonNode answer = access.json(signed(
                access.request("/search/photos")
                        .parameter("query", query.text())
                        .parameter("page", Integer.toString(page))
                        .parameter("per_page", Integer.toString(query.pageSize(30))),
                access));
        var hits = new ArrayList<ImageHit>();
        for (JsonNode photo : Json.list(name(), answer, "results")) {
            hits.add(ImageHit.of(Json.text(photo, "urls.regular"))
                    .thumbnail(Json.text(photo, "urls.thumb"))
                    .shownOn(Json.text(photo, "links.html"), Json.text(photo, "alt_description"))
                    .licence("Unsplash licence", "https://unsplash.com/license")
                    .creator(Json.text(photo, "user.name"))
                    .source("unsplash")
                    .announce(Json.text(photo, "links.download_location")));
        }
        boolean more = page < answer.path("total_pages").asInt(0);
        return new SearchPage(hits, more ? Integer.toString(page + 1) : "");
    }

    @Override
    public void kept(ImageHit hit, SearchAccess access) throws IOException {
        if (!hit.announce().isEmpty()) {
            access.json(signed(access.again(hit.announce()), access));
        }
    }

    private static Request signed(Request request, SearchAccess access) {
        return request.header("Accept-Version", "v1")
                .secretHeader("Authorization", "Client-ID " + access.requiredKey(KEY));
    }
}
