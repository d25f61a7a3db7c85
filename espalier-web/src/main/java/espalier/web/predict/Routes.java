package espalier.web.predict;

import espalier.format.ModelDocument;
import espalier.predict.Prediction;
import espalier.text.TextTask;
import espalier.web.Assets;
import espalier.web.BodyLimit;
import espalier.web.Json;
import espalier.web.WebException;
import espalier.web.WebServer;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The addresses of the prediction server, as {@code openapi.yaml} describes them. */
final class Routes {
    private static final String VERSION = "X-Espalier-Model-Version";
    /** Probabilities of more classes than this are not sent unless asked for. */
    private static final int MANY_CLASSES = 1000;

    private static final int SOME_CLASSES = 100;

    private final Service service;
    private final Uploads uploads;

    Routes(Service service, Uploads uploads) {
        this.service = service;
        this.uploads = uploads;
    }

    /**
     * Adds all addresses.
     *
     * @param one how large a request with one picture may be
     * @param several how large one with several
     */
    WebServer addTo(WebServer web, BodyLimit one, BodyLimit several) {
        return web.assets(Assets.of(Routes.class)
                        .file("/", "index.html")
                        .file("/cards.js", "cards.js")
                        .file("/kept.js", "kept.js")
                        .file("/lists.js", "lists.js")
                        .file("/predict.css", "predict.css")
                        .file("/predict.js", "predict.js")
                        .file("/texts.js", "texts.js")
                        .file("/openapi.yaml", "openapi.yaml"))
                .probe("/health/live", ctx -> Json.answer(ctx, Map.of("status", "up")))
                .probe("/health/ready", this::ready)
                .get(
                        "/metrics",
                        ctx -> ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                                .result(service.figures().text()))
                .get("/api/models", measured("/api/models", this::models))
                .get("/api/model", measured("/api/model", ctx -> using(ctx, this::model)))
                .post("/api/predict", one, measured("/api/predict", ctx -> using(ctx, this::predict)))
                .post("/api/predict/batch", several, measured("/api/predict/batch", ctx -> using(ctx, this::batch)))
                .post("/api/explain", one, measured("/api/explain", ctx -> using(ctx, this::explain)))
                .unless(service::refusal, "/api/predict", "/api/predict/batch", "/api/explain");
    }

    private Handler measured(String route, Handler handler) {
        return ctx -> {
            long start = System.nanoTime();
            int status = 500;
            try {
                handler.handle(ctx);
                status = ctx.statusCode();
            } catch (WebException problem) {
                status = problem.status();
                throw problem;
            } finally {
                service.figures().answered(route, status, Duration.ofNanos(System.nanoTime() - start));
            }
        };
    }

    /** Answers by the model that the request names, or the first; by one version of it from beginning to end. */
    private void using(Context ctx, BiConsumer<Context, Loaded> handler) {
        String name = Optional.ofNullable(ctx.queryParam("model"))
                .orElseGet(() -> service.shelf().first());
        var model = service.shelf().enter(name);
        try {
            ctx.header(VERSION, model.version());
            handler.accept(ctx, model);
        } finally {
            model.leave();
        }
    }

    private void ready(Context ctx) {
        if (!service.isReady()) {
            throw new WebException(503, "busy", "Too many pictures wait already.").retryAfter(1);
        }
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("status", "up");
        state.put("models", service.shelf().all().size());
        state.put("stale", service.shelf().stale());
        Json.answer(ctx, state);
    }

    private void models(Context ctx) {
        var all = new ArrayList<Map<String, Object>>();
        for (Loaded model : service.shelf().all()) {
            var document = model.predictor().document();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", model.name());
            document.title().ifPresent(title -> row.put("title", title));
            row.put("task", document.task());
            row.put("architecture", document.architecture().name());
            row.put("classes", document.vocabulary().size());
            row.put("version", model.version());
            row.put("engine", model.predictor().engine());
            row.put("loaded", model.since().toString());
            row.put("file", model.source().name().toLowerCase(Locale.ROOT));
            all.add(row);
        }
        Json.answer(ctx, Map.of("default", service.shelf().first(), "models", all));
    }

