package espalier.collect;

import espalier.files.AtomicFiles;
import espalier.report.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The results of one search, fetched page by page as they are asked for, each picture once. Ends when
 * the provider has no more, repeats itself, or has given more pages than make sense.
 */
public final class SearchResults {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<List<ImageHit>> HITS = new TypeReference<>() {};
    private static final int BARREN_PAGES = 2;
    private static final int MOST_PAGES = 1000;

    private final Search search;
    private final SearchAccess access;
    private final SearchQuery query;
    private final ArrayDeque<ImageHit> waiting = new ArrayDeque<>();
    private final List<ImageHit> all = new ArrayList<>();
    private final Set<String> urls = new HashSet<>();
    private final Set<String> cursors = new HashSet<>(Set.of(""));
    private final List<String> warnings = new ArrayList<>();
    private String cursor = "";
    private boolean ended;
    private int barren;
    private int pages;

    SearchResults(Search search, SearchAccess access, SearchQuery query) {
        this.search = search;
        this.access = access;
        this.query = query;
    }

    /**
     * Up to {@code most} pictures that were not given before; none at the end.
     *
     * @throws IOException when the provider cannot be asked and no earlier result is at hand
     */
    public List<ImageHit> next(int most) throws IOException {
        while (waiting.size() < most && !ended) {
            try {
                fetch();
            } catch (IOException | DataException failure) {
                ended = true;
                if (!fallBack(failure)) {
                    throw failure;
                }
            }
        }
        var given = new ArrayList<ImageHit>();
        while (given.size() < most && !waiting.isEmpty()) {
            given.add(waiting.remove());
        }
        return given;
    }

    /** What went wrong without ending the search, such as results that come from an earlier one. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private void fetch() throws IOException {
        SearchPage page = search.provider().page(query, cursor, access);
        int before = all.size();
        page.hits().forEach(this::add);
        barren = all.size() > before ? 0 : barren + 1;
        cursor = page.next();
        ended = cursor.isEmpty() || !cursors.add(cursor) || barren >= BARREN_PAGES || ++pages >= MOST_PAGES;
        if (!all.isEmpty()) {
            remember();
        }
    }

    private void add(ImageHit hit) {
        if (!hit.url().isBlank() && query.licence().accepts(hit.licence()) && urls.add(hit.url())) {
            all.add(hit);
            waiting.add(hit);
        }
    }

    /** After a failure: what is at hand of this search or an earlier one; false when that is nothing. */
    private boolean fallBack(Exception failure) {
        String reason = String.valueOf(failure.getMessage());
        if (!all.isEmpty()) {
            warnings.add("the search ended early: " + reason);
            return true;
        }
        try {
            var file = cacheFile();
            if (file.isPresent() && Files.exists(file.get())) {
                JSON.readValue(Files.readString(file.get()), HITS).forEach(this::add);
                warnings.add("results of an earlier search are used: " + reason);
            }
        } catch (IOException | JacksonException broken) {
            return false; // the first failure tells more
        }
        return !all.isEmpty();
    }

    private void remember() {
        try {
            var file = cacheFile();
            if (file.isPresent()) {
                AtomicFiles.writeString(file.get(), JSON.writeValueAsString(all));
            }
        } catch (IOException full) {
            warnings.add("the results are not kept for later: " + full.getMessage());
        }
    }

    private Optional<Path> cacheFile() throws IOException {
        if (search.cache().isEmpty()) {
            return Optional.empty();
        }
        String key = String.join(
                "\n",
                search.provider().name(),
                search.endpoint(),
                query.text(),
                query.licence() + "",
                query.safe() + "");
        String name = search.provider().name() + "-"
                + java.util.UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)) + ".json";
        return Optional.of(search.cache().get().resolve(FileNames.safe(name)));
    }
}
