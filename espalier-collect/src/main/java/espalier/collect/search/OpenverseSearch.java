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
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Openverse: Creative Commons and public domain pictures from Flickr, museums and others; needs no key.
 * Anonymous searches end after 240 results. With {@code OPENVERSE_TOKEN}, or with
 * {@code OPENVERSE_CLIENT_ID} and {@code OPENVERSE_CLIENT_SECRET}, they go deeper.
 */
public final class OpenverseSearch implements ImageSearch {
    private static final int PAGE = 20;
    private static final int ANONYMOUS_PAGES = 12;

    /** For {@link java.util.ServiceLoader}. */
    public OpenverseSearch() {}

    @Override
    public String name() {
        return "openverse";
    }

    @Override
    public String about() {
        return "Creative Commons and public domain pictures, no key needed, about 240 a search";
    }

    @Override
    public List<String> keys() {
        return List.of("OPENVERSE_TOKEN", "OPENVERSE_CLIENT_ID", "OPENVERSE_CLIENT_SECRET");
    }

    @Override
    public boolean isKeyless() {
        return true;
    }

    @Override
    public String endpoint() {
        return "https://api.openverse.org";
    }

    @Override
    public boolean supports(LicenceFilter filter) {
        return true;
    }

    @Override
    public SearchPage page(SearchQuery query, String cursor, SearchAccess access) throws IOException {
        int page = cursor.isEmpty() ? 1 : Integer.parseInt(cursor.split(" ", 2)[0]);
        String token = cursor.isEmpty() ? token(access) : cursor.substring(cursor.indexOf(' ') + 1);
        Request request = access.request("/v1/images/")
                .parameter("q", query.text())
                .parameter("page", Integer.toString(page))
                .parameter("page_size", Integer.toString(PAGE));
        request = filtered(request, query);
        JsonNode answer =
                access.json(token.isEmpty() ? request : request.secretHeader("Authorization", "Bearer " + token));
        var hits = new ArrayList<ImageHit>();
        for (JsonNode result : Json.list(name(), answer, "results")) {
            hits.add(hit(result));
        }
        boolean more = page < answer.path("page_count").asInt(0) && (!token.isEmpty() || page < ANONYMOUS_PAGES);
        return new SearchPage(hits, more ? page + 1 + " " + token : "");
    }

    private static Request filtered(Request request, SearchQuery query) {
        Request safe = query.safe() ? request : request.parameter("mature", "true");
        return switch (query.licence().kind()) {
            case ANY -> safe;
            case COMMERCIAL -> safe.parameter("license_type", "commercial");
            case MODIFICATION -> safe.parameter("license_type", "modification");
            case PUBLIC_DOMAIN -> safe.parameter("license", "cc0,pdm");
            case CODES ->
                safe.parameter("license", String.join(",", query.licence().codes()));
        };
    }

    private static String token(SearchAccess access) throws IOException {
        var token = access.key("OPENVERSE_TOKEN");
        var id = access.key("OPENVERSE_CLIENT_ID");
        var secret = access.key("OPENVERSE_CLIENT_SECRET");
        if (token.isPresent() || id.isEmpty() || secret.isEmpty()) {
            return token.orElse("");
        }
        Request request = access.request("/v1/auth_tokens/token/")
                .post(Map.of("grant_type", "client_credentials", "client_id", id.get(), "client_secret", secret.get()));
        return access.json(request).path("access_token").asString("");
    }

    private static ImageHit hit(JsonNode result) {
        String licence = Json.text(result, "license") + " " + Json.text(result, "license_version");
        return ImageHit.of(Json.text(result, "url"))
                .thumbnail(Json.text(result, "thumbnail"))
                .shownOn(Json.text(result, "foreign_landing_url"), Json.text(result, "title"))
                .licence(licence.strip(), Json.text(result, "license_url"))
                .creator(Json.text(result, "creator"))
                .source("openverse/" + Json.text(result, "source"));
    }
}
