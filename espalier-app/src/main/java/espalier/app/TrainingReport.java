package espalier.app;

import espalier.format.DType;
import espalier.report.Rejected;
import espalier.train.EpochResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What came of a training.
 *
 * @param model the name of the model
 * @param classes the classes in the order of the model's outputs
 * @param trainItems how many items it was trained on
 * @param validItems how many items it was judged by
 * @param precision the type that convolutions and matrix products were computed in
 * @param seconds how long everything took, from looking through the data to the model file
 * @param imagesPerSecond training items gone through a second, validation included in the time
 * @param history the epochs
 * @param kept the epoch whose weights the model file has; empty without any
 * @param thresholds the probabilities above which tags count, one for all or one for each; empty for other targets
 * @param rejected the files left out
 * @param warnings what is odd about the data and was used nevertheless
 * @param interrupted true when it was stopped early at the user's wish; then there is no model file, but checkpoints
 */
public record TrainingReport(
        String model,
        List<String> classes,
        int trainItems,
        int validItems,
        DType precision,
        double seconds,
        double imagesPerSecond,
        List<EpochResult> history,
        Optional<EpochResult> kept,
        List<Double> thresholds,
        List<Rejected> rejected,
        List<String> warnings,
        boolean interrupted) {

    /** The report as maps, lists, numbers and texts, ready for any JSON writer; what is not a number is left out. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("model", model);
        map.put("classes", classes);
        map.put("n_train", trainItems);
        map.put("n_valid", validItems);
        map.put("precision", precision.name().toLowerCase(Locale.ROOT));
        map.put("seconds", seconds);
        map.put("images_per_second", imagesPerSecond);
        map.put("history", history.stream().map(TrainingReport::row).toList());
        kept.ifPresent(epoch -> map.put("saved", row(epoch)));
        if (!thresholds.isEmpty()) {
            map.put("thresholds", thresholds);
        }
        map.put("rejected", rejected.stream().map(Rejected::toMap).toList());
        map.put("warnings", warnings);
        return map;
    }

    /** An epoch as maps, numbers and texts; what is not a number is left out. */
    public static Map<String, Object> row(EpochResult result) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("phase", result.cycle());
        map.put("epoch", result.epoch());
        putFinite(map, "train_loss", OptionalDouble.of(result.trainLoss()));
        putFinite(map, "valid_loss", result.validLoss());
        Map<String, Object> metrics = new LinkedHashMap<>();
        result.metrics().forEach((name, value) -> putFinite(metrics, name, value));
        map.put("metrics", metrics);
        map.put("seconds", result.seconds());
        return map;
    }

    private static void putFinite(Map<String, Object> map, String name, OptionalDouble value) {
        if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
            map.put(name, value.getAsDouble());
        }
    }
}
