package espalier.collect;

import espalier.collect.fetch.Api;
import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.FetchOptions;
import espalier.collect.fetch.Fetcher;
import espalier.collect.fetch.Url;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A search for pictures with one provider.
 *
 * <pre>{@code
 * List<ImageHit> hits = Search.of("openverse").find("grizzly bear", 150);
 * }</pre>
 *
 * @param provider who is asked
 * @param endpoint the provider's base address
 * @param licence which licences are wanted, any
 * @param safe leaves out what is not for everybody's eyes, true
 * @param fetch limits and guards
 * @param backoff the first wait when the provider is busy, 1 s
 * @param env where keys are looked up, the environment
 * @param cache where results are kept for when the provider is down
 */
public record Search(
        ImageSearch provider,
        String endpoint,
        LicenceFilter licence,
        boolean safe,
        FetchOptions fetch,
        Duration backoff,
        Map<String, String> env,
        Optional<Path> cache) {

    /** The provider that needs no key. */
    public static final String DEFAULT = "openverse";

    /** Every provider on the class path, by name. */
    public static List<ImageSearch> providers() {
        return ServiceLoader.load(ImageSearch.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(ImageSearch::name))
                .toList();
    }

    /**
     * A search with the provider called {@code name}.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    public static Search of(String name) {
        var all = providers();
        ImageSearch found = all.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no provider " + name + ". Maybe one of "
                        + all.stream().map(ImageSearch::name).toList() + "."));
        return of(found);
    }

    /** A search with {@code provider}. */
    public static Search of(ImageSearch provider) {
        return new Search(
                provider,
                provider.endpoint(),
                LicenceFilter.ANY,
                true,
                FetchOptions.standard(),
                Duration.ofSeconds(1),
                System.getenv(),
                Optional.of(CacheFolder.of("search")));
    }

    /** This search at another base address. */
    public Search endpoint(String address) {
        return new Search(provider, address, licence, safe, fetch, backoff, env, cache);
    }

    /** This search for certain licences only. */
    public Search licence(LicenceFilter filter) {
        return new Search(provider, endpoint, filter, safe, fetch, backoff, env, cache);
    }

    /** This search with what is not for everybody's eyes. */
    public Search unsafe() {
        return new Search(provider, endpoint, licence, false, fetch, backoff, env, cache);
    }

    /** This search with other limits and guards. */
    public Search fetch(FetchOptions options) {
        return new Search(provider, endpoint, licence, safe, options, backoff, env, cache);
    }

    /** This search with another first wait when the provider is busy. */
    public Search backoff(Duration wait) {
        return new Search(provider, endpoint, licence, safe, fetch, wait, env, cache);
    }

    /** This search with keys from {@code variables} instead of the environment. */
    public Search env(Map<String, String> variables) {
        return new Search(provider, endpoint, licence, safe, fetch, backoff, variables, cache);
    }

    /** This search with its results kept in {@code folder} for when the provider is down; empty keeps none. */
    public Search cache(Optional<Path> folder) {
        return new Search(provider, endpoint, licence, safe, fetch, backoff, env, folder);
    }

    /**
     * Up to {@code count} different pictures for {@code text}, best first; fewer when there are no more.
     *
     * @throws IOException when the provider cannot be asked and no earlier result is at hand
     */
    public List<ImageHit> find(String text, int count) throws IOException {
        var results = results(text, count);
        var hits = new ArrayList<ImageHit>();
        while (hits.size() < count) {
            var more = results.next(count - hits.size());
            if (more.isEmpty()) {
                break;
            }
            hits.addAll(more);
        }
        return hits;
    }

    /**
     * The results for {@code text}, page by page as they are needed.
     *
     * @param count about how many will be needed
     * @throws IllegalArgumentException when the provider cannot honour the licence filter or has no endpoint
     */
    public SearchResults results(String text, int count) throws FetchException {
        if (!provider.supports(licence)) {
            throw new IllegalArgumentException("The provider " + provider.name() + " cannot search for the licence "
                    + licence + ". Maybe use --provider openverse, which can.");
        }
        return new SearchResults(this, access(), new SearchQuery(text, licence, safe, count));
    }

    /** What to tell the user when the provider cannot be asked for want of a key; empty when it can. */
    public Optional<String> missingKey() {
        boolean there = provider.isKeyless()
                || provider.keys().stream()
                        .anyMatch(variable -> !env.getOrDefault(variable, "").isBlank());
        return there
                ? Optional.empty()
                : Optional.of(SearchAccess.missing(provider, provider.keys().get(0)));
    }

    SearchAccess access() throws FetchException {
        if (endpoint.isBlank()) {
            throw new IllegalArgumentException("The provider " + provider.name()
                    + " has no usual address. Maybe give it by --endpoint https://...");
        }
        Api api = Api.of(Fetcher.of(fetch)).waits(backoff, Duration.ofSeconds(60));
        return new SearchAccess(provider, Url.of(endpoint), env, api);
    }
}
