package espalier.web;

import io.javalin.http.Handler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A server of a page and its API: what it answers, to whom, and how much it takes on. Immutable; {@link #start} gives the
 * {@link RunningServer}.
 *
 * <p>It listens on 127.0.0.1 unless told otherwise, and for any address that other machines can reach it insists on a
 * token.
 */
public final class WebServer {
    private static final int SHORTEST_TOKEN = 16;

    final String name;
    final String host;
    final Optional<String> token;
    final List<String> names;
    final String nameHint;
    final Limits limits;
    final Assets assets;
    final List<Route> routes;
    final Map<String, Supplier<Optional<WebException>>> doors;
    final List<AutoCloseable> closing;

    /**
     * One address and what answers there.
     *
     * @param method of HTTP
     * @param path as Javalin writes it, such as {@code "/api/items/{id}"}
     * @param handler what answers; empty for events
     * @param events what is listened to; empty for the others
     * @param access who may ask
     * @param body how large a request's body may be; empty for the limit of all
     */
    record Route(
            String method,
            String path,
            Optional<Handler> handler,
            Optional<EventStream> events,
            Access access,
            Optional<BodyLimit> body) {}

    /** Who may ask at an address. */
    enum Access {
        /** Whoever calls the server by its name and shows the token, where there is one. */
        GUARDED,
        /** Whoever calls the server by its name. */
        OPEN,
        /** Everybody, whatever the server is called. */
        PROBE
    }

    private WebServer(Draft draft) {
        name = draft.name;
        host = draft.host;
        token = draft.token;
        names = List.copyOf(draft.names);
        nameHint = draft.nameHint;
        limits = draft.limits;
        assets = draft.assets;
        routes = List.copyOf(draft.routes);
        doors = Map.copyOf(draft.doors);
        closing = List.copyOf(draft.closing);
    }

    /** A server on 127.0.0.1 that answers only what every page shares. {@code name} is what its threads are called. */
    public static WebServer of(String name) {
        return new WebServer(new Draft(name));
    }

    /** A copy that listens on another address: a name or a number, {@code "0.0.0.0"} for all of this machine. */
    public WebServer host(String host) {
        return with(draft -> draft.host = host);
    }

    /**
     * A copy whose callers must show a token; the files of the page and what is open need none.
     *
     * @param token at least 16 printable characters of ASCII
     */
    public WebServer token(String token) {
        if (token.length() < SHORTEST_TOKEN || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("a token must have at least " + SHORTEST_TOKEN
                    + " printable characters and no spaces, received " + token.length()
                    + " characters. Maybe make one with: openssl rand -hex 16");
        }
        return with(draft -> draft.token = Optional.of(token));
    }

    /** A copy that may also be called by these names, such as a proxy's, without port. */
    public WebServer allowHost(String... names) {
        return with(draft -> draft.names.addAll(List.of(names)));
    }

    /** A copy that tells those who call it by another name what may help. */
    public WebServer nameHint(String sentence) {
        return with(draft -> draft.nameHint = sentence);
    }

    /** A copy with other limits. */
    public WebServer limits(Limits limits) {
        return with(draft -> draft.limits = limits);
    }

    /** A copy with more files of the page. */
    public WebServer assets(Assets assets) {
        return with(draft -> draft.assets = draft.assets.and(assets));
    }

    /** A copy that answers GET, which changes nothing. */
    public WebServer get(String path, Handler handler) {
        return route(new Route("GET", path, Optional.of(handler), Optional.empty(), Access.GUARDED, Optional.empty()));
    }

    /** A copy that answers GET to everybody, without a token. */
    public WebServer open(String path, Handler handler) {
        return route(new Route("GET", path, Optional.of(handler), Optional.empty(), Access.OPEN, Optional.empty()));
    }

    /**
     * A copy that answers GET to everybody, by whatever name it is called: supervisors ask for health by number. What is
     * answered must be fit for anybody.
     */
    public WebServer probe(String path, Handler handler) {
        return route(new Route("GET", path, Optional.of(handler), Optional.empty(), Access.PROBE, Optional.empty()));
    }

    /** A copy that answers POST. */
    public WebServer post(String path, Handler handler) {
        return route(new Route("POST", path, Optional.of(handler), Optional.empty(), Access.GUARDED, Optional.empty()));
    }

    /** A copy that answers POST with a limit of the body's own; the path has no parameters. */
    public WebServer post(String path, BodyLimit body, Handler handler) {
        return route(
                new Route("POST", path, Optional.of(handler), Optional.empty(), Access.GUARDED, Optional.of(body)));
    }

    /**
     * A copy that refuses requests with a body at these addresses, as long as there is a reason, before their handlers are
     * called: under overload, refusing must cost next to nothing. The paths have no parameters; the reason is asked for by
     * path.
     */
    public WebServer unless(Function<String, Optional<WebException>> reason, String... paths) {
        return with(draft -> List.of(paths).forEach(path -> draft.doors.put(path, () -> reason.apply(path))));
    }

    /** A copy that answers PUT. */
    public WebServer put(String path, Handler handler) {
        return route(new Route("PUT", path, Optional.of(handler), Optional.empty(), Access.GUARDED, Optional.empty()));
    }

    /** A copy that answers DELETE. */
    public WebServer delete(String path, Handler handler) {
        return route(
                new Route("DELETE", path, Optional.of(handler), Optional.empty(), Access.GUARDED, Optional.empty()));
    }

    /** A copy where pages may listen to a stream of events, which is closed when the server stops. */
    public WebServer events(String path, EventStream events) {
        return route(new Route("GET", path, Optional.empty(), Optional.of(events), Access.GUARDED, Optional.empty()));
    }

    /** A copy that closes something after the last answer, when the server has stopped; the last added first. */
    public WebServer closing(AutoCloseable resource) {
        return with(draft -> draft.closing.add(resource));
    }

    /** The routes as {@code "METHOD path"}, in the order they were added; files of the page are not among them. */
    public List<String> routes() {
        return routes.stream().map(route -> route.method() + " " + route.path()).toList();
    }

    /**
     * Starts to answer.
     *
     * @param port 0 for any that is free
     * @throws IllegalArgumentException when the address is unknown, or can be reached from other machines and there is no
     *     token
     * @throws java.io.UncheckedIOException when the port is in use or may not be used
     */
    public RunningServer start(int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(
                    "a port is 0 to 65535, received " + port + ". Maybe 8080 is meant, or 0 for any that is free.");
        }
        if (!isLocal() && token.isEmpty()) {
            throw new IllegalArgumentException("other machines can reach the address " + host
                    + ", so a token is needed, and none was given. Maybe stay on 127.0.0.1, or give one: espalier serve"
                    + " takes it by --token or the environment variable ESPALIER_TOKEN.");
        }
        return RunningServer.start(this, port);
    }

    /** Whether only this machine can reach it. */
    boolean isLocal() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            throw new IllegalArgumentException(
                    "there is no address " + LogText.of(host) + ". Maybe it is misspelt: 127.0.0.1 is this machine.",
                    unknown);
        }
    }

    private WebServer route(Route route) {
        return with(draft -> draft.routes.add(route));
    }

    private WebServer with(java.util.function.Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return new WebServer(draft);
    }

    /** The limits of bodies on routes that have their own. Key: method, space, path. */
    Map<String, BodyLimit> bodies() {
        Map<String, BodyLimit> bodies = new HashMap<>();
        routes.forEach(route -> route.body().ifPresent(body -> bodies.put(route.method() + " " + route.path(), body)));
        return bodies;
    }

    /** The choices on their way into a copy. */
    private static final class Draft {
        private final String name;
        private String host = "127.0.0.1";
        private Optional<String> token = Optional.empty();
        private final List<String> names = new ArrayList<>();
        private String nameHint = HostGuard.NAME_HINT;
        private Limits limits = Limits.of();
        private Assets assets = Assets.shared();
        private final List<Route> routes = new ArrayList<>();
        private final Map<String, Supplier<Optional<WebException>>> doors = new HashMap<>();
        private final List<AutoCloseable> closing = new ArrayList<>();

        Draft(String name) {
            this.name = name;
        }

        Draft(WebServer from) {
            this(from.name);
            host = from.host;
            token = from.token;
            names.addAll(from.names);
            nameHint = from.nameHint;
            limits = from.limits;
            assets = from.assets;
            routes.addAll(from.routes);
            doors.putAll(from.doors);
            closing.addAll(from.closing);
        }
    }
}
