package espalier.interpret;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The line plots: training, learning rates, and the curves of single classes. */
public final class Plots {
    private static final int MOST_CURVES = 12;
    private static final String MINIMUM = "minimum";

    private Plots() {}

    /**
     * Predicted probability against how often it came true, with the diagonal on which a model is calibrated, and the share
     * of all predictions that each bin holds: a bin of few says little.
     */
    public static Plot calibration(Calibration calibration) {
        var bins = calibration.bins();
        double all = Math.max(1, bins.stream().mapToLong(Calibration.Bin::count).sum());
        return CurvePlot.of("Calibration", "predicted probability", "share that came true")
                .unitSquare()
                .caption(
                        "Reliability diagram: expected calibration error " + Names.percent(calibration.expectedError()))
                .faint("calibrated", new double[] {0, 1}, new double[] {0, 1})
                .dotted(
                        "model",
                        bins.stream().mapToDouble(Calibration.Bin::predicted).toArray(),
                        bins.stream().mapToDouble(Calibration.Bin::observed).toArray())
                .line(
                        "share of all in the bin",
                        bins.stream()
                                .mapToDouble(bin -> (bin.lower() + bin.upper()) / 2)
                                .toArray(),
                        bins.stream().mapToDouble(bin -> bin.count() / all).toArray())
                .plot();
    }

    /** The losses of training and validation by epoch. */
    public static Plot losses(TrainingCurves curves) {
        return CurvePlot.of("Loss", "epoch", "loss")
                .caption("Loss of training and validation over "
                        + curves.epochs().size() + " epochs")
                .dotted(
                        "training",
                        numbers(curves),
                        curves.epochs().stream()
                                .mapToDouble(TrainingCurves.Epoch::trainLoss)
                                .toArray())
                .dotted(
                        "validation",
                        numbers(curves),
                        curves.epochs().stream()
                                .mapToDouble(TrainingCurves.Epoch::validLoss)
                                .toArray())
                .plot();
    }

    /**
     * The loss against the learning rate, with a dot for each suggestion. That of {@code "minimum"} is a tenth of the rate
     * where the loss is lowest, which gets a dot of its own.
     *
     * @param lrs the learning rates, above 0
     * @param losses the loss at each; what is not finite is left out
     * @param suggestions learning rates by the name of what suggests them
     */
    public static Plot lrFinder(double[] lrs, double[] losses, Map<String, Double> suggestions) {
        if (lrs.length != losses.length) {
            throw new IllegalArgumentException(
                    "lrFinder: " + lrs.length + " learning rates and " + losses.length + " losses, expected as many.");
        }
        // Once the loss explodes it would press everything else flat.
        double ceiling = ceiling(losses);
        double[] shown = Arrays.stream(losses)
                .map(loss -> loss <= ceiling ? loss : Double.NaN)
                .toArray();
        var plot = CurvePlot.of("Learning rate", "learning rate", "loss")
                .logarithmic()
                .caption("Loss against learning rate, suggestions " + suggestions)
                .line("loss", lrs, shown);
        suggestions.forEach((name, lr) -> {
            boolean tenth = name.equals(MINIMUM);
            dot(plot, tenth ? "a tenth of that" : name, lr, lrs, losses);
            if (tenth) {
                dot(plot, "lowest loss", 10 * lr, lrs, losses);
            }
        });
        return plot.plot();
    }

    private static void dot(CurvePlot plot, String name, double lr, double[] lrs, double[] losses) {
        nearest(lrs, losses, lr)
                .ifPresent(i -> plot.dot(name + " " + String.format(Locale.ROOT, "%.1e", lr), lr, losses[i]));
    }

    /** The metrics of validation by epoch. */
    public static Plot metrics(TrainingCurves curves) {
        var names = curves.metricNames();
        var plot = CurvePlot.of(names.size() == 1 ? Names.shown(names.get(0), 40) : "Metrics", "epoch", "value")
                .caption("Metrics of validation over " + curves.epochs().size() + " epochs: "
                        + Names.shown(String.join(", ", curves.metricNames()), 200));
        for (String name : curves.metricNames()) {
            plot.dotted(name, numbers(curves), curves.metric(name));
        }
        return plot.plot();
    }

