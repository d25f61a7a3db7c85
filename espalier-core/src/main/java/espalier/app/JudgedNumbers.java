package espalier.app;

import espalier.data.NumberTarget;
import espalier.data.Targets;
import espalier.item.Item;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.report.Rejected;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
            var values = prediction.values().values();
            float[] row = new float[values.size()];
            int k = 0;
            for (double value : values) {
                row[k++] = (float) value;
            }
            said.add(row);
            right.add(labels.get(index));
        });
        answer.error()
                .ifPresent(reason -> rejected.add(new Rejected(items.get(index).id(), reason)));
        progress.update(seen, items.size(), "");
    }

    private Map<String, Double> metrics() {
        Map<String, Double> values = new LinkedHashMap<>();
        try (var scope = Scope.open()) {
            int columns = said.get(0).length;
            float[] flat = new float[said.size() * columns];
            for (int i = 0; i < said.size(); i++) {
                System.arraycopy(said.get(i), 0, flat, i * columns, columns);
            }
            Tensor scores = Tensor.of(flat, said.size(), columns); // [N, K]
            Tensor truth = target.collate(right); // [N, K]
            for (Metric metric : List.of(Metrics.mae(), Metrics.rmse(), Metrics.r2(), Metrics.mse())) {
                metric.update(scores, truth);
                metric.value().ifPresent(value -> values.put(metric.name(), value));
            }
        }
        return values;
    }
}
