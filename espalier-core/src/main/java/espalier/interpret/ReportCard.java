package espalier.interpret;

import espalier.report.Rejected;
import java.util.List;
import java.util.Map;

/** The parts of a report that tell where the model comes from: card, training, files that were left out. */
final class ReportCard {
    private static final int MOST_FILES = 200;
    private static final int MOST_FACTS = 60;
    private static final int MOST_EPOCHS = 200;
    private static final int MOST_METRICS = 12;

    private static final String LOSSES = "Training loss may lie above validation loss: it is a running mean over varied"
            + " items, with dropout at work, while the model was still learning; validation loss is taken after the epoch,"
            + " on plain ones.";

    private final Html html;

    ReportCard(Html html) {
        this.html = html;
    }

    void modelCard(Map<String, String> facts) {
        if (facts.isEmpty()) {
            return;
        }
        ReportFrame.section(html, "model", "Model", "");
        html.raw("<dl class=\"facts\">\n");
        facts.entrySet().stream()
                .limit(MOST_FACTS)
                .forEach(fact -> html.element("dt", Names.shown(fact.getKey(), 80))
                        .element("dd", fact.getValue())
                        .raw("\n"));
        html.raw("</dl>\n");
        ReportFrame.end(html, "section");
    }

    void history(TrainingCurves curves) {
        ReportFrame.section(html, "training", "Training", LOSSES);
        html.raw("<div class=\"plots\">\n");
        ReportFrame.plot(html, Plots.losses(curves));
        if (!curves.metricNames().isEmpty()) {
            ReportFrame.plot(html, Plots.metrics(curves));
        }
        html.raw("</div>\n<p></p><div class=\"scroll\" tabindex=\"0\"><table>");
        html.element("caption", ReportFigures.rest("epoch", curves.epochs().size(), MOST_EPOCHS));
        html.raw("<thead><tr>").element("th scope=\"col\"", "epoch");
        html.element("th scope=\"col\"", "training loss").element("th scope=\"col\"", "validation loss");
        var metrics = curves.metricNames().stream().limit(MOST_METRICS).toList();
        metrics.forEach(name -> html.element("th scope=\"col\"", Names.shown(name, 40)));
        html.raw("</tr></thead><tbody>\n");
        curves.epochs().stream().limit(MOST_EPOCHS).forEach(epoch -> {
            html.raw("<tr>").element("th scope=\"row\"", Integer.toString(epoch.number()));
            html.element("td", ReportFigures.figure(epoch.trainLoss()));
            html.element("td", ReportFigures.figure(epoch.validLoss()));
            metrics.forEach(name ->
                    html.element("td", ReportFigures.figure(epoch.metrics().getOrDefault(name, Double.NaN))));
            html.raw("</tr>\n");
        });
        html.raw("</tbody></table></div>\n");
        ReportFrame.end(html, "section");
    }

    /** What speaks for each class. */
    void telling(Map<String, List<String>> words) {
        if (words.isEmpty()) {
            return;
        }
        ReportFrame.section(
                html,
                "telling",
                "What speaks for each class",
                "The most telling first; a blank at an end of a" + " piece is the edge of a word.");
        html.raw("<dl class=\"facts\">\n");
        words.entrySet().stream()
                .limit(MOST_FACTS)
                .forEach(one -> html.element("dt", Names.shown(one.getKey(), 80))
                        .element(
                                "dd",
                                String.join(
                                        " \u00b7 ",
                                        one.getValue().stream()
                                                .map(ReportCard::quoted)
                                                .toList()))
                        .raw("\n"));
        html.raw("</dl>\n");
        ReportFrame.end(html, "section");
    }

    private static String quoted(String piece) {
        return piece.equals(piece.strip()) ? piece : "\u201c" + piece + "\u201d";
    }

    void rejected(List<Rejected> files) {
        if (files.isEmpty()) {
            return;
        }
        ReportFrame.section(
                html,
                "rejected",
                files.stream().anyMatch(Rejected::namesFolder) ? "Files and folders left out" : "Files left out",
                "They were neither used nor judged.");
        html.raw("<div class=\"scroll\" tabindex=\"0\"><table>");
        html.element("caption", ReportFigures.rest("file", files.size(), MOST_FILES));
        html.raw("<thead><tr>").element("th scope=\"col\"", "file");
        html.element("th scope=\"col\" class=\"words\"", "reason").raw("</tr></thead><tbody>\n");
        for (Rejected file : files.subList(0, Math.min(MOST_FILES, files.size()))) {
            html.raw("<tr>").element("th scope=\"row\"", Names.shown(file.file(), 160));
            html.element("td class=\"words\"", file.reason()).raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n");
        ReportFrame.end(html, "section");
    }
}
