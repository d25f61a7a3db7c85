package espalier.collect.fetch;

import espalier.collect.fetch.FetchException.Kind;
import espalier.collect.fetch.Proxies.HttpProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocketFactory;

/**
 * Fetches addresses that others chose, without being led into this network: only http and https; a name
 * is resolved once, refused when any of its addresses is private, and the connection goes to the very
 * address that was checked, under the original name (so that a name which changes its address between
 * check and connection gains nothing); each redirect is checked anew, and https never falls back to http.
 *
 * <p>HTTP/1.1, one connection per exchange, certificates always validated. May be shared by threads.
 */
public final class Fetcher {
    private static final Executor LOOKUP = task -> {
        var thread = new Thread(task, "espalier-fetch-resolve");
        thread.setDaemon(true); // the system's resolver cannot be interrupted
        thread.start();
    };

    private final FetchOptions options;
    private final Dialer dialer;
    private final SSLSocketFactory tls;

    private Fetcher(FetchOptions options, Dialer dialer, SSLSocketFactory tls) {
        this.options = options;
        this.dialer = dialer;
        this.tls = tls;
    }

    /** A fetcher that behaves as {@code options} say. */
    public static Fetcher of(FetchOptions options) {
        return new Fetcher(options, Dialer.SYSTEM, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    static Fetcher of(FetchOptions options, Dialer dialer) {
        return new Fetcher(options, dialer, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    static Fetcher of(FetchOptions options, Dialer dialer, SSLSocketFactory tls) {
        return new Fetcher(options, dialer, tls);
    }

    /** How this fetcher behaves. */
    public FetchOptions options() {
        return options;
    }

    /**
     * Asks for {@code request} and follows its redirects. Any final status is an answer, not an error.
     *
     * @throws FetchException when there is no answer, or none that may be read; its message is free of keys
     */
    public Response get(Request request) throws FetchException {
        try {
            return follow(request);
        } catch (FetchException failure) {
            String message = request.redact(String.valueOf(failure.getMessage()));
            throw message.equals(failure.getMessage()) ? failure : new FetchException(failure.kind(), message);
        }
    }

    private Response follow(Request request) throws FetchException {
        var deadline = Deadline.in(options.deadline());
        Url first = request.sent();
        Url url = first;
        var seen = new HashSet<Url>();
        for (int hops = 0; ; hops++) {
            if (!seen.add(url)) {
                throw new FetchException(Kind.REDIRECT, "redirects in a loop");
            }
            if (hops > options.maxRedirects()) {
                throw new FetchException(Kind.REDIRECT, "more than " + options.maxRedirects() + " redirects");
            }
            Response response = exchange(request, url, url.sameOrigin(first), deadline);
            var location = redirect(response, request);
            if (location.isEmpty()) {
                return response;
            }
            response.close();
            url = next(url, location.get());
        }
    }

    private static Optional<String> redirect(Response response, Request request) {
        boolean moved =
                switch (response.status()) {
                    case 301, 302, 303, 307, 308 ->
                        request.form().isEmpty(); // a form, with its secrets, is posted once
                    default -> false;
                };
        return moved ? response.header("location").filter(text -> !text.isBlank()) : Optional.empty();
    }

    private static Url next(Url from, String location) throws FetchException {
        Url to;
        try {
            to = from.resolve(location);
        } catch (FetchException refused) {
            throw new FetchException(
                    Kind.REDIRECT, "redirects to where we do not go: " + refused.getMessage(), refused);
        }
        if (from.secure() && !to.secure()) {
            throw new FetchException(Kind.REDIRECT, "redirects from https to http");
        }
        return to;
    }

    private Response exchange(Request request, Url url, boolean withSecrets, Deadline deadline) throws FetchException {
        Optional<HttpProxy> proxy = options.proxies().of(url);
        Connection connection = proxy.isPresent() ? throughProxy(url, proxy.get(), deadline) : direct(url, deadline);
        try {
            if (url.secure()) {
                connection.secure(tls, url.host());
            }
            byte[] body = request.body();
            connection.send(head(request, url, withSecrets, proxy, body.length), body);
            Head head = Head.read(connection.input());
            return new Response(url, head, Body.of(connection.input(), head, options.maxBytes()), connection);
        } catch (FetchException failure) {
            connection.close();
            throw failure;
        } catch (java.io.IOException failure) {
            connection.close();
            throw new FetchException(Kind.BROKEN, "the connection broke: " + failure.getMessage(), failure);
        }
    }

    private Connection direct(Url url, Deadline deadline) throws FetchException {
        List<InetAddress> addresses = checked(url, deadline);
        FetchException last = null;
        for (InetAddress address : addresses.subList(0, Math.min(3, addresses.size()))) {
            try {
                return Connection.open(dialer, new InetSocketAddress(address, url.port()), options, deadline);
            } catch (FetchException failure) {
                last = failure;
            }
        }
        throw last == null ? new FetchException(Kind.UNKNOWN_HOST, url.host() + " has no address") : last;
    }

    private Connection throughProxy(Url url, HttpProxy proxy, Deadline deadline) throws FetchException {
        try {
            checked(url, deadline);
        } catch (FetchException failure) {
            if (failure.kind() == Kind.REFUSED) {
                throw failure;
            }
            // Behind a proxy many machines cannot resolve outside names: the proxy will.
        }
        List<InetAddress> addresses = resolve(proxy.host(), deadline);
        Connection connection;
        try {
            var address = new InetSocketAddress(addresses.get(0), proxy.port());
            connection = Connection.open(dialer, address, options, deadline);
        } catch (FetchException failure) {
            throw new FetchException(failure.kind(), "the proxy " + proxy + ": " + failure.getMessage(), failure);
        }
        if (url.secure()) {
            try {
                connection.tunnel(url, proxy);
            } catch (FetchException failure) {
                connection.close();
                throw failure;
            }
        }
        return connection;
    }

    /** Every address of the host, none of which is private. */
    private List<InetAddress> checked(Url url, Deadline deadline) throws FetchException {
        var literal = url.literal();
        List<InetAddress> addresses = literal.isPresent() ? List.of(literal.get()) : resolve(url.host(), deadline);
        for (InetAddress address : addresses) {
            var refusal = AddressRules.refusal(address, options.allowPrivate());
            if (refusal.isPresent()) {
                throw new FetchException(
                        Kind.REFUSED,
                        url.host() + " is refused: " + refusal.get()
                                + (AddressRules.refusal(address, true).isEmpty()
                                        ? ". Maybe --allow-private, if it is your own server."
                                        : ". Maybe the address or a redirect is wrong: nothing opens this kind."));
            }
        }
        return addresses;
    }

    private List<InetAddress> resolve(String host, Deadline deadline) throws FetchException {
        int limit = deadline.leftMillis(options.connectTimeout());
        var lookup = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return List.copyOf(options.resolver().resolve(host));
                    } catch (UnknownHostException none) {
                        return List.<InetAddress>of();
                    }
                },
                LOOKUP);
        try {
            List<InetAddress> addresses = lookup.get(limit, TimeUnit.MILLISECONDS);
            if (addresses.isEmpty()) {
                throw new FetchException(Kind.UNKNOWN_HOST, "no address for the host " + host);
            }
            return addresses;
        } catch (TimeoutException late) {
            throw new FetchException(
                    Kind.TIMEOUT, "the name " + host + " was not resolved within " + limit + " ms", late);
        } catch (ExecutionException failure) {
            throw new FetchException(Kind.UNKNOWN_HOST, "the name " + host + " was not resolved", failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new FetchException(Kind.BROKEN, "interrupted", stop);
        }
    }

    private String head(Request request, Url url, boolean withSecrets, Optional<HttpProxy> proxy, int length) {
        boolean absolute = proxy.isPresent() && !url.secure();
        var head = new StringBuilder(request.form().isPresent() ? "POST " : "GET ")
                .append(absolute ? url.toString() : url.target())
                .append(" HTTP/1.1\r\nHost: ")
                .append(url.authority())
                .append("\r\nUser-Agent: ")
                .append(options.userAgent())
                .append("\r\nAccept-Encoding: identity\r\nConnection: close\r\n");
        if (absolute) {
            head.append(Connection.authorization(proxy.orElseThrow()));
        }
        if (!request.headers().containsKey("Accept")) {
            head.append("Accept: */*\r\n");
        }
        request.headers().forEach((name, value) -> field(head, name, value));
        if (withSecrets) {
            request.secretHeaders().forEach((name, value) -> field(head, name, value));
        }
        if (request.form().isPresent()) {
            field(head, "Content-Type", "application/x-www-form-urlencoded");
            field(head, "Content-Length", Integer.toString(length));
        }
        return head.append("\r\n").toString();
    }

    private static void field(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
}