    /** Precision against recall of each class; of more than twelve, those of lowest average precision. */
    public static Plot precisionRecall(Map<String, PrecisionRecallCurve> curves) {
        var plot = CurvePlot.of(title("Precision and recall", curves.size()), "recall", "precision")
                .unitSquare()
                .caption("Precision against recall of " + curves.size() + " classes");
        worst(curves, Comparator.comparingDouble(PrecisionRecallCurve::averagePrecision))
                .forEach(e -> plot.line(
                        label(e.getKey(), e.getValue().averagePrecision()),
                        e.getValue().recalls(),
                        e.getValue().precisions()));
        return plot.plot();
    }

    /** The ROC curve of each class; of more than twelve, those of smallest area. */
    public static Plot roc(Map<String, RocCurve> curves) {
        var plot = CurvePlot.of(title("ROC", curves.size()), "false positive rate", "true positive rate")
                .unitSquare()
                .caption("Receiver operating characteristic of " + curves.size() + " classes, mean area "
                        + Names.decimal(RocCurve.macroAuc(curves.values()), 3))
                .faint("chance", new double[] {0, 1}, new double[] {0, 1});
        worst(curves, Comparator.comparingDouble(RocCurve::auc))
                .forEach(e -> plot.line(
                        label(e.getKey(), e.getValue().auc()),
                        e.getValue().falsePositiveRates(),
                        e.getValue().truePositiveRates()));
        return plot.plot();
    }

    /** Precision, recall, F1 and accuracy by threshold, with a dot where F1 is best. */
    public static Plot thresholds(ThresholdCurve curve) {
        var points = curve.points();
        double[] x =
                points.stream().mapToDouble(ThresholdCurve.Point::threshold).toArray();
        var best = curve.best();
        return CurvePlot.of("Thresholds", "threshold", "value")
                .unitSquare()
                .caption("Figures by threshold; F1 is best, " + Names.decimal(best.f1(), 3) + ", at "
                        + Names.decimal(best.threshold(), 2))
                .line(
                        "precision",
                        x,
                        points.stream()
                                .mapToDouble(ThresholdCurve.Point::precision)
                                .toArray())
                .line(
                        "recall",
                        x,
                        points.stream()
                                .mapToDouble(ThresholdCurve.Point::recall)
                                .toArray())
                .line(
                        "F1",
                        x,
                        points.stream().mapToDouble(ThresholdCurve.Point::f1).toArray())
                .line(
                        "accuracy",
                        x,
                        points.stream()
                                .mapToDouble(ThresholdCurve.Point::accuracy)
                                .toArray())
                .dot("best F1 at " + Names.decimal(best.threshold(), 2), best.threshold(), best.f1())
                .plot();
    }

    /**
     * Half as far above the highest loss before the lowest as that is above the lowest, and never below three quarters of
     * the losses: with few pictures the lowest may be noise of the first steps.
     */
    private static double ceiling(double[] losses) {
        double[] sorted =
                Arrays.stream(losses).filter(Double::isFinite).sorted().toArray();
        if (sorted.length == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double most = sorted[(sorted.length - 1) * 3 / 4];
        double lowest = Double.POSITIVE_INFINITY;
        double before = Double.NEGATIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (double loss : losses) {
            if (Double.isFinite(loss)) {
                highest = Math.max(highest, loss);
                if (loss < lowest) {
                    lowest = loss;
                    before = highest;
                }
            }
        }
        double high = Math.max(before, most);
        return high > lowest ? high + (high - lowest) / 2 : Double.POSITIVE_INFINITY;
    }

    private static double[] numbers(TrainingCurves curves) {
        return curves.epochs().stream()
                .mapToDouble(TrainingCurves.Epoch::number)
                .toArray();
    }

    private static <C> List<Map.Entry<String, C>> worst(Map<String, C> curves, Comparator<C> order) {
        if (curves.size() <= MOST_CURVES) {
            return List.copyOf(curves.entrySet());
        }
        return curves.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(order))
                .limit(MOST_CURVES)
                .toList();
    }

    private static String title(String title, int curves) {
        return curves > MOST_CURVES ? title + ": the " + MOST_CURVES + " lowest of " + curves : title;
    }

    private static String label(String name, double figure) {
        return Names.shown(name, 20) + " " + Names.decimal(figure, 3);
    }

    private static java.util.Optional<Integer> nearest(double[] lrs, double[] losses, double lr) {
        return IntStream.range(0, lrs.length)
                .filter(i -> Double.isFinite(losses[i]) && lrs[i] > 0)
                .boxed()
                .min(Comparator.comparingDouble(i -> Math.abs(Math.log(lrs[i] / lr))));
    }
}
