package espalier.collect;

import java.io.IOException;
import java.util.List;

/**
 * A place that finds pictures. One class a provider, found by {@link java.util.ServiceLoader}: to add
 * one, implement this and name the class in {@code META-INF/services/espalier.collect.ImageSearch}.
 *
 * <p>Holds no state; keys, endpoint and connection come with each call.
 */
public interface ImageSearch {
    /** The name on the command line, such as {@code "openverse"}. */
    String name();

    /** One line: what it finds, under which licences, and its limits. */
    String about();

    /** The environment variables that may hold its keys; the first is the one to name in messages. */
    List<String> keys();

    /** Where a key can be had, for messages; empty when it is not known. */
    default String keySite() {
        return "";
    }

    /** Whether it answers without a key. */
    boolean isKeyless();

    /** The base address that is asked unless another is configured; empty when there is no usual one. */
    String endpoint();

    /** Whether it can honour {@code filter}. */
    boolean supports(LicenceFilter filter);

    /**
     * One page of results.
     *
     * @param cursor what the page before gave as its next; empty for the first page
     * @param access the connection, the base address and the keys
     * @throws IOException when there is no answer, or none that makes sense
     */
    SearchPage page(SearchQuery query, String cursor, SearchAccess access) throws IOException;

    /** Hears that a picture was kept, for providers that must be told. */
    default void kept(ImageHit hit, SearchAccess access) throws IOException {}
}
