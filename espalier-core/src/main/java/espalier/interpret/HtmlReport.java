package espalier.interpret;

import espalier.files.AtomicFiles;
import espalier.report.Rejected;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One HTML file that tells how good a model is and where it errs: figures, matrix, curves, pictures of top losses,
 * rejected files, model card.
 *
 * <pre>{@code
 * HtmlReport.of(predictions).title("Bears").pictures(reader).history(curves).write(Path.of("report.html"));
 * }</pre>
 *
 * <p>The file holds everything it shows and asks nobody for more, so that it opens from a mail attachment; a content
 * security policy forbids scripts and requests. It follows the reader's choice of light or dark, has a text for every
 * picture and stays below 5 MB however many items, classes and pictures there are: what does not fit is counted.
 */
public final class HtmlReport {
    private final Predictions predictions;
    private final String title;
    private final Map<String, String> modelCard;
    private final List<Rejected> rejected;
    private final Optional<TrainingCurves> history;
    private final Optional<Function<String, BufferedImage>> pictures;
    private final Optional<Function<String, Optional<BufferedImage>>> overlays;
    private final Optional<Function<String, String>> texts;
    private final Map<String, List<String>> telling;
    private final int count;
    private final boolean includesRight;

    private HtmlReport(HtmlReport from, Change change) {
        this.predictions = from.predictions;
        this.title = change.title.orElse(from.title);
        this.modelCard = change.modelCard.orElse(from.modelCard);
        this.rejected = change.rejected.orElse(from.rejected);
        this.history = change.history.or(() -> from.history);
        this.pictures = change.pictures.or(() -> from.pictures);
        this.overlays = change.overlays.or(() -> from.overlays);
        this.texts = change.texts.or(() -> from.texts);
        this.telling = change.telling.orElse(from.telling);
        this.count = change.count.orElse(from.count);
        this.includesRight = change.includesRight || from.includesRight;
    }

    private HtmlReport(Predictions predictions) {
        this.predictions = predictions;
        this.title = "How the model does";
        this.modelCard = Map.of();
        this.rejected = List.of();
        this.history = Optional.empty();
        this.pictures = Optional.empty();
        this.overlays = Optional.empty();
        this.texts = Optional.empty();
        this.telling = Map.of();
        this.count = 24;
        this.includesRight = false;
    }

    /** What one setter changes. */
    private static final class Change {
        private Optional<String> title = Optional.empty();
        private Optional<Map<String, String>> modelCard = Optional.empty();
        private Optional<List<Rejected>> rejected = Optional.empty();
        private Optional<TrainingCurves> history = Optional.empty();
        private Optional<Function<String, BufferedImage>> pictures = Optional.empty();
        private Optional<Function<String, Optional<BufferedImage>>> overlays = Optional.empty();
        private Optional<Function<String, String>> texts = Optional.empty();
        private Optional<Map<String, List<String>>> telling = Optional.empty();
        private Optional<Integer> count = Optional.empty();
        private boolean includesRight;
    }

    /** A report on predictions. */
    public static HtmlReport of(Predictions predictions) {
        return new HtmlReport(predictions);
    }

    /** The same report under this heading. */
    public HtmlReport title(String heading) {
        var change = new Change();
        change.title = Optional.of(heading);
        return new HtmlReport(this, change);
    }

    /** The same report with facts on the model by their name, such as architecture, data and licence. */
    public HtmlReport modelCard(Map<String, String> facts) {
        var change = new Change();
        change.modelCard = Optional.of(Collections.unmodifiableMap(new LinkedHashMap<>(facts)));
        return new HtmlReport(this, change);
    }

    /** The same report with the files that were left out. */
    public HtmlReport rejected(List<Rejected> files) {
        var change = new Change();
        change.rejected = Optional.of(List.copyOf(files));
        return new HtmlReport(this, change);
    }

    /** The same report with curves of the training. */
    public HtmlReport history(TrainingCurves curves) {
        var change = new Change();
        change.history = Optional.of(curves);
        return new HtmlReport(this, change);
    }

    /** The same report with pictures, read by the items' names; what the reader throws is shown in a picture's place. */
    public HtmlReport pictures(Function<String, BufferedImage> reader) {
        var change = new Change();
        change.pictures = Optional.of(reader);
        return new HtmlReport(this, change);
    }

    /**
     * The same report with a second picture beside each of the largest losses, such as {@link GradCam}'s overlay; none, and
     * words instead, where no part of the picture speaks for what was predicted.
     */
    public HtmlReport overlays(Function<String, Optional<BufferedImage>> reader) {
        var change = new Change();
        change.overlays = Optional.of(reader);
        return new HtmlReport(this, change);
    }

    /** The same report with texts, by the items' names, instead of pictures. */
    public HtmlReport texts(Function<String, String> reader) {
        var change = new Change();
        change.texts = Optional.of(reader);
        return new HtmlReport(this, change);
    }

    /** The same report with the words that speak for each class, the most telling first. */
    public HtmlReport telling(Map<String, List<String>> words) {
        var change = new Change();
        change.telling = Optional.of(Collections.unmodifiableMap(new LinkedHashMap<>(words)));
        return new HtmlReport(this, change);
    }

    /** The same report with right predictions, too, among the largest losses. */
    public HtmlReport includeRight() {
        var change = new Change();
        change.includesRight = true;
        return new HtmlReport(this, change);
    }

    /** The same report with {@code max} wrong predictions of largest loss, and half as many smallest and least sure; 24 unless said. */
    public HtmlReport topLosses(int max) {
        if (max < 0) {
            throw new IllegalArgumentException(
                    "topLosses: expected 0 or more, received " + max + ". Maybe 24 is meant.");
        }
        var change = new Change();
        change.count = Optional.of(max);
        return new HtmlReport(this, change);
    }

    /** The page. */
    public String html() {
        var html = new Html();
        ReportFrame.begin(html, title);
        var figures = new ReportFigures(html, predictions);
        figures.summary();
        new ReportCard(html).modelCard(modelCard);
        history.ifPresent(new ReportCard(html)::history);
        figures.confusion();
        figures.classes();
        figures.curves();
        new ReportCard(html).telling(telling);
        var losses = new ReportLosses(html, pictures, overlays, texts);
        var top = TopLosses.of(predictions);
        var largest = includesRight ? top.largest(count) : top.mistakes(count);
        String which = includesRight ? "" : "What the model got wrong, the worst first. ";
        losses.section("largest", "Largest losses", which + "Wrong labels are often found here.", largest);
        if (largest.isEmpty() && count > 0) {
            losses.noMistake();
        }
        losses.section("unsure", "Least sure", "Where more examples would help most.", top.leastSure(count / 2));
        losses.section("smallest", "Smallest losses", "What the model finds easy.", top.smallest(count / 2));
        new ReportCard(html).rejected(rejected);
        ReportFrame.end(html);
        return html.toString();
    }

    /** Writes the page in UTF-8. @throws IOException when the file cannot be written */
    public void write(Path file) throws IOException {
        AtomicFiles.writeString(file, html());
    }
}
