package espalier.collect.search;

import espalier.collect.ImageHit;
import espalier.collect.LicenceFilter;
import espalier.collect.SearchAccess;
import espalier.collect.SearchPage;
import espalier.collect.SearchQuery;
import espalier.collect.fetch.Request;
import espalier.report.DataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Flickr: photographs of its members, filtered by licence; 3,600 requests an hour. */
public final class FlickrSearch extends KeyedSearch {
    private static final String KEY = "FLICKR_API_KEY";
    private static final String DEEDS = "https://creativecommons.org/licenses/";

    private record Licence(String name, String url) {}

    /** By Flickr's number. */
    private static final List<Licence> LICENCES = List.of(
            new Licence("all rights reserved", ""),
            new Licence("by-nc-sa 2.0", DEEDS + "by-nc-sa/2.0/"),
            new Licence("by-nc 2.0", DEEDS + "by-nc/2.0/"),
            new Licence("by-nc-nd 2.0", DEEDS + "by-nc-nd/2.0/"),
            new Licence("by 2.0", DEEDS + "by/2.0/"),
            new Licence("by-sa 2.0", DEEDS + "by-sa/2.0/"),
            new Licence("by-nd 2.0", DEEDS + "by-nd/2.0/"),
            new Licence("no known copyright restrictions", "https://www.flickr.com/commons/usage/"),
            new Licence("US government work", "https://www.usa.gov/government-works"),
            new Licence("cc0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
            new Licence("pdm 1.0", "https://creativecommons.org/publicdomain/mark/1.0/"));

    /** For {@link java.util.ServiceLoader}. */
    public FlickrSearch() {
        super(
                "flickr",
                "https://api.flickr.com",
                KEY,
                "https://www.flickr.com/services/api/",
                "photographs of its members, by licence; key " + KEY);
    }

    @Override
    public boolean supports(LicenceFilter filter) {
        return true;
    }

    @Override
    public SearchPage page(SearchQuery query, String cursor, SearchAccess access) throws IOException {
        int page = cursor.isEmpty() ? 1 : Integer.parseInt(cursor);
        Request request = access.request("/services/rest/")
                .parameter("method", "flickr.photos.search")
                .parameter("format", "json")
                .parameter("nojsoncallback", "1")
                .parameter("text", query.text())
                .parameter("sort", "relevance")
                .parameter("media", "photos")
                .parameter("safe_search", query.safe() ? "1" : "3")
                .parameter("per_page", Integer.toString(query.pageSize(500)))
                .parameter("page", Integer.toString(page))
                .parameter("extras", "url_m,url_l,license,owner_name")
                .secretParameter("api_key", access.requiredKey(KEY));
        if (query.licence().kind() != LicenceFilter.Kind.ANY) {
            request = request.parameter("license", numbers(query.licence()));
        }
        JsonNode answer = access.json(request);
        if (!Json.text(answer, "stat").equals("ok")) {
            throw new DataException("Flickr answers: " + Json.clause(Json.text(answer, "message"))
                    + ". Maybe the key in " + KEY + " is not valid.");
        }
        var hits = new ArrayList<ImageHit>();
        Json.list(name(), answer, "photos.photo").forEach(photo -> hits.add(hit(photo)));
        boolean more = page < answer.path("photos").path("pages").asInt(0);
        return new SearchPage(hits, more ? Integer.toString(page + 1) : "");
    }

    private static String numbers(LicenceFilter filter) {
        return IntStream.range(0, LICENCES.size())
                .filter(number -> filter.accepts(LICENCES.get(number).name()))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
    }

    private static ImageHit hit(JsonNode photo) {
        int number = photo.path("license").asInt(0);
        Licence licence = number >= 0 && number < LICENCES.size()
                ? LICENCES.get(number)
                : new Licence("Flickr licence " + number, "");
        String large = Json.text(photo, "url_l");
        return ImageHit.of(large.isEmpty() ? Json.text(photo, "url_m") : large)
                .thumbnail(Json.text(photo, "url_m"))
                .shownOn(
                        "https://www.flickr.com/photos/" + Json.text(photo, "owner") + "/" + Json.text(photo, "id"),
                        Json.text(photo, "title"))
                .licence(licence.name(), licence.url())
                .creator(Json.text(photo, "ownername"))
                .source("flickr");
    }
}
