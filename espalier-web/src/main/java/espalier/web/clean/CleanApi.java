package espalier.web.clean;

import espalier.clean.Applied;
import espalier.clean.Choice;
import espalier.clean.Chosen;
import espalier.clean.Cleaner;
import espalier.clean.Picture;
import espalier.clean.Plan;
import espalier.clean.Query;
import espalier.clean.Query.Order;
import espalier.clean.Query.View;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.files.Stamp;
import espalier.report.PlainText;
import espalier.web.Json;
import espalier.web.WebException;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What the page asks for and tells, each a method; says no more of files than the page shows. */
final class CleanApi {
    private static final int MOST = 500;
    private static final int SHOWN = 1_000;

    private final Cleaner cleaner;
    private final RetrainJob job;
    private final PictureBytes bytes = new PictureBytes();

    /** Held while files are moved and while a training is started, so that no training begins on files that move. */
    private final Object files = new Object();

    CleanApi(Cleaner cleaner, RetrainJob job) {
        this.cleaner = cleaner;
        this.job = job;
    }

    /** What the set is, with the numbers of pictures by label, split and list. */
    void set(Context ctx) {
        Map<String, Map<String, Integer>> counts = new TreeMap<>();
        int chosen = 0;
        for (Picture picture : cleaner.pictures(Query.all())) {
            for (String label : picture.labels()) {
                counts.computeIfAbsent(label, key -> new TreeMap<>()).merge(picture.split(), 1, Integer::sum);
            }
            chosen += picture.choice().action() == Choice.Action.NONE ? 0 : 1;
        }
        Map<View, Integer> views = new EnumMap<>(View.class);
        for (View view : View.values()) {
            views.put(view, cleaner.pictures(Query.all().view(view)).size());
        }
        Map<String, Object> set = new LinkedHashMap<>();
        set.put(
                "name",
                String.valueOf(cleaner.root().toAbsolutePath().normalize().getFileName()));
        set.put("labels", cleaner.labels());
        set.put("splits", cleaner.splits());
        set.put("tags", cleaner.isTags());
        set.put("texts", cleaner.isTexts());
        set.put("counts", counts);
        set.put("views", lower(views));
        set.put("chosen", chosen);
        set.put("steps", cleaner.plan().steps().size());
        set.put("rejected", cleaner.rejected());
        set.put("retrain", job.isOffered());
        Json.answer(ctx, set);
    }

    private static Map<String, Integer> lower(Map<View, Integer> views) {
        Map<String, Integer> lower = new LinkedHashMap<>();
        views.forEach((view, count) -> lower.put(view.name().toLowerCase(Locale.ROOT), count));
        return lower;
    }

    /** A part of a list. */
    void pictures(Context ctx) {
        var query = new Query(
                named(View.class, ctx, "view", View.ALL),
                text(ctx, "label"),
                text(ctx, "split"),
                named(Order.class, ctx, "order", Order.LOSS));
        int from = number(ctx, "from", 0, Integer.MAX_VALUE);
        int count = number(ctx, "count", 48, MOST);
        var all = cleaner.pictures(query);
        int start = Math.min(from, all.size());
        int end = (int) Math.min((long) start + count, all.size());
        Json.answer(
                ctx,
                Map.of(
                        "total",
                        all.size(),
                        "pictures",
                        all.subList(start, end).stream().map(CleanApi::map).toList()));
    }

    /** The whole of a text, of which a list has the beginning. */
    void text(Context ctx) {
        var found = cleaner.byId(ctx.pathParam("id")).filter(one -> !one.text().isEmpty());
        Json.answer(
                ctx,
                Map.of(
                        "text",
                        PlainText.lines(found.orElseThrow(CleanApi::unknown).text())));
    }

    /** A picture as JPEG: {@code thumbnail} or {@code large}. */
    void picture(Context ctx) {
        String id = ctx.pathParam("id");
        String size = ctx.pathParam("size");
        if (!size.equals("thumbnail") && !size.equals("large")) {
            throw new WebException(404, "not_found", "There is nothing at this address.");
        }
        var file = cleaner.file(id).orElseThrow(CleanApi::unknown);
        String key = id + Stamp.of(file).map(Stamp::text).orElse("");
        var jpeg = size.equals("large") ? bytes.large(file) : bytes.small(key, file);
        ctx.contentType("image/jpeg")
                .header("Content-Disposition", "inline; filename=\"picture.jpg\"")
                .result(jpeg.orElseThrow(
                        () -> new WebException(415, "unreadable", "The file cannot be read as a picture.")));
    }

    /** Adds a label, to which pictures can be relabelled then. */
    void addLabel(Context ctx) {
        try {
            cleaner.addLabel(Json.text(Json.object(ctx), "label").strip());
        } catch (IllegalArgumentException impossible) {
            throw new WebException(400, "bad_label", String.valueOf(impossible.getMessage()));
        }
        Json.answer(ctx, Map.of("labels", cleaner.labels()));
    }

    /** Chooses something for a picture as it was at a version. */
    void choose(Context ctx) throws IOException {
        Map<String, Object> wish = Json.object(ctx);
        Choice choice;
        Optional<Chosen> chosen;
        try {
            var action = Choice.Action.valueOf(Json.text(wish, "action").toUpperCase(Locale.ROOT));
            choice = new Choice(action, Json.texts(wish, "values", 1000));
            chosen = cleaner.choose(ctx.pathParam("id"), version(wish), choice);
        } catch (IllegalArgumentException impossible) {
            throw new WebException(400, "bad_choice", "There is no such action, label or split.");
        }
        var now = chosen.orElseThrow(CleanApi::unknown);
        if (now.isConflict()) {
            conflict(
                    ctx,
                    "The picture has changed since this page showed it, maybe from another tab.",
                    List.of(now.picture()));
        } else {
            Json.answer(ctx, map(now.picture()));
        }
    }

