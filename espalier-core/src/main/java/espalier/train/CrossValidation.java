package espalier.train;

import espalier.item.Item;
import espalier.report.DataException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Trains as many models as there are folds, each on all items but those of its fold, by which it is judged: what a model is
 * worth on few items, and for each item a prediction by a model that has not seen it.
 *
 * <pre>{@code
 * var result = CrossValidation.of(5).run(
 *         fold -> VisionLearner.of(block.split(Splits.fold(fold, 5)).loaders(folder), Models.efficientNetLite0()),
 *         learner -> learner.fineTune(4));
 * System.out.println(result.spread("error_rate").orElseThrow());     // 0.031 ± 0.012
 * }</pre>
 *
 * @param folds how many, at least 2
 */
public record CrossValidation(int folds) {
    /** Checks the number. */
    public CrossValidation {
        if (folds < 2) {
            throw new IllegalArgumentException("cross-validation needs at least 2 folds, received " + folds + ".");
        }
    }

    /** By so many folds. */
    public static CrossValidation of(int folds) {
        return new CrossValidation(folds);
    }

    /**
     * A value over the folds.
     *
     * @param mean the mean
     * @param deviation the standard deviation of the single folds (with n - 1); NaN of less than two values
     */
    public record Spread(double mean, double deviation) {
        static Spread of(double... values) {
            double mean = 0;
            for (double value : values) {
                mean += value / values.length;
            }
            double squares = 0;
            for (double value : values) {
                squares += (value - mean) * (value - mean);
            }
            return new Spread(mean, values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1)));
        }

        /** Such as {@code "0.031 ± 0.012"}. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.3f ± %.3f", mean, deviation);
        }
    }

    /**
     * What came out.
     *
     * @param evaluations of each fold, in order
     * @param outputs the prediction of each item by the model of whose fold it is, fold after fold
     * @param foldOf the fold of each item of the outputs
     */
    public record Result(List<Evaluation> evaluations, Outputs outputs, List<Integer> foldOf) {
        /**
         * Of the folds' evaluations and predictions, in order.
         *
         * @throws DataException when an item is in two folds, or the folds have other classes
         */
        public static Result of(List<Evaluation> evaluations, List<Outputs> parts) {
            List<Integer> foldOf = new ArrayList<>();
            Set<Item> seen = new HashSet<>();
            for (int fold = 0; fold < parts.size(); fold++) {
                for (Item item : parts.get(fold).items()) {
                    foldOf.add(fold);
                    if (!seen.add(item)) {
                        throw new DataException(
                                item.id() + " is in two folds. Maybe the split is not Splits.fold(fold, " + parts.size()
                                        + ") with the same seed in each.");
                    }
                }
            }
            return new Result(List.copyOf(evaluations), together(parts), foldOf);
        }

        /** Mean and deviation of a metric, or of {@code "valid_loss"}, over the folds that have it; empty without any. */
        public Optional<Spread> spread(String name) {
            double[] values = evaluations.stream()
                    .map(fold -> name.equals("valid_loss")
                            ? fold.loss()
                            : fold.metrics().getOrDefault(name, OptionalDouble.empty()))
                    .filter(OptionalDouble::isPresent)
                    .mapToDouble(OptionalDouble::getAsDouble)
                    .toArray();
            return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
        }

        /** Mean and deviation of {@code "valid_loss"} and of each metric. */
        public Map<String, Spread> spreads() {
            Map<String, Spread> all = new LinkedHashMap<>();
            spread("valid_loss").ifPresent(loss -> all.put("valid_loss", loss));
            evaluations.get(0).metrics().keySet().forEach(name -> spread(name).ifPresent(is -> all.put(name, is)));
            return all;
        }
    }

    /**
     * Carries it out, one fold after the other; each learner is closed when it has been judged.
     *
     * @param learners makes the learner of a fold, from 0, whose validation items are those of the fold: see
     *     {@link espalier.data.Splits#fold}
     * @param training trains it, and may export it
     * @throws DataException when an item is in two folds
     */
    public <X> Result run(IntFunction<Learner<X>> learners, Consumer<Learner<X>> training) {
        List<Evaluation> evaluations = new ArrayList<>();
        List<Outputs> parts = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            try (var learner = learners.apply(fold)) {
                training.accept(learner);
                evaluations.add(learner.validate());
                parts.add(learner.predictions());
            }
        }
        return Result.of(evaluations, parts);
    }

    private static Outputs together(List<Outputs> parts) {
        var classes = parts.get(0).classes();
        List<Item> items = new ArrayList<>();
        List<List<String>> labels = new ArrayList<>();
        List<float[]> rows = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        for (Outputs part : parts) {
            if (!part.classes().equals(classes)) {
                throw new DataException("the folds have other classes: " + classes + " and " + part.classes()
                        + ". Maybe a class has fewer items than there are folds.");
            }
            items.addAll(part.items());
            labels.addAll(part.labels());
            rows.addAll(List.of(part.probabilities()));
            for (double loss : part.losses()) {
                losses.add(loss);
            }
        }
        double[] all = losses.stream().mapToDouble(Double::doubleValue).toArray();
        return new Outputs(classes, items, labels, rows.toArray(float[][]::new), all);
    }
}
