package espalier.interpret;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;

/** The parts of a report that are numbers: tiles, matrix, table of classes, curves. */
final class ReportFigures {
    private static final int MOST_MATRIX = 30;
    private static final int MOST_ROWS = 200;
    private static final int MOST_CURVES = 1000;
    private static final int MOST_CONFUSED = 15;

    private final Html html;
    private final Predictions predictions;
    private final ClassificationReport report;

    ReportFigures(Html html, Predictions predictions) {
        this.html = html;
        this.predictions = predictions;
        this.report = ClassificationReport.of(predictions);
    }

    /** The few figures to know first. */
    void summary() {
        html.raw("<dl class=\"tiles\">\n");
        tile(
                predictions.isMultiLabel() ? "items with every label right" : "accuracy",
                Names.percent(report.accuracy()));
        tile("macro F1", figure(report.macro().f1()));
        tile("mean loss", figure(predictions.meanLoss()));
        tile("calibration error", Names.percent(Calibration.of(predictions).expectedError()));
        tile("items", Integer.toString(predictions.size()));
        tile(
                predictions.isMultiLabel() ? "labels" : "classes",
                Integer.toString(predictions.classes().size()));
        html.raw("</dl>\n");
    }

    /** The matrix, or for labels the table of 2x2 matrices. */
    void confusion() {
        if (predictions.isMultiLabel()) {
            labels();
            return;
        }
        var all = ConfusionMatrix.of(predictions);
        int[] shown = all.kept(MOST_MATRIX);
        ReportFrame.section(
                html,
                "confusion",
                "Confusion matrix",
                shown.length == all.classes().size()
                        ? "Rows are the right classes, columns what the model said. Blue is right, orange is wrong;"
                                + " the darker, the larger the share of the row."
                        : "The " + MOST_MATRIX + " of " + all.classes().size() + " classes with most errors.");
        matrix(all, shown, false);
        html.raw("<h2 id=\"normalised\">Normalised</h2>\n");
        html.element("p class=\"note\"", "The same in percent of each row: what the items of a class were called.");
        matrix(all, shown, true);
        var confused = all.mostConfused(1);
        if (!confused.isEmpty()) {
            html.raw("<h2 id=\"confused\">Most confused</h2>\n<div class=\"scroll\" tabindex=\"0\"><table>");
            html.element("caption", rest("pair", confused.size(), MOST_CONFUSED));
            heads("actual", "predicted", "items");
            for (var c : confused.subList(0, Math.min(MOST_CONFUSED, confused.size()))) {
                html.raw("<tr>").element("th scope=\"row\"", Names.shown(c.actual(), 80));
                html.element("td class=\"words\"", Names.shown(c.predicted(), 80));
                html.element("td", Long.toString(c.count())).raw("</tr>\n");
            }
            html.raw("</tbody></table></div>\n");
        }
        ReportFrame.end(html, "section");
    }

    /** Precision, recall and F1 of every class. */
    void classes() {
        ReportFrame.section(html, "classes", predictions.isMultiLabel() ? "Labels" : "Classes", "");
        var rows = new ArrayList<>(report.rows());
        if (rows.size() > MOST_ROWS) {
            rows.sort(java.util.Comparator.comparingDouble(ClassificationReport.Row::f1));
        }
        html.raw("<div class=\"scroll\" tabindex=\"0\"><table>");
        html.element(
                "caption",
                rows.size() > MOST_ROWS
                        ? "The " + MOST_ROWS + " of " + rows.size() + " with lowest F1"
                        : "Precision, recall and F1");
        heads("", "precision", "recall", "F1", "items");
        rows.stream().limit(MOST_ROWS).forEach(row -> row("", row));
        if (predictions.isMultiLabel()) {
            row(" class=\"sum\"", report.micro());
        }
        row(" class=\"sum\"", report.macro());
        row(" class=\"sum\"", report.weighted());
        report.samples().ifPresent(row -> row(" class=\"sum\"", row));
        html.raw("</tbody></table></div>\n");
        ReportFrame.end(html, "section");
    }

    /** ROC, precision-recall, calibration and, for labels, thresholds. */
    void curves() {
        if (predictions.size() == 0) {
            return;
        }
        ReportFrame.section(html, "curves", "Curves", "");
        html.raw("<div class=\"plots\">\n");
        if (predictions.classes().size() <= MOST_CURVES) {
            ReportFrame.plot(html, Plots.roc(RocCurve.all(predictions)));
            ReportFrame.plot(html, Plots.precisionRecall(PrecisionRecallCurve.all(predictions)));
        }
        ReportFrame.plot(html, Plots.calibration(Calibration.of(predictions)));
        if (predictions.isMultiLabel() && predictions.classes().size() <= MOST_CURVES) {
            ReportFrame.plot(html, Plots.thresholds(ThresholdCurve.of(predictions)));
        }
        html.raw("</div>\n");
        bins();
        ReportFrame.end(html, "section");
    }

