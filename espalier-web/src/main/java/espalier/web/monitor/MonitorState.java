package espalier.web.monitor;

import espalier.train.Cycle;
import espalier.train.Fit;
import espalier.train.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the page shows, written by the training's thread and read by the server's: everything is behind one lock. */
final class MonitorState {
    /** Points of a curve; beyond, every second one is left out, so that a page stays light however long it trains. */
    private static final int MOST_POINTS = 4000;

    /** The batch, its loss, the smoothed loss and the rate of the last group. */
    private record Point(int batch, double loss, double smooth, double lr) {
        List<Number> toList() {
            return List.of(batch, loss, smooth, lr);
        }
    }

    private final int batches;
    private final int total;
    private final boolean saves;
    private final List<Map<String, Object>> plan = new ArrayList<>();
    private final List<Map<String, Object>> epochs = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private final List<Point> fresh = new ArrayList<>();
    private int stride = 1;
    private int done;
    private String cycle = "";
    private int epoch;
    private String status = "training";

    private MonitorState(Fit fit, boolean saves) {
        this.batches = fit.learner().loaders().train().batches();
        this.saves = saves;
        int all = 0;
        for (Cycle part : fit.plan()) {
            plan.add(Map.of("name", part.name(), "epochs", part.epochs()));
            all += part.epochs() * batches;
        }
        this.total = all;
        at(fit);
    }

    static MonitorState of(Fit fit, boolean saves) {
        return new MonitorState(fit, saves);
    }

    private void at(Fit fit) {
        int before = fit.epochsBefore();
        done = before * batches + fit.position().batch();
        cycle = fit.cycle().name();
        epoch = Math.min(before + 1, fit.epochs());
    }

    synchronized void step(Fit fit, Step step) {
        at(fit);
        var steps = fit.history().steps();
        if (step.skipped() || steps.isEmpty() || !Double.isFinite(step.loss()) || !Double.isFinite(fit.trainLoss())) {
            return;
        }
        var point = new Point(
                done, step.loss(), fit.trainLoss(), steps.get(steps.size() - 1).lr());
        fresh.add(point);
        if (done % stride == 0) {
            points.add(point);
        }
        if (points.size() > MOST_POINTS) {
            stride *= 2;
            points.removeIf(old -> old.batch % stride != 0);
        }
    }

    synchronized void epoch(Map<String, Object> row) {
        Map<String, Object> numbered = new LinkedHashMap<>(row);
        numbered.put("batch", done);
        epochs.add(numbered);
    }

    synchronized Map<String, Object> lastEpoch() {
        return epochs.get(epochs.size() - 1);
    }

    synchronized void status(String status) {
        this.status = status;
    }

    synchronized int done() {
        return done;
    }

    private Map<String, Object> progress() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("status", status);
        map.put("done", done);
        map.put("total", total);
        map.put("cycle", cycle);
        map.put("epoch", epoch);
        return map;
    }

    /** What has happened since the last news. */
    synchronized Map<String, Object> news() {
        var map = progress();
        map.put("points", fresh.stream().map(Point::toList).toList());
        fresh.clear();
        return map;
    }

    /** Everything, for a page that is opened. */
    synchronized Map<String, Object> toMap() {
        var map = progress();
        map.put("batches", batches);
        map.put("saves", saves);
        map.put("plan", List.copyOf(plan));
        map.put("points", points.stream().map(Point::toList).toList());
        map.put("epochs", List.copyOf(epochs));
        return map;
    }
}
