package espalier.web;

import static org.eclipse.jetty.http.HttpCompliance.Violation.LF_CHUNK_TERMINATION;
import static org.eclipse.jetty.http.HttpCompliance.Violation.LF_HEADER_TERMINATION;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.http.sse.SseHandler;
import io.javalin.util.JavalinBindException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link WebServer} that answers. Closing it stops it. */
public final class RunningServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);
    private static final int HEADER_BYTES = 8 << 10;
    /** Lines that end otherwise than with CR and LF are read differently by different proxies. */
    private static final HttpCompliance STRICT =
            HttpCompliance.RFC9110.without("espalier", LF_HEADER_TERMINATION, LF_CHUNK_TERMINATION);

    private static final int THREAD_IDLE_MILLIS = 30_000;

    private final WebServer options;
    private final Gate gate;
    private final Javalin javalin;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private volatile HostGuard guard;

    private RunningServer(WebServer options, int port) {
        this.options = options;
        this.guard = guard(port);
        this.gate = new Gate(options, open(options), () -> guard);
        this.javalin = Javalin.create(config -> configure(config, port));
    }

    static RunningServer start(WebServer options, int port) {
        var running = new RunningServer(options, port);
        try {
            running.javalin.start();
        } catch (JavalinBindException failure) {
            running.stop();
            throw unbound(options.host, port, failure);
        }
        running.guard = running.guard(running.port());
        return running;
    }

    /** The system says in words what is wrong; other words are told as they are. */
    private static UncheckedIOException unbound(String host, int port, JavalinBindException failure) {
        var cause = Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
                .filter(SocketException.class::isInstance)
                .findFirst()
                .orElse(failure);
        String said = String.valueOf(cause.getMessage());
        String why = said.contains("in use")
                ? "it is in use. Maybe another server runs there: stop it, or choose another port (0 takes any that is"
                        + " free)."
                : said.contains("assign requested address")
                        ? "this machine has no such address. Maybe 127.0.0.1 is meant, or 0.0.0.0 for all that it has."
                        : said.contains("denied")
                                ? "it is not allowed. Maybe choose a port from 1024 on (0 takes any that is free)."
                                : said + ". Maybe choose another port (0 takes any that is free).";
        String message = "cannot listen on port " + port + " of " + host + ": " + why;
        return new UncheckedIOException(message, new BindException(message));
    }

    private HostGuard guard(int port) {
        var names = options.names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        return new HostGuard(options.isLocal(), port, names, options.token, options.nameHint);
    }

    private static Set<String> open(WebServer options) {
        Set<String> open = new HashSet<>();
        options.assets.addresses().forEach(open::add);
        options.routes.stream()
                .filter(route -> route.access() != WebServer.Access.GUARDED)
                .forEach(route -> open.add(route.path()));
        return open;
    }

    private void configure(JavalinConfig config, int port) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.http.prefer405over404 = true;
        var threads = new QueuedThreadPool(options.limits.threads(), 4, THREAD_IDLE_MILLIS);
        threads.setName("espalier-" + options.name);
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(this::configure);
        config.jetty.modifyHttpConfiguration(this::configure);
        config.jetty.addConnector((server, http) -> connector(server, http, port));
        answers(config);
    }

    private void configure(Server server) {
        server.setErrorHandler(Answers::malformed);
        server.setStopTimeout(options.limits.drain().toMillis());
        server.addBean(new NetworkConnectionLimit(options.limits.connections(), server));
        var graceful = new GracefulHandler();
        graceful.setHandler(gate);
        server.setHandler(graceful);
    }

    private void configure(HttpConfiguration http) {
        http.setIdleTimeout(options.limits.idle().toMillis());
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setUriCompliance(UriCompliance.DEFAULT);
        http.setHttpCompliance(STRICT);
    }

    private ServerConnector connector(Server server, HttpConfiguration http, int port) {
        var connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(options.host);
        connector.setPort(port);
        connector.setAcceptQueueSize(options.limits.connections());
        connector.setIdleTimeout(options.limits.keepAlive().toMillis());
        ConnectionWatch.begin(connector, options.limits);
        return connector;
    }

    private void answers(JavalinConfig config) {
        for (String address : options.assets.addresses()) {
            get(config, address, ctx -> options.assets.send(ctx, address));
        }
        for (var route : options.routes) {
            route.events().ifPresent(events -> {
                var stream = new SseHandler(events::open);
                config.routes.get(route.path(), ctx -> {
                    if (!String.valueOf(ctx.header("Accept")).contains("text/event-stream")) {
                        throw new WebException(
                                406, "not_acceptable", "Events are sent here: header 'Accept: text/event-stream'.");
                    }
                    stream.handle(ctx);
                });
            });
            route.handler().ifPresent(handler -> {
                switch (route.method()) {
                    case "GET" -> get(config, route.path(), handler);
                    case "POST" -> config.routes.post(route.path(), handler);
                    case "PUT" -> config.routes.put(route.path(), handler);
                    default -> config.routes.delete(route.path(), handler);
                }
            });
        }
        config.routes.exception(WebException.class, (problem, ctx) -> answer(ctx, problem));
        config.routes.exception(HttpResponseException.class, (problem, ctx) -> {
            Optional.ofNullable(problem.getDetails().get("availableMethods"))
                    .ifPresent(methods -> ctx.header("Allow", methods));
            answer(ctx, unrouted(problem));
        });
        config.routes.exception(Exception.class, (failure, ctx) -> {
            LOG.error("{} {} failed", ctx.method(), LogText.of(ctx.path()), LogText.of(failure));
            answer(ctx, new WebException(500, "internal", "Something went wrong here; the server's log says what."));
        });
    }

    /** HEAD is answered by the same handler, so that its headers are the same; Jetty leaves the body out. */
    private static void get(JavalinConfig config, String path, Handler handler) {
        config.routes.get(path, handler);
        config.routes.head(path, handler);
    }

    private static WebException unrouted(HttpResponseException problem) {
        return switch (problem.getStatus()) {
            case 404 -> new WebException(404, "not_found", "There is nothing at this address.");
            case 405 -> new WebException(405, "wrong_method", "This address does not answer to that method.");
            default -> new WebException(problem.getStatus(), "bad_request", "The request could not be answered.");
        };
    }

    private static void answer(Context ctx, WebException problem) {
        problem.retryAfter().ifPresent(seconds -> ctx.header("Retry-After", Integer.toString(seconds)));
        ctx.status(problem.status());
        Json.answer(ctx, problem.document());
    }

    /** The port it listens on. */
    public int port() {
        return javalin.port();
    }

    /** The address for a browser on this machine, such as {@code "http://127.0.0.1:8080"}. */
    public String url() {
        String name = List.of("0.0.0.0", "::", "[::]").contains(options.host) ? "localhost" : options.host;
        return "http://" + (name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name) + ":" + port();
    }

    /** The address with the token in its fragment, for opening the page; browsers do not send fragments. */
    public String link() {
        return url() + "/" + options.token.map(token -> "#token=" + token).orElse("");
    }

    /** How many bytes of requests' bodies may still come into memory; for tests that nothing is forgotten. */
    long bodiesLeft() {
        return gate.budget().left();
    }

    /** Takes no more requests, lets those at work end within the limit, and closes what belongs to the server. */
    public void stop() {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        options.routes.forEach(route -> route.events().ifPresent(EventStream::close));
        try {
            javalin.stop();
        } catch (RuntimeException late) {
            LOG.warn(
                    "requests were cut off when the server stopped: {}", LogText.of(String.valueOf(late.getMessage())));
        }
        var last = new ArrayList<>(options.closing);
        Collections.reverse(last);
        for (AutoCloseable resource : last) {
            try {
                resource.close();
            } catch (Exception failure) {
                LOG.error("something could not be closed when the server stopped", failure);
            }
        }
    }

    /** The same as {@link #stop}. */
    @Override
    public void close() {
        stop();
    }
}