    private void model(Context ctx, Loaded model) {
        ModelDocument document = model.predictor().document();
        Map<String, Object> card = new LinkedHashMap<>();
        card.put("name", model.name());
        document.title().ifPresent(title -> card.put("title", title));
        document.description().ifPresent(text -> card.put("description", text));
        card.put("version", model.version());
        card.put("engine", model.predictor().engine());
        card.put("task", document.task());
        card.put("architecture", document.architecture());
        card.put("classCount", document.vocabulary().size());
        card.put("classes", document.vocabulary().stream().limit(MANY_CLASSES).toList());
        card.put(
                "thresholds", document.thresholds().stream().limit(MANY_CLASSES).toList());
        card.put("transforms", document.transforms());
        card.put("normalisation", document.normalisation());
        card.put("activation", document.activation());
        card.put("metrics", document.metrics());
        card.put("history", document.history());
        card.put("provenance", document.provenance());
        card.put("versions", document.versions());
        card.put("created", document.created().toString());
        card.put("weightsSha256", document.weightsSha256());
        Json.answer(ctx, card);
    }

    private void predict(Context ctx, Loaded model) {
        int top = top(ctx, model);
        byte[] file = uploads.one(ctx).bytes();
        Json.answer(ctx, answer(service.predict(model, List.of(file)).get(0).orThrow(), model, top));
    }

    private void batch(Context ctx, Loaded model) {
        int top = top(ctx, model);
        var files = uploads.several(ctx);
        var answers = service.predict(
                        model,
                        files.stream()
                                .filter(file -> file.problem().isEmpty())
                                .map(Uploads.Upload::bytes)
                                .toList())
                .iterator();
        var rows = new ArrayList<Map<String, Object>>();
        for (var file : files) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("file", file.name());
            var answer = file.problem().map(Service.Answer::of).orElseGet(answers::next);
            row.putAll(
                    answer.problem().map(WebException::document).orElseGet(() -> answer(answer.orThrow(), model, top)));
            rows.add(row);
        }
        Json.answer(ctx, Map.of("model", model.name(), "answers", rows));
    }

    private void explain(Context ctx, Loaded model) {
        int index = number(ctx, "index")
                .orElseThrow(() -> new WebException(
                        400, "bad_index", "The parameter 'index' must say which class is to be explained."));
        if (model.predictor().task() instanceof TextTask texts) {
            Json.answer(ctx, service.explain(texts, uploads.one(ctx).bytes(), index));
            return;
        }
        service.explain(model, uploads.one(ctx).bytes(), index)
                .ifPresentOrElse(picture -> ctx.contentType("image/png").result(picture), () -> ctx.status(204));
    }

    private static Map<String, Object> answer(Prediction prediction, Loaded model, int top) {
        Map<String, Object> answer = new LinkedHashMap<>();
        if (prediction.isNumeric()) {
            answer.put("values", prediction.values());
            answer.put("model", model.name());
            return answer;
        }
        answer.put("label", prediction.label());
        answer.put("index", prediction.index());
        answer.put("probability", prediction.probability());
        if (!model.predictor().document().thresholds().isEmpty()) {
            answer.put("labels", prediction.labels());
        }
        Map<String, Double> probabilities = new LinkedHashMap<>();
        if (top < model.predictor().classes().size()) {
            prediction.top(top).forEach(one -> probabilities.put(one.label(), one.probability()));
        } else {
            probabilities.putAll(prediction.byClass());
        }
        answer.put("probabilities", probabilities);
        answer.put("model", model.name());
        return answer;
    }

    /** How many of the most probable classes are sent. */
    private static int top(Context ctx, Loaded model) {
        int classes = model.predictor().classes().size();
        int top = number(ctx, "top").orElse(classes <= MANY_CLASSES ? classes : SOME_CLASSES);
        if (top < 1) {
            throw new WebException(400, "bad_parameter", "The parameter 'top' must be a number from 1.");
        }
        return top;
    }

    private static Optional<Integer> number(Context ctx, String name) {
        try {
            return Optional.ofNullable(ctx.queryParam(name)).map(Integer::valueOf);
        } catch (NumberFormatException wrong) {
            throw new WebException(400, "bad_parameter", "The parameter '" + name + "' must be a number.");
        }
    }
}
