package espalier.app;

import espalier.interpret.ClassificationReport;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.report.Rejected;
import espalier.train.TestTimeAugmentation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The job of judging a model file by labelled pictures.
 *
 * <pre>{@code
 * var result = Evaluate.of(Path.of("dogs.safetensors"), Path.of("holdout")).run(Progress.NONE);
 * System.out.println(result.metrics().get("error_rate"));
 * }</pre>
 *
 * @param model the model file
 * @param data the pictures
 */
public record Evaluate(Path model, LabelledPictures data) {
    /** By a folder with one sub-folder a class. */
    public static Evaluate of(Path model, Path folder) {
        return new Evaluate(model, LabelledPictures.of(folder));
    }

    /**
     * What came out.
     *
     * @param n how many pictures were judged
     * @param seconds how long predicting them took, reading included, loading the model not
     * @param loss the mean cross entropy of the probabilities, in nats; for tags the binary one, for quantities the mean squared
     *     difference
     * @param metrics {@code accuracy} and {@code error_rate}, 0 to 1; for tags, every label of a picture must be right for
     *     them, and there are also {@code accuracy_multi}, {@code f1_samples}, {@code f1_macro}, {@code f2_samples},
     *     {@code f2_macro} and {@code average_precision}, its mean over the tags that occur;
     *     for quantities {@code mae}, {@code rmse}, {@code r2_score} and {@code mse}
     * @param tags the figures of each tag; empty for classes
     * @param rejected pictures that cannot be read, or whose class the model does not know
     * @param note how many of the pictures the model was trained on; empty when none
     */
    public record Result(
            int n,
            double seconds,
            double loss,
            Map<String, Double> metrics,
            List<TagFigures> tags,
            List<Rejected> rejected,
            Optional<String> note) {
        /** The pictures judged in a second. */
        public double imagesPerSecond() {
            return seconds > 0 ? n / seconds : 0;
        }

        /** The result as maps, lists, numbers and texts; {@code rate} is what items in a second are called. */
        public Map<String, Object> toMap(String rate) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("n", n);
            map.put("seconds", seconds);
            map.put(rate, imagesPerSecond());
            map.put("loss", loss);
            map.put("metrics", metrics);
            if (!tags.isEmpty()) {
                map.put("tags", tags.stream().map(TagFigures::toMap).toList());
            }
            note.ifPresent(said -> map.put("note", said));
            map.put("rejected", rejected.stream().map(Rejected::toMap).toList());
            return map;
        }
    }

    /**
     * Judges the model.
     *
     * @throws espalier.format.ModelFileException when the model file cannot be used
     * @throws DataException when there is no picture to judge it by
     */
    public Result run(Progress progress) {
        try (var predictor = Predictor.load(model)) {
            return run(predictor, progress);
        }
    }

    /** The same by a predictor that is already loaded. */
    public Result run(Predictor predictor, Progress progress) {
        if (predictor.document().isNumeric()) {
            return JudgedNumbers.by(predictor, data, progress);
        }
        return result(data.judge(predictor, progress));
    }

    /**
     * The same with test-time augmentation: each picture also several times varied as in training.
     *
     * @throws IllegalArgumentException when the model is not one for pictures
     */
    public Result run(Predictor predictor, TestTimeAugmentation passes, Progress progress) {
        return run(VariedPictures.of(predictor, passes), progress);
    }

    /** The same by the pictures alone all of whose labels are among {@code labels}. */
    Result run(Predictor predictor, Set<String> labels, Progress progress) {
        return result(Judged.by(predictor, data, labels, progress));
    }

    private static Result result(Judged judged) {
        var predictions = judged.predictions();
        double accuracy = ClassificationReport.of(predictions).accuracy();
        int n = predictions.size();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("accuracy", accuracy);
        // counted, as 1 - 0.7 is not 0.3
        metrics.put("error_rate", (double) Math.round((1 - accuracy) * n) / n);
        var tags = predictions.isMultiLabel() ? TagFigures.of(predictions) : List.<TagFigures>of();
        if (predictions.isMultiLabel()) {
            metrics.putAll(TagFigures.metrics(predictions, tags));
        }
        return new Result(n, judged.seconds(), predictions.meanLoss(), metrics, tags, judged.rejected(), judged.note());
    }
}
