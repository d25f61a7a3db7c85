package espalier.collect.search;

import espalier.collect.ImageSearch;
import espalier.collect.LicenceFilter;
import java.util.List;

/** A service that asks for a key, and unless it says otherwise for pictures of any copyright only. */
abstract class KeyedSearch implements ImageSearch {
    private final String name;
    private final String endpoint;
    private final String key;
    private final String keySite;
    private final String about;

    /**
     * @param name by which it is chosen
     * @param endpoint its address; empty when the user must give it
     * @param key the environment variable of its key
     * @param keySite where a key can be had; empty when the user must know
     * @param about what it finds, for the help
     */
    KeyedSearch(String name, String endpoint, String key, String keySite, String about) {
        this.name = name;
        this.endpoint = endpoint;
        this.key = key;
        this.keySite = keySite;
        this.about = about;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String about() {
        return about;
    }

    @Override
    public final List<String> keys() {
        return List.of(key);
    }

    @Override
    public final String keySite() {
        return keySite;
    }

    @Override
    public final boolean isKeyless() {
        return false;
    }

    @Override
    public final String endpoint() {
        return endpoint;
    }

    @Override
    public boolean supports(LicenceFilter filter) {
        return filter.kind() == LicenceFilter.Kind.ANY;
    }
}
