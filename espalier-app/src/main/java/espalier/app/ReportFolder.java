package espalier.app;

import espalier.format.ModelDocument;
import espalier.interpret.HtmlReport;
import espalier.interpret.Interpretation;
import espalier.interpret.Plot;
import espalier.interpret.Plots;
import espalier.interpret.Predictions;
import espalier.interpret.TrainingCurves;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A report and its plots on the way to the disk, whatever was judged. */
final class ReportFolder {
    private static final int MOST_CURVES = 1000;

    private final Path out;
    private final ModelDocument document;
    private final Judged judged;
    private final int topLosses;
    private final Interpretation all;
    private final TrainingCurves history;
    private final List<Path> files = new ArrayList<>();

    ReportFolder(Path out, ModelDocument document, Judged judged, int topLosses) {
        this.out = out;
        this.document = document;
        this.judged = judged;
        this.topLosses = topLosses;
        this.all = Interpretation.of(judged.predictions());
        this.history = TrainingCurves.from(document.history());
        files.add(out.resolve("report.html"));
    }

    /** Writes the plots of all figures. */
    void plots() throws IOException {
        Predictions predictions = judged.predictions();
        if (predictions.isMultiLabel()) {
            save("thresholds.png", Plots.thresholds(all.thresholds()));
        } else {
            save("confusion.png", all.confusionMatrix().plot());
            save("confusion-normalised.png", all.confusionMatrix().normalisedPlot());
        }
        if (predictions.classes().size() <= MOST_CURVES) {
            save("roc.png", Plots.roc(all.rocCurves()));
            save("precision-recall.png", Plots.precisionRecall(all.precisionRecallCurves()));
        }
        save("calibration.png", Plots.calibration(all.calibration()));
        if (!history.epochs().isEmpty()) {
            save("losses.png", Plots.losses(history));
        }
        if (!history.metricNames().isEmpty()) {
            save("metrics.png", Plots.metrics(history));
        }
    }

    /** Writes one more plot. */
    void save(String name, Plot plot) throws IOException {
        plot.save(out.resolve(name));
        files.add(out.resolve(name));
    }

    /**
     * Writes the page.
     *
     * @param source what was judged, for the heading
     * @param named the same figures with the items' names as they are shown
     * @param more adds what only this kind of items has
     */
    Interpret.Result write(Path model, Path source, Interpretation named, UnaryOperator<HtmlReport> more)
            throws IOException {
        var page = named.htmlReport()
                .title(name(model) + " on " + name(source)
                        + judged.note().map(said -> ": " + said).orElse(""))
                .topLosses(topLosses)
                .rejected(judged.rejected())
                .modelCard(ModelCard.of(document));
        var whole = more.apply(history.epochs().isEmpty() ? page : page.history(history));
        whole.write(files.get(0));
        return new Interpret.Result(
                all, history, judged.seconds(), judged.rejected(), List.copyOf(files), topLosses, judged.note());
    }

    private static String name(Path path) {
        return String.valueOf(path.toAbsolutePath().normalize().getFileName());
    }
}
