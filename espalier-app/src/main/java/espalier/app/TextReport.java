package espalier.app;

import espalier.format.DType;
import espalier.report.Rejected;
import espalier.text.LinearFit;
import espalier.train.EpochResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a training on texts.
 *
 * @param model the model's name in its file, such as {@code "linear"}
 * @param classes the classes, tags or quantities in the order of the model's outputs
 * @param trainItems how many texts it was trained on
 * @param validItems how many texts it was chosen or watched by; 0 with cross-validation
 * @param testItems how many texts the finished model was judged by
 * @param training how it was trained
 * @param seconds how long everything took, from reading the table to the model file
 * @param itemsPerSecond training texts gone through a second: of a linear model those for validation too, of a network each
 *     epoch's
 * @param metrics {@code valid_accuracy}, {@code test_f1_macro} and so on; those of validation are of texts that the model
 *     had not seen then
 * @param interrupted whether the training was interrupted, so that no model file was written
 * @param rejected the rows that were left out
 * @param warnings what is odd about the data and was used nevertheless
 */
public record TextReport(
        String model,
        List<String> classes,
        int trainItems,
        int validItems,
        int testItems,
        Training training,
        double seconds,
        double itemsPerSecond,
        Map<String, Double> metrics,
        boolean interrupted,
        List<Rejected> rejected,
        List<String> warnings) {
    /** Whether the model says quantities. */
    public boolean isNumeric() {
        return metrics.keySet().stream().anyMatch(name -> name.endsWith("_mae"));
    }

    /** How a model was trained. */
    public sealed interface Training {
        /** How often the texts were gone through. */
        int epochs();

        /** What is told of it, by name. */
        Map<String, Object> toMap();
    }

    /**
     * A linear model.
     *
     * @param features how many n-grams it knows
     * @param strength how little the weights are held back, scikit-learn's {@code C}
     * @param trials the strengths that were tried
     */
    public record Regression(int features, double strength, List<LinearFit.Trial> trials) implements Training {
        @Override
        public int epochs() {
            return 1;
        }

        @Override
        public Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("precision", "float64");
            map.put("features", features);
            map.put("strength", strength);
            List<Map<String, Object>> rows = new ArrayList<>();
            trials.forEach(trial -> rows.add(row(rows.size(), trial)));
            map.put("history", rows);
            return map;
        }

        private static Map<String, Object> row(int epoch, LinearFit.Trial trial) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("phase", "strength");
            row.put("epoch", epoch);
            row.put("strength", trial.c());
            row.put("valid_loss", trial.loss());
            if (!Double.isNaN(trial.accuracy())) {
                row.put("metrics", Map.of("accuracy", trial.accuracy()));
            }
            row.put("seconds", trial.seconds());
            return row;
        }
    }

    /**
     * A network.
     *
     * @param vocabulary how many tokens it knows, the special ones included
     * @param missing how many of them the pretrained vectors lack; empty without such
     * @param weights the numbers that were trained
     * @param padding the share of the training batches that was padding, from 0 to 1
     * @param precision the type that it was computed in
     * @param history the epochs
     */
    public record Network(
            int vocabulary,
            Optional<Integer> missing,
            long weights,
            double padding,
            DType precision,
            List<EpochResult> history)
            implements Training {
        @Override
        public int epochs() {
            return history.size();
        }

        @Override
        public Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("precision", precision.name().toLowerCase(Locale.ROOT));
            map.put("vocabulary", vocabulary);
            missing.ifPresent(count -> map.put("missing_vectors", count));
            map.put("weights", weights);
            map.put("padding", padding);
            map.put("history", history.stream().map(TrainingReport::row).toList());
            return map;
        }
    }

    /** The report as maps, lists, numbers and texts, of the shape that a training on pictures gives. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("model", model);
        map.put("classes", classes);
        map.put("n_train", trainItems);
        map.put("n_valid", validItems);
        map.put("n_test", testItems);
        map.put("seconds", seconds);
        map.put("items_per_second", itemsPerSecond);
        map.putAll(training.toMap());
        map.put("metrics", metrics);
        map.put("interrupted", interrupted);
        map.put("rejected", rejected.stream().map(Rejected::toMap).toList());
        map.put("warnings", warnings);
        return map;
    }
}
