package espalier.weights;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The HTTP proxies that environment variables name: {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and
 * the hosts without, {@code NO_PROXY}; small letters win. This machine itself is always reached directly. Where they name none, Java's own settings hold. A user
 * and password in them are not used.
 */
final class EnvironmentProxies extends ProxySelector {
    private final Map<String, String> env;

    private EnvironmentProxies(Map<String, String> env) {
        this.env = Map.copyOf(env);
    }

    /** The proxies of an environment. */
    static EnvironmentProxies of(Map<String, String> env) {
        return new EnvironmentProxies(env);
    }

    @Override
    public List<Proxy> select(URI uri) {
        if (isDirect(uri)) {
            return List.of(Proxy.NO_PROXY);
        }
        Optional<String> named = variable(uri.getScheme() + "_proxy").or(() -> variable("all_proxy"));
        if (named.isEmpty()) {
            ProxySelector java = ProxySelector.getDefault();
            return java == null ? List.of(Proxy.NO_PROXY) : java.select(uri);
        }
        String value = named.get();
        URI proxy = URI.create(value.contains("://") ? value : "http://" + value);
        if (proxy.getHost() == null) {
            throw new IllegalArgumentException("the proxy for " + uri.getScheme()
                    + " in the environment is not an address. Maybe write http://host:port.");
        }
        int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
        return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port)));
    }

    private boolean isDirect(URI uri) {
        String host = Objects.requireNonNullElse(uri.getHost(), "").toLowerCase(Locale.ROOT);
        if (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]")) {
            return true;
        }
        for (String entry : variable("no_proxy").orElse("").split(",")) {
            String name = entry.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "");
            if (name.equals("*") || (!name.isEmpty() && (host.equals(name) || host.endsWith("." + name)))) {
                return true;
            }
        }
        return false;
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(env.get(name))
                .or(() -> Optional.ofNullable(env.get(name.toUpperCase(Locale.ROOT))))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // the request fails with its own message
    }
}
