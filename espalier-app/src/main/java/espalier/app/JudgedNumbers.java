package espalier.app;

import espalier.data.NumberTarget;
import espalier.data.Targets;
import espalier.item.Item;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.report.Rejected;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.text.LabelledTexts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a model of quantities said about pictures whose quantities are known. */
final class JudgedNumbers {
    private final Predictor predictor;
    private final NumberTarget target;
    private final List<Item> items = new ArrayList<>();
    private final List<List<String>> labels = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private final List<float[]> said = new ArrayList<>();
    private final List<List<String>> right = new ArrayList<>();
    private int seen;

    private JudgedNumbers(Predictor predictor) {
        this.predictor = predictor;
        this.target = Targets.numbers(predictor.classes().toArray(String[]::new));
    }

    static Evaluate.Result by(Predictor predictor, LabelledPictures data, Progress progress) {
        return new JudgedNumbers(predictor).run(data, progress);
    }

    private Evaluate.Result run(LabelledPictures data, Progress progress) {
        if (data.table().isEmpty()) {
            throw new IllegalArgumentException("the model says quantities, " + predictor.classes()
                    + ", and the names of folders are none. Maybe they are in a CSV file.");
        }
        var own = data.like(predictor.document());
        var found = own.find(TrainImage.like(predictor.document(), data.folder(), data.folder()));
        rejected.addAll(found.leftOut());
        found.examples()
                .forEach(one -> target.malformed(one.labels())
                        .ifPresentOrElse(
                                reason -> rejected.add(new Rejected(one.item().id(), reason)), () -> {
                                    items.add(one.item());
                                    labels.add(one.labels());
                                }));
        long start = System.nanoTime();
        predictor.predictAll(items.stream().map(Item::path).toList(), answer -> add(answer, progress));
        double seconds = (System.nanoTime() - start) / 1e9;
        if (said.isEmpty()) {
            throw new DataException("no picture below " + data.folder() + " can be judged"
                    + (rejected.isEmpty() ? "" : ": " + rejected.size() + " were rejected, first " + rejected.get(0))
                    + ". Maybe the table lacks the columns " + predictor.classes() + ".");
        }
        var metrics = metrics();
        double loss = metrics.getOrDefault("mse", Double.NaN);
        return new Evaluate.Result(
                said.size(), seconds, loss, metrics, List.of(), List.copyOf(rejected), Optional.empty());
    }

    private void add(Predictor.Answer answer, Progress progress) {
        int index = seen++;
        answer.prediction().ifPresent(prediction -> {
            said.add(values(prediction));
            right.add(labels.get(index));
        });
        answer.error()
                .ifPresent(reason -> rejected.add(new Rejected(items.get(index).id(), reason)));
        progress.update(seen, items.size(), "");
    }

    private Map<String, Double> metrics() {
        return figures(said.toArray(float[][]::new), values(right));
    }

    /** Decimal numbers as such. */
    static float[][] values(List<List<String>> labels) {
        float[][] values = new float[labels.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = new float[labels.get(i).size()];
            for (int k = 0; k < values[i].length; k++) {
                values[i][k] = Float.parseFloat(labels.get(i).get(k));
            }
        }
        return values;
    }

    /** What was said of texts against their quantities. */
    static Map<String, Double> figures(LabelledTexts texts, float[][] said) {
        return figures(
                said,
                values(IntStream.range(0, said.length).mapToObj(texts::labels).toList()));
    }

    /** Mean errors. @shape both {@code [N, K]} */
    static Map<String, Double> figures(float[][] said, float[][] right) {
        Map<String, Double> values = new LinkedHashMap<>();
        try (var scope = Scope.open()) {
            Tensor scores = tensor(said);
            Tensor truth = tensor(right);
            for (Metric metric : List.of(Metrics.mae(), Metrics.rmse(), Metrics.r2(), Metrics.mse())) {
                metric.update(scores, truth);
                metric.value().ifPresent(value -> values.put(metric.name(), value));
            }
        }
        return values;
    }

    /** @shape {@code [N, K]} */
    private static Tensor tensor(float[][] rows) {
        int columns = rows[0].length;
        float[] flat = new float[rows.length * columns];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * columns, columns);
        }
        return Tensor.of(flat, rows.length, columns);
    }

    /** The quantities of a prediction in the model's order. */
    static float[] values(Prediction prediction) {
        var values = prediction.values().values();
        float[] row = new float[values.size()];
        int k = 0;
        for (double value : values) {
            row[k++] = (float) value;
        }
        return row;
    }
}
