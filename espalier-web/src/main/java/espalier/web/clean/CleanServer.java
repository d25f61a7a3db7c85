package espalier.web.clean;

import espalier.app.Retrain;
import espalier.clean.Cleaner;
import espalier.files.CannotWriteException;
import espalier.web.Assets;
import espalier.web.RunningServer;
import espalier.web.WebException;
import espalier.web.WebServer;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The cleaner's page, on 127.0.0.1 alone and with a token that is another one each time. Immutable.
 *
 * <pre>{@code
 * try (var model = Predictor.load(Path.of("pets.safetensors"));
 *         var page = CleanServer.of(Cleaner.of(model, Path.of("data/pets"))).start(0)) {
 *     System.out.println("open " + page.link());
 *     ...
 * }
 * }</pre>
 *
 * @param cleaner what is shown
 * @param retrain how to train again; empty when the page does not offer that
 * @param token what callers must show; the page gets it in its address's fragment
 */
public record CleanServer(Cleaner cleaner, Optional<Retrain> retrain, String token) {
    /** The page of a cleaner, with a new token. */
    public static CleanServer of(Cleaner cleaner) {
        byte[] token = new byte[24];
        new SecureRandom().nextBytes(token);
        return new CleanServer(cleaner, Optional.empty(), HexFormat.of().formatHex(token));
    }

    /** A copy whose page can train again, and shows the old figures against the new. */
    public CleanServer retrain(Retrain job) {
        return new CleanServer(cleaner, Optional.of(job), token);
    }

    /** What it is, without the token, which belongs into no log. */
    @Override
    public String toString() {
        return "the cleaner's page of " + cleaner.root();
    }

    /**
     * Starts to answer.
     *
     * @param port 0 for any that is free
     * @return the server; its {@link RunningServer#link link} opens the page
     * @throws UncheckedIOException when the port is in use or may not be used, or the data set cannot be written or is open
     *     in another cleaner; no other can open it until the server stops
     */
    public RunningServer start(int port) {
        AutoCloseable hold;
        try {
            hold = cleaner.hold();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(String.valueOf(unwritable.getMessage()), unwritable);
        }
        try {
            return server(hold).start(port);
        } catch (RuntimeException failure) {
            try {
                hold.close();
            } catch (Exception second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    private WebServer server(AutoCloseable hold) {
        var job = new RetrainJob(retrain);
        var api = new CleanApi(cleaner, job);
        return WebServer.of("clean")
                .token(token)
                .assets(Assets.of(CleanServer.class)
                        .file("/", "clean.html")
                        .file("/clean.css", "clean.css")
                        .file("/clean.js", "clean.js")
                        .file("/dialogs.js", "dialogs.js")
                        .file("/many.js", "many.js"))
                .get("/api/set", api::set)
                .get("/api/pictures", api::pictures)
                .get("/api/texts/{id}", api::text)
                .get("/api/pictures/{id}/{size}", api::picture)
                .post("/api/pictures/{id}/choice", writing(api::choose))
                .post("/api/labels", api::addLabel)
                .get("/api/plan", api::plan)
                .post("/api/plan/apply", writing(api::apply))
                .get("/api/journal", api::journal)
                .post("/api/journal/undo", writing(api::undo))
                .get("/api/retrain", api::retrainState)
                .post("/api/retrain", api::retrain)
                .post("/api/retrain/stop", api::retrainStop)
                .closing(hold)
                .closing(job);
    }

    /** A full disk, or a data set that has become read-only, is said to who can mend it. */
    private static Handler writing(Handler handler) {
        return ctx -> {
            try {
                handler.handle(ctx);
            } catch (CannotWriteException unwritable) {
                throw new WebException(507, "cannot_write", String.valueOf(unwritable.getMessage()));
            }
        };
    }
}
