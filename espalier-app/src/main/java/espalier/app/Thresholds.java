package espalier.app;

import espalier.data.Loaders;
import espalier.format.RunOptions;
import espalier.interpret.Predictions;
import espalier.interpret.ThresholdSearch;
import espalier.loss.Activation;
import espalier.metric.CountScore;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Above which probabilities a model gives its tags: a number, or what a search on the validation pictures finds.
 *
 * @param fixed one for all tags; empty: searched
 * @param search how they are searched
 */
public record Thresholds(Optional<Double> fixed, ThresholdSearch search) {
    private static final String OPTION = "--threshold";
    private static final String METRIC = "--threshold-metric";

    /** Checks the number. */
    public Thresholds {
        if (fixed.filter(value -> !(value >= 0 && value <= 1)).isPresent()) {
            throw new IllegalArgumentException("a threshold is a probability from 0 to 1, received " + fixed.get()
                    + ". Maybe it was given in per cent.");
        }
    }

    /** One for all tags, searched by F2 of the pictures. */
    public static Thresholds auto() {
        return new Thresholds(Optional.empty(), ThresholdSearch.standard());
    }

    /** This number for all tags. */
    public static Thresholds of(double probability) {
        return new Thresholds(Optional.of(probability), ThresholdSearch.standard());
    }

    /** Those of a word: {@code auto}, {@code each} for a searched one for each tag, or a number such as {@code 0.2}. */
    public static Thresholds named(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "auto" -> auto();
            case "each" ->
                new Thresholds(Optional.empty(), ThresholdSearch.standard().forEach());
            default -> of(number(text.strip()));
        };
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException other) {
            throw new IllegalArgumentException(
                    "expected auto, each or a number such as 0.2, received " + text + ".", other);
        }
    }

    /** The same, searched by another score. @throws IllegalArgumentException when they are not searched */
    public Thresholds score(ThresholdSearch.Score score) {
        if (fixed.isPresent()) {
            throw new IllegalArgumentException("the threshold is " + fixed.get() + ", so none is searched by "
                    + score.name() + ". Maybe auto was meant.");
        }
        return new Thresholds(fixed, search.score(score));
    }

    /** The word of {@link #named}. */
    @Override
    public String toString() {
        return fixed.map(String::valueOf).orElse(search.each() ? "each" : "auto");
    }

    /**
     * What stands for these metrics in a training on tags: the same at the fixed threshold, or at the best ones of the
     * validation pictures of each epoch.
     *
     * @param own whether they are the target's own, which F2 of the pictures joins where the threshold is fixed
     * @param found hears of those that were searched
     */
    List<Metric> metrics(List<Metric> metrics, boolean own, Consumer<List<Double>> found) {
        if (fixed.isEmpty()) {
            return metrics.stream()
                    .map(metric ->
                            dependsOnThreshold(metric) ? new SearchedMetric(at(metric, 0.5), search, found) : metric)
                    .toList();
        }
        var all = new ArrayList<>(metrics);
        if (own) {
            Metrics.named("fbeta_score_samples").ifPresent(all::add);
        }
        return all.stream().map(metric -> at(metric, fixed.get())).toList();
    }

    private static boolean dependsOnThreshold(Metric metric) {
        return metric instanceof CountScore
                || Set.of("accuracy_multi", "hamming_loss_multi", "matthews_corrcoef_multi")
                        .contains(metric.name());
    }

    private static Metric at(Metric metric, double threshold) {
        return switch (metric.name()) {
            case "accuracy_multi" -> Metrics.accuracyMulti(threshold);
            case "hamming_loss_multi" -> Metrics.hammingLossMulti(threshold);
            case "matthews_corrcoef_multi" -> Metrics.matthewsMulti(threshold);
            default -> metric instanceof CountScore score ? score.threshold(threshold) : metric;
        };
    }

    /**
     * Those for a learner of these targets; empty where there are no tags.
     *
     * @throws IllegalArgumentException when thresholds were chosen and there are no tags
     */
    static Optional<Thresholds> chosen(Thresholds said, Loaders<?> loaders) {
        if (loaders.target().loss().activation() == Activation.SIGMOID) {
            return Optional.of(said);
        }
        if (!said.equals(auto())) {
            throw new IllegalArgumentException(
                    "a threshold is for tags, and a picture has one label here. Maybe leave it out, or train tags.");
        }
        return Optional.empty();
    }

    /** The thresholds that predictions of items that the model was not trained on lead to. */
    List<Double> of(Predictions predictions) {
        return fixed.map(List::of)
                .orElseGet(() -> Arrays.stream(search.best(predictions)).boxed().toList());
    }

    /** By the names of the command line, without what is as usual. */
    Map<String, String> asOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        if (fixed.isPresent() || search.each()) {
            options.put(OPTION, toString());
        }
        if (!search.score().equals(ThresholdSearch.standard().score())) {
            options.put(METRIC, search.score().name());
        }
        return options;
    }

    /** Those of the run that made a model. */
    static Thresholds like(RunOptions options) {
        var said = options.value(OPTION, Thresholds::named).orElseGet(Thresholds::auto);
        return options.value(METRIC, ThresholdSearch.Score::named)
                .map(said::score)
                .orElse(said);
    }
}
