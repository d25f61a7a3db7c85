package espalier.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What every request passes before a route sees it: strict headers on its answer, the {@link HostGuard}, the limits, the
 * reading of its body, and whether the route has room. Nothing here waits, and only what is taken gets a thread: a flood of
 * refusals stays with the one that reads from the network, and leaves the machine to those at work.
 */
final class Gate extends Handler.Wrapper {
    /** The limits of bodies on routes that have their own. Key: method, space, address. */
    private final Map<String, BodyLimit> bodies;
    /** The addresses that need no token: files of the page and health. */
    private final Set<String> open;

    /** The addresses that answer under any name of the server. */
    private final Set<String> probes;

    /** Why nothing more is taken at an address just now. */
    private final Map<String, Supplier<Optional<WebException>>> doors;

    private final Limits limits;
    private final Supplier<HostGuard> guard;
    private final Body.Budget budget;
    private final Guesses guesses = new Guesses();

    Gate(WebServer options, Set<String> open, Supplier<HostGuard> guard) {
        this.limits = options.limits;
        this.bodies = Map.copyOf(options.bodies());
        this.doors = options.doors;
        this.open = Set.copyOf(open);
        this.probes = options.routes.stream()
                .filter(route -> route.access() == WebServer.Access.PROBE)
                .map(WebServer.Route::path)
                .collect(Collectors.toUnmodifiableSet());
        this.guard = guard;
        this.budget = new Body.Budget(limits.bodies());
    }

    Body.Budget budget() {
        return budget;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Answers.harden(response.getHeaders());
        String path = Request.getPathInContext(request);
        HttpFields headers = request.getHeaders();
        var caller = new HostGuard.Caller(
                request.getMethod(),
                headers.getValuesList(HttpHeader.HOST),
                headers.getValuesList(HttpHeader.ORIGIN),
                headers.contains("Sec-Fetch-Site") || headers.contains("Cookie") || headers.contains("Referer"),
                HostGuard.tokens(headers.getValuesList("X-Espalier-Token"), headers.getValuesList("Authorization")));
        var limit = bodies.getOrDefault(request.getMethod() + " " + path, BodyLimit.of(limits.body()))
                .within(limits.bodies());
        // Only in their own spelling: /espalier.js/../api/state must not pass as something harmless.
        boolean harmless =
                open.contains(path) && path.equals(request.getHttpURI().getPath());
        boolean probe = harmless && probes.contains(path) && HostGuard.isReading(request.getMethod());
        Optional<WebException> stranger = probe
                ? Optional.empty()
                : guesses.refusal(Request.getRemoteAddr(request), caller)
                        .or(() -> guard.get().refusal(caller, harmless));
        var refusal = stranger.or(() -> upgrade(headers))
                .or(() -> unreadable(headers))
                .or(() -> tooLong(request, limit));
        if (refusal.isPresent()) {
            refuse(request, response, callback, refusal.get());
            return true;
        }
        if (request.getLength() == 0) {
            dispatch(request, response, callback);
            return true;
        }
        read(request, response, callback, limit);
        return true;
    }

    /** Answers with an error; after wrong tokens one after the other, later and later. */
    private void refuse(Request request, Response response, Callback callback, WebException problem) {
        var after = Drain.before(request, callback);
        long wait = problem.code().equals(HostGuard.WRONG_TOKEN) ? guesses.wrong(Request.getRemoteAddr(request)) : 0;
        if (wait > 0) {
            request.getComponents()
                    .getScheduler()
                    .schedule(() -> Answers.refuse(response, after, problem), wait, TimeUnit.NANOSECONDS);
        } else {
            Answers.refuse(response, after, problem);
        }
    }

    private static Optional<WebException> upgrade(HttpFields headers) {
        return headers.contains(HttpHeader.UPGRADE, "websocket")
                ? Optional.of(new WebException(400, "no_websocket", "This server has no websockets."))
                : Optional.empty();
    }

    /** A compressed body could be a thousand times larger than it looks. */
    private static Optional<WebException> unreadable(HttpFields headers) {
        List<String> encodings = headers.getValuesList(HttpHeader.CONTENT_ENCODING);
        List<String> transfers = headers.getValuesList(HttpHeader.TRANSFER_ENCODING);
        boolean plain = encodings.stream().allMatch("identity"::equalsIgnoreCase)
                && transfers.stream().allMatch("chunked"::equalsIgnoreCase);
        return plain
                ? Optional.empty()
                : Optional.of(new WebException(
                        415,
                        "unsupported_encoding",
                        "Compressed bodies are not taken: send it as it is, without Content-Encoding."));
    }

    private static Optional<WebException> tooLong(Request request, BodyLimit limit) {
        return request.getLength() > limit.most() ? Optional.of(limit.refusal()) : Optional.empty();
    }

    private void read(Request request, Response response, Callback callback, BodyLimit limit) {
        var reader = new BodyReader[1];
        reader[0] = new BodyReader(
                request,
                budget,
                limit,
                limits.bytesPerSecond(),
                bytes -> pass(request, response, callback, bytes, reader[0].taken()),
                problem -> Answers.refuse(
                        response, problem.status() == 408 ? callback : Drain.before(request, callback), problem));
        reader[0].run();
    }

    private void pass(Request request, Response response, Callback callback, byte[] bytes, long taken) {
        var releasing = Callback.from(callback, () -> budget.giveBack(taken));
        request.setAttribute(Body.ATTRIBUTE, bytes);
        // Only when the body has been read: a refusal in the middle costs the connection, and often the answer.
        var busy = doors.getOrDefault(Request.getPathInContext(request), Optional::empty)
                .get();
        if (busy.isPresent()) {
            Answers.answer(response, releasing, busy.get());
            return;
        }
        dispatch(request, response, releasing);
    }

    private void dispatch(Request request, Response response, Callback callback) {
        try {
            request.getComponents().getExecutor().execute(() -> route(request, response, callback));
        } catch (RejectedExecutionException stopped) {
            Answers.refuse(response, callback, new WebException(503, "stopping", "The server stops.").retryAfter(5));
        }
    }

    private void route(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, 404);
            }
        } catch (Throwable failure) {
            Response.writeError(request, response, callback, failure); // whatever it is: the caller waits for an answer
        }
    }
}
