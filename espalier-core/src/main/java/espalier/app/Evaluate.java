package espalier.app;

import espalier.data.DataException;
import espalier.data.Item;
import espalier.data.Items;
import espalier.data.Labels;
import espalier.model.Prediction;
import espalier.model.Predictor;
import espalier.report.Progress;
import espalier.report.Rejected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The job of judging a model file by labelled pictures, whose class is the name of the folder they are in.
 *
 * <pre>{@code
 * var result = new Evaluate(Path.of("dogs.safetensors"), Path.of("holdout")).run(Progress.NONE);
 * System.out.println(result.metrics().get("error_rate"));
 * }</pre>
 *
 * @param model the model file
 * @param data the folder with one sub-folder a class
 */
public record Evaluate(Path model, Path data) {
    /**
     * What came out.
     *
     * @param n how many pictures were judged
     * @param seconds how long predicting them took, reading included, loading the model not
     * @param loss the mean cross entropy of the probabilities, in nats
     * @param metrics {@code accuracy} and {@code error_rate}, 0 to 1
     * @param rejected pictures that cannot be read, or whose class the model does not know
     */
    public record Result(int n, double seconds, double loss, Map<String, Double> metrics, List<Rejected> rejected) {
        /** The pictures judged in a second. */
        public double imagesPerSecond() {
            return seconds > 0 ? n / seconds : 0;
        }
    }

    /**
     * Judges the model.
     *
     * @throws espalier.model.ModelFileException when the model file cannot be used
     * @throws DataException when there is no picture to judge it by
     */
    public Result run(Progress progress) {
        try (var predictor = Predictor.load(model)) {
            return run(predictor, progress);
        }
    }

    /** The same by a predictor that is already loaded. */
    public Result run(Predictor predictor, Progress progress) {
        if (!predictor.document().activation().equals("softmax")) {
            throw new IllegalArgumentException(model + " gives any number of labels a picture, and the name of a folder"
                    + " is only one. Maybe another model was meant.");
        }
        return new Count(predictor.classes(), progress).run(predictor, data);
    }

    /** The sums while pictures come in. */
    private static final class Count {
        private final List<String> classes;
        private final Progress progress;
        private final List<Item> items = new ArrayList<>();
        private final List<Integer> targets = new ArrayList<>();
        private final List<Rejected> rejected = new ArrayList<>();
        private int seen;
        private int judged;
        private int right;
        private double loss;

        Count(List<String> classes, Progress progress) {
            this.classes = classes;
            this.progress = progress;
        }

        Result run(Predictor predictor, Path data) {
            var found = Items.imageFiles().find(data);
            rejected.addAll(found.rejected());
            found.items().forEach(this::label);
            long start = System.nanoTime();
            predictor.predictAll(items.stream().map(Item::path).toList(), this::add);
            double seconds = (System.nanoTime() - start) / 1e9;
            if (judged == 0) {
                throw new DataException("no picture below " + data + " can be judged"
                        + (rejected.isEmpty()
                                ? ""
                                : ": " + rejected.size() + " were rejected, first " + rejected.get(0))
                        + ". Maybe its sub-folders are not named after the model's classes " + shown() + ".");
            }
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("accuracy", (double) right / judged);
            metrics.put("error_rate", (double) (judged - right) / judged);
            return new Result(judged, seconds, loss / judged, metrics, List.copyOf(rejected));
        }

        private String shown() {
            return classes.stream().limit(10).toList() + (classes.size() > 10 ? " and others" : "");
        }

        private void label(Item item) {
            try {
                String label = Labels.parentFolder().of(item).get(0);
                int target = classes.indexOf(label);
                if (target < 0) {
                    rejected.add(new Rejected(item.id(), "its class " + label + " is not one of the model's"));
                } else {
                    items.add(item);
                    targets.add(target);
                }
            } catch (DataException unlabelled) {
                rejected.add(new Rejected(item.id(), "lies in no folder that names its class"));
            }
        }

        private void add(Predictor.Answer answer) {
            int index = seen++;
            answer.prediction().ifPresent(prediction -> judge(prediction, targets.get(index)));
            answer.error()
                    .ifPresent(
                            reason -> rejected.add(new Rejected(items.get(index).id(), reason)));
            progress.update(seen, items.size(), "");
        }

        private void judge(Prediction prediction, int target) {
            judged++;
            right += prediction.index() == target ? 1 : 0;
            // A certain model that errs would lose infinitely much; float's smallest normal number bounds it at 87.
            loss -= Math.log(Math.max(prediction.probabilities()[target], Float.MIN_NORMAL));
        }
    }
}