    private static long version(Map<String, Object> wish) {
        if (wish.get("version") instanceof Integer || wish.get("version") instanceof Long) {
            return ((Number) wish.get("version")).longValue();
        }
        throw new WebException(400, "bad_field", "The field 'version' must be a whole number.");
    }

    /** What will be done. */
    void plan(Context ctx) {
        Json.answer(ctx, map(cleaner.plan()));
    }

    /** Does it, when it is the plan that was shown. */
    void apply(Context ctx) throws IOException {
        String digest = Json.text(Json.object(ctx), "digest");
        Applied applied;
        synchronized (files) {
            refuseWhileTraining();
            applied = cleaner.apply(digest);
        }
        if (applied.isConflict()) {
            String message = applied.conflicts().isEmpty()
                    ? "The choices are others than this page showed, maybe from another tab. Nothing was done."
                    : "Files have changed since they were shown. Nothing was done; look at them again.";
            conflict(ctx, message, applied.conflicts());
            return;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("changes", applied.changes().stream().map(Change::toMap).toList());
        map.put("error", applied.error());
        Json.answer(ctx, map);
    }

    /** What can be undone, the latest first. */
    void journal(Context ctx) throws IOException {
        var changes = cleaner.changes().stream().map(Change::toMap).collect(java.util.stream.Collectors.toList());
        java.util.Collections.reverse(changes);
        Json.answer(ctx, Map.of("changes", changes));
    }

    /** Undoes the change {@code id}, or all when none is given. */
    void undo(Context ctx) throws IOException {
        Map<String, Object> wish = Json.object(ctx);
        Journal.Undone undone;
        synchronized (files) {
            refuseWhileTraining();
            undone = undo(wish);
        }
        Json.answer(
                ctx,
                Map.of(
                        "undone", undone.undone().stream().map(Change::toMap).toList(),
                        "left", undone.left().stream().map(Change::toMap).toList()));
    }

    private Journal.Undone undo(Map<String, Object> wish) throws IOException {
        if (wish.get("id") instanceof Integer id) {
            var undone = cleaner.undo(id);
            if (undone.undone().isEmpty() && undone.left().isEmpty()) {
                throw cleaner.knows(id)
                        ? new WebException(409, "undone", "This change is undone already.")
                        : new WebException(404, "unknown_change", "There is no change of this number.");
            }
            return undone;
        }
        if (Boolean.TRUE.equals(wish.get("all"))) {
            return cleaner.undoAll();
        }
        throw new WebException(400, "bad_field", "Give the 'id' of a change, or 'all': true.");
    }

    void retrainState(Context ctx) {
        Json.answer(ctx, job.state());
    }

    /** Trains again. */
    void retrain(Context ctx) {
        Map<String, Object> wish = Json.object(ctx);
        if (!job.isOffered()) {
            throw new WebException(404, "not_offered", "This cleaner was not told how to train again.");
        }
        Object epochs = wish.get("epochs");
        boolean right = epochs == null || (epochs instanceof Integer number && number >= 0 && number <= 1000);
        if (!right) {
            throw new WebException(400, "bad_field", "The field 'epochs' must be 0 to 1000.");
        }
        synchronized (files) {
            if (!job.start(epochs instanceof Integer number ? OptionalInt.of(number) : OptionalInt.empty())) {
                throw new WebException(409, "training", "The training is under way already.");
            }
        }
        Json.answer(ctx, job.state());
    }

    void retrainStop(Context ctx) {
        job.stop();
        Json.answer(ctx, job.state());
    }

    private void refuseWhileTraining() {
        if (job.isRunning()) {
            throw new WebException(
                    409, "training", "The model is being trained on these files. Wait for its end, or stop it.");
        }
    }

    private static WebException unknown() {
        return new WebException(404, "unknown_picture", "There is no such picture in this data set, or none any more.");
    }

    private static void conflict(Context ctx, String message, List<Picture> pictures) {
        Map<String, Object> document = new LinkedHashMap<>(new WebException(409, "conflict", message).document());
        document.put("pictures", pictures.stream().map(CleanApi::map).toList());
        ctx.status(409);
        Json.answer(ctx, document);
    }

    private static Map<String, Object> map(Plan plan) {
        return Map.of(
                "digest",
                plan.digest(),
                "steps",
                plan.steps().stream()
                        .map(step -> Map.of("id", step.picture().id(), "text", step.text()))
                        .toList());
    }

    private static Map<String, Object> map(Picture picture) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", picture.id());
        map.put("version", picture.version());
        map.putAll(picture.toMap());
        map.computeIfPresent("text", (key, text) -> PlainText.line(String.valueOf(text), SHOWN));
        return map;
    }

    private static String text(Context ctx, String name) {
        return Optional.ofNullable(ctx.queryParam(name)).orElse("");
    }

    private static <E extends Enum<E>> E named(Class<E> type, Context ctx, String name, E otherwise) {
        String text = text(ctx, name);
        try {
            return text.isEmpty() ? otherwise : Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new WebException(400, "bad_parameter", "There is no such " + name + ".");
        }
    }

    private static int number(Context ctx, String name, int otherwise, int most) {
        String text = text(ctx, name);
        try {
            int value = text.isEmpty() ? otherwise : Integer.parseInt(text);
            if (value < 0 || value > most) {
                throw new NumberFormatException(text);
            }
            return value;
        } catch (NumberFormatException wrong) {
            throw new WebException(400, "bad_parameter", "'" + name + "' must be a whole number up to " + most + ".");
        }
    }
}
