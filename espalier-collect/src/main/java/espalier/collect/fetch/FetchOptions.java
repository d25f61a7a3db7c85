package espalier.collect.fetch;

import java.time.Duration;

/**
 * How a {@link Fetcher} behaves: limits, name resolution and what it says about itself. Make one with
 * {@link #standard()} and change it with the methods named like its parts.
 *
 * @param connectTimeout the longest wait for name and connection, 10 s
 * @param stallTimeout the longest wait between two pieces of an answer, 10 s
 * @param deadline the longest time for one address with all its redirects, 60 s
 * @param maxBytes the largest answer, 30 MB
 * @param maxRedirects the most redirects followed, 5
 * @param allowPrivate whether loopback and private networks may be reached
 * @param userAgent what servers see; names a contact, as Wikimedia and others demand
 * @param proxies the proxies in use
 * @param resolver where names become addresses
 */
public record FetchOptions(
        Duration connectTimeout,
        Duration stallTimeout,
        Duration deadline,
        long maxBytes,
        int maxRedirects,
        boolean allowPrivate,
        String userAgent,
        Proxies proxies,
        Resolver resolver) {

    private static final String AGENT = "espalier/0.1 (https://espalier.dev)";

    public FetchOptions {
        if (connectTimeout.isNegative() || stallTimeout.isNegative() || deadline.isNegative()) {
            throw new IllegalArgumentException("A time limit is negative. Maybe a unit is missing.");
        }
        if (userAgent.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalArgumentException("The user agent holds a character that HTTP cannot carry: " + userAgent
                    + ". Maybe it has an accent or a line break.");
        }
    }

    /**
     * The limits above, the proxies of the environment, the system's resolver; {@code ESPALIER_CONTACT}
     * (a mail or web address) goes into the user agent.
     */
    public static FetchOptions standard() {
        String contact = System.getenv("ESPALIER_CONTACT");
        return new FetchOptions(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                30_000_000,
                5,
                false,
                contact == null || contact.isBlank() ? AGENT : "espalier/0.1 (" + contact.strip() + ")",
                Proxies.system(),
                Resolver.SYSTEM);
    }

    private FetchOptions limits(Duration connect, Duration stall, Duration whole, long most) {
        return new FetchOptions(connect, stall, whole, most, maxRedirects, allowPrivate, userAgent, proxies, resolver);
    }

    private FetchOptions network(boolean toPrivate, String agent, Proxies others, Resolver other) {
        return new FetchOptions(
                connectTimeout, stallTimeout, deadline, maxBytes, maxRedirects, toPrivate, agent, others, other);
    }

    /** These options with another limit for name and connection. */
    public FetchOptions connectTimeout(Duration limit) {
        return limits(limit, stallTimeout, deadline, maxBytes);
    }

    /** These options with another limit between two pieces of an answer. */
    public FetchOptions stallTimeout(Duration limit) {
        return limits(connectTimeout, limit, deadline, maxBytes);
    }

    /** These options with another limit for one address as a whole. */
    public FetchOptions deadline(Duration limit) {
        return limits(connectTimeout, stallTimeout, limit, maxBytes);
    }

    /** These options with another size limit in bytes. */
    public FetchOptions maxBytes(long bytes) {
        return limits(connectTimeout, stallTimeout, deadline, bytes);
    }

    /** These options with loopback and private networks permitted. */
    public FetchOptions allowingPrivate() {
        return network(true, userAgent, proxies, resolver);
    }

    /** These options with another user agent, printable ASCII. */
    public FetchOptions userAgent(String agent) {
        return network(allowPrivate, agent, proxies, resolver);
    }

    /** These options with other proxies. */
    public FetchOptions proxies(Proxies others) {
        return network(allowPrivate, userAgent, others, resolver);
    }

    /** These options with another resolver. */
    public FetchOptions resolver(Resolver other) {
        return network(allowPrivate, userAgent, proxies, other);
    }
}
