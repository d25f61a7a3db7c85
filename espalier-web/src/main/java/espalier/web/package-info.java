/**
 * What every page of Espalier shares: a server on the local address, the check of who asks, limits, errors as JSON, files
 * of the page, and the front end's libraries. Pages live in packages of their own, which never use each other.
 *
 * <p>Start with {@link espalier.web.WebServer}. A page is added so:
 *
 * <pre>{@code
 * var events = new EventStream();
 * RunningServer server = WebServer.of("monitor")
 *         .token(token)                                                // optional on the local address
 *         .assets(Assets.of(MonitorPage.class)                         // resources beside the class
 *                 .file("/", "monitor.html")                           // exact addresses: nothing else is served
 *                 .file("/monitor.js", "monitor.js"))
 *         .get("/api/state", ctx -> Json.answer(ctx, state()))         // maps, lists, records, numbers, texts
 *         .post("/api/stop", ctx -> {
 *             Map<String, Object> wish = Json.object(ctx);             // strict: 400 with a code when it is not JSON
 *             if (finished) throw new WebException(409, "finished", "The training has already ended.");
 *             Json.answer(ctx, Map.of("stopping", true));
 *         })
 *         .events("/api/events", events)                               // events.send("epoch", row)
 *         .start(0);                                                   // 0: any free port
 * }</pre>
 *
 * <p>In handlers, {@code ctx} is Javalin's; the body of the request is read before the handler is called, without
 * holding a thread, and is found by {@link espalier.web.Body#bytes}, not through {@code ctx.body()}. A handler answers,
 * or throws a {@link espalier.web.WebException}.
 *
 * <p>Every page gets {@code /espalier.js} ({@code html}, {@code render} and the hooks of Preact, {@code api} and
 * {@code events}, which send the token), {@code /espalier.css} and the libraries below {@code /vendor/}. A token comes to
 * the page in the address's fragment, {@code http://127.0.0.1:8080/#token=...}, which browsers do not send; the page
 * moves it to its session storage. The policy of contents forbids inline scripts and styles and everything from
 * elsewhere: {@code <script type="module" src="/monitor.js">}, and no {@code style} attribute in HTML. Pictures that need
 * the token are fetched by {@code api} and shown as {@code blob:} addresses.
 *
 * <p>What changes something must not be a GET. A POST from another site's page is refused by its {@code Origin} before
 * the handler sees it.
 */
@NullMarked
package espalier.web;

import org.jspecify.annotations.NullMarked;
