package espalier.web.monitor;

import espalier.app.TrainingReport;
import espalier.train.Fit;
import espalier.train.Learner;
import espalier.train.Step;
import espalier.web.Assets;
import espalier.web.EventStream;
import espalier.web.Json;
import espalier.web.RunningServer;
import espalier.web.WebException;
import espalier.web.WebServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The page of one training, from its beginning to its end. */
final class MonitorPage implements AutoCloseable {
    private static final long POINTS_NANOS = 200_000_000L;
    private static final long PICTURE_NANOS = 2_000_000_000L;

    private final MonitorState state;
    private final Learner<?> learner;
    private final Optional<Path> saved;
    private final EventStream events = new EventStream();
    private final AtomicBoolean saveWanted = new AtomicBoolean();
    private final RunningServer server;
    private volatile byte[] picture = {};
    private long pointsSent;
    private long pictureMade;

    private MonitorPage(WebServer options, int port, Optional<Path> saved, Fit fit) {
        this.state = MonitorState.of(fit, saved.isPresent());
        this.learner = fit.learner();
        this.saved = saved;
        this.server = options.assets(Assets.of(MonitorPage.class)
                        .file("/", "monitor.html")
                        .file("/monitor.css", "monitor.css")
                        .file("/monitor.js", "monitor.js"))
                .get("/api/state", ctx -> Json.answer(ctx, state.toMap()))
                .get("/api/batch", ctx -> {
                    if (picture.length == 0) {
                        throw new WebException(404, "no_picture", "There is no picture of a batch yet.");
                    }
                    ctx.contentType("image/png").result(picture);
                })
                .post("/api/stop", ctx -> {
                    state.status("stopping");
                    learner.interrupt();
                    tell();
                    Json.answer(ctx, Map.of("stopping", true));
                })
                .post("/api/save", ctx -> {
                    if (saved.isEmpty()) {
                        throw new WebException(409, "no_file", "This training was not told where to save.");
                    }
                    saveWanted.set(true);
                    Json.answer(ctx, Map.of("saving", saved.get().toString()));
                })
                .events("/api/events", events)
                .start(port);
    }

    static MonitorPage open(WebServer options, int port, Optional<Path> saved, Fit fit) {
        return new MonitorPage(options, port, saved, fit);
    }

    String link() {
        return server.link();
    }

    /** After a batch, on the training's thread: does what the page asked for, and tells it what is new. */
    void batch(Fit fit, Step step) {
        state.step(fit, step);
        if (saveWanted.compareAndSet(true, false)) {
            save();
        }
        long now = System.nanoTime();
        if (events.listeners() > 0 && now - pictureMade > PICTURE_NANOS) {
            pictureMade = now;
            BatchPicture.of(learner, step.batch()).ifPresent(made -> {
                picture = made;
                events.send("picture", Map.of("batch", state.done()));
            });
        }
        if (now - pointsSent > POINTS_NANOS) {
            pointsSent = now;
            tell();
        }
    }

    private void save() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("file", saved.orElseThrow().toString());
        try {
            learner.export(saved.get());
        } catch (RuntimeException failure) {
            answer.put("error", String.valueOf(failure.getMessage()));
        }
        events.send("saved", answer);
    }

    private void tell() {
        events.send("progress", state.news());
    }

    void epoch(Fit fit) {
        fit.history().last().ifPresent(row -> {
            state.epoch(TrainingReport.row(row));
            tell();
            events.send("epoch", state.lastEpoch());
        });
    }

    void end(Fit fit) {
        state.status(fit.stopReason().map(reason -> "stopped: " + reason).orElse("done"));
        tell();
    }

    @Override
    public void close() {
        server.stop();
    }
}