    /** The calibration in figures, with how many predictions each is drawn from. */
    private void bins() {
        html.raw("<p></p><div class=\"scroll fit\" tabindex=\"0\"><table>");
        html.element("caption", "Calibration: of the predictions in each range, how many came true");
        heads("probability", "predictions", "mean probability", "came true");
        for (var bin : Calibration.of(predictions).bins()) {
            html.raw("<tr>").element("th scope=\"row\"", range(bin));
            html.element("td", Long.toString(bin.count()));
            html.element("td", bin.count() == 0 ? "\u2013" : Names.percent(bin.predicted()));
            html.element("td", bin.count() == 0 ? "\u2013" : Names.percent(bin.observed()));
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n");
    }

    private static String range(Calibration.Bin bin) {
        return Math.round(100 * bin.lower()) + " to " + Math.round(100 * bin.upper()) + " %";
    }

    private void labels() {
        var thresholds = predictions.thresholds();
        ReportFrame.section(
                html,
                "confusion",
                "Labels, right and wrong",
                "Each label is judged by itself, above "
                        + (thresholds.size() == 1 ? "a threshold of " + thresholds.get(0) : "a threshold of its own")
                        + ".");
        var matrices = MultiLabelConfusion.of(predictions).matrices();
        html.raw("<div class=\"scroll\" tabindex=\"0\"><table>");
        html.element("caption", rest("label", matrices.size(), MOST_ROWS));
        heads("label", "rightly given", "missed", "wrongly given", "rightly not given");
        for (var m : matrices.subList(0, Math.min(MOST_ROWS, matrices.size()))) {
            html.raw("<tr>").element("th scope=\"row\"", Names.shown(m.label(), 80));
            html.element("td", Long.toString(m.truePositives()));
            html.element("td", Long.toString(m.falseNegatives()));
            html.element("td", Long.toString(m.falsePositives()));
            html.element("td", Long.toString(m.trueNegatives())).raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n");
        ReportFrame.end(html, "section");
    }

    /** The classes {@code shown} of the matrix; percents are of whole rows, also where only a part is shown. */
    private void matrix(ConfusionMatrix matrix, int[] shown, boolean normalised) {
        int size = shown.length;
        html.raw("<div class=\"scroll fit\" tabindex=\"0\"><table class=\"matrix\"><thead><tr><td></td>");
        html.element("th class=\"axis\" scope=\"colgroup\" colspan=\"" + size + "\"", "predicted");
        html.raw("</tr>\n<tr class=\"names\">").element("th scope=\"col\" class=\"axis\"", "actual");
        var classes = Arrays.stream(shown).mapToObj(matrix.classes()::get).toList();
        for (String name : Names.distinct(classes, 26)) {
            html.raw("<th scope=\"col\">").element("span", name).raw("</th>");
        }
        html.raw("</tr></thead><tbody>\n");
        var sides = Names.distinct(classes, 40);
        for (int row = 0; row < shown.length; row++) {
            html.raw("<tr>").element("th scope=\"row\"", sides.get(row));
            for (int p : shown) {
                cell(matrix, shown[row], p, normalised);
            }
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n");
    }

    private void cell(ConfusionMatrix matrix, int actual, int predicted, boolean normalised) {
        long count = matrix.count(actual, predicted);
        if (count == 0) {
            html.raw("<td></td>");
            return;
        }
        // Cells keep their colours in the dark: they are data, and their ink is chosen for them.
        Color colour = Theme.LIGHT.cell(matrix.share(actual, predicted), actual == predicted);
        html.raw("<td style=\"background:" + Html.hex(colour) + ";color:" + Html.hex(Theme.inkOn(colour)) + "\">")
                .text(Long.toString(normalised ? Math.round(100 * matrix.share(actual, predicted)) : count))
                .raw("</td>");
    }

    private void row(String attributes, ClassificationReport.Row row) {
        html.raw("<tr" + attributes + ">").element("th scope=\"row\"", Names.shown(row.name(), 80));
        for (double value : new double[] {row.precision(), row.recall(), row.f1()}) {
            html.element("td", figure(value));
        }
        html.element("td", Long.toString(row.support())).raw("</tr>\n");
    }

    private void heads(String... names) {
        html.raw("<thead><tr>");
        for (String name : names) {
            boolean words = name.equals("actual") || name.equals("predicted");
            html.element(name.isEmpty() ? "td" : words ? "th scope=\"col\" class=\"words\"" : "th scope=\"col\"", name);
        }
        html.raw("</tr></thead><tbody>\n");
    }

    private void tile(String name, String value) {
        html.raw("<div>").element("dt", name).element("dd", value).raw("</div>\n");
    }

    static String figure(double value) {
        return Double.isNaN(value) ? "\u2013" : Names.decimal(value, 3);
    }

    static String rest(String what, int all, int most) {
        return all > most
                ? "The first " + most + " of " + all + " " + what + "s"
                : all + " " + what + (all == 1 ? "" : "s");
    }
}
