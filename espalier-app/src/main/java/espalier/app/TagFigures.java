package espalier.app;

import espalier.interpret.ClassificationReport;
import espalier.interpret.PrecisionRecallCurve;
import espalier.interpret.Predictions;
import espalier.metric.Average;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How well a model gives one tag.
 *
 * @param tag the tag
 * @param items how many of the pictures have it
 * @param precision how much of what was called so is so, 0 to 1
 * @param recall how much of what is so was called so, 0 to 1
 * @param f1 the harmonic mean of both
 * @param averagePrecision how well its probabilities rank the pictures, whatever the threshold; NaN when none has the tag
 * @param threshold the probability above which the tag is given
 */
public record TagFigures(
        String tag, long items, double precision, double recall, double f1, double averagePrecision, double threshold) {

    static List<TagFigures> of(Predictions predictions) {
        var rows = ClassificationReport.of(predictions).rows();
        return IntStream.range(0, rows.size())
                .mapToObj(i -> {
                    var row = rows.get(i);
                    double precision =
                            PrecisionRecallCurve.of(predictions, row.name()).averagePrecision();
                    return new TagFigures(
                            row.name(),
                            row.support(),
                            row.precision(),
                            row.recall(),
                            row.f1(),
                            row.support() == 0 ? Double.NaN : precision,
                            predictions.threshold(i));
                })
                .toList();
    }

    /** The figures of all tags together. */
    static Map<String, Double> metrics(Predictions predictions, List<TagFigures> tags) {
        var report = ClassificationReport.of(predictions);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("accuracy_multi", rightAnswers(predictions));
        for (int beta : new int[] {1, 2}) {
            metrics.put("f" + beta + "_samples", report.fBeta(beta, Average.SAMPLES));
            metrics.put("f" + beta + "_macro", report.fBeta(beta, Average.MACRO));
        }
        tags.stream()
                .mapToDouble(TagFigures::averagePrecision)
                .filter(value -> !Double.isNaN(value))
                .average()
                .ifPresent(mean -> metrics.put("average_precision", mean));
        return metrics;
    }

    private static double rightAnswers(Predictions predictions) {
        long right = 0;
        for (int i = 0; i < predictions.size(); i++) {
            for (int tag = 0; tag < predictions.classes().size(); tag++) {
                right += predictions.has(i, tag) == predictions.says(i, tag) ? 1 : 0;
            }
        }
        return (double) right / predictions.size() / predictions.classes().size();
    }

    /** The figures as plain values; what is not defined is left out. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("tag", tag);
        map.put("items", items);
        map.put("precision", precision);
        map.put("recall", recall);
        map.put("f1", f1);
        if (!Double.isNaN(averagePrecision)) {
            map.put("average_precision", averagePrecision);
        }
        map.put("threshold", threshold);
        return map;
    }
}
