package espalier.collect.fetch;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The HTTP proxies of the environment: {@code http_proxy}, {@code https_proxy}, {@code all_proxy} and
 * {@code no_proxy}, in small or capital letters (small ones win).
 *
 * <p>Behind a proxy it is the proxy that resolves and connects. Names are still checked as this machine
 * resolves them, literal addresses always; a name that only the proxy can resolve is left to the proxy.
 *
 * @param http the proxy for http addresses
 * @param https the proxy for https addresses, reached by {@code CONNECT}
 * @param direct hosts that are reached without a proxy, as in {@code no_proxy}
 */
public record Proxies(Optional<HttpProxy> http, Optional<HttpProxy> https, List<String> direct) {
    /** No proxy at all. */
    public static final Proxies NONE = new Proxies(Optional.empty(), Optional.empty(), List.of());

    public Proxies {
        direct = List.copyOf(direct);
    }

    /**
     * One proxy.
     *
     * @param host its name or address
     * @param port its port
     * @param authorization the value of {@code Proxy-Authorization}, when the address held a user
     */
    public record HttpProxy(String host, int port, Optional<String> authorization) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** The proxies of this process's environment. */
    public static Proxies system() {
        return from(System.getenv());
    }

    /**
     * The proxies of {@code env}.
     *
     * @throws IllegalArgumentException when one is not an http proxy
     */
    public static Proxies from(Map<String, String> env) {
        var all = proxy(env, "all_proxy");
        var direct = new ArrayList<String>();
        for (String entry : variable(env, "no_proxy").orElse("").split(",")) {
            if (!entry.isBlank()) {
                direct.add(entry.strip().toLowerCase(Locale.ROOT));
            }
        }
        return new Proxies(
                proxy(env, "http_proxy").or(() -> all),
                proxy(env, "https_proxy").or(() -> all),
                direct);
    }

    /** The proxy that {@code url} is reached through; empty when it is reached directly. */
    public Optional<HttpProxy> of(Url url) {
        for (String entry : direct) {
            if (matches(entry, url)) {
                return Optional.empty();
            }
        }
        return url.secure() ? https : http;
    }

    private static boolean matches(String entry, Url url) {
        if (entry.equals("*")) {
            return true;
        }
        String host = entry;
        int colon = entry.lastIndexOf(':');
        if (colon > 0 && entry.indexOf(':') == colon) {
            if (!entry.substring(colon + 1).equals(Integer.toString(url.port()))) {
                return false;
            }
            host = entry.substring(0, colon);
        }
        host = host.replaceFirst("^\\*?\\.", "");
        return url.host().equals(host) || url.host().endsWith("." + host);
    }

    private static Optional<String> variable(Map<String, String> env, String name) {
        return Optional.ofNullable(env.get(name))
                .or(() -> Optional.ofNullable(env.get(name.toUpperCase(Locale.ROOT))))
                .filter(value -> !value.isBlank());
    }

    private static Optional<HttpProxy> proxy(Map<String, String> env, String name) {
        return variable(env, name).map(value -> {
            try {
                URI uri = URI.create(value.contains("://") ? value.strip() : "http://" + value.strip());
                String host = uri.getHost();
                if (!"http".equalsIgnoreCase(uri.getScheme()) || host == null) {
                    throw new IllegalArgumentException("not http");
                }
                Optional<String> user = Optional.ofNullable(uri.getUserInfo())
                        .map(info ->
                                "Basic " + Base64.getEncoder().encodeToString(info.getBytes(StandardCharsets.UTF_8)));
                return new HttpProxy(host, uri.getPort() < 0 ? 80 : uri.getPort(), user);
            } catch (IllegalArgumentException notOne) {
                // The value may hold a password: it is not repeated.
                throw new IllegalArgumentException("The environment variable " + name
                        + " is not the address of an http proxy. Maybe write it as http://host:port.");
            }
        });
    }
}
