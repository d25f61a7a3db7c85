package espalier.interpret;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The parts of a report that are pictures of items with what the model said of them. */
final class ReportLosses {
    private static final int SIDE = 220;
    /** What pictures may fill of the 5 MB, in characters of the page. */
    private static final int BUDGET = 3_500_000;

    private final Html html;
    private final Optional<Function<String, BufferedImage>> pictures;
    private final Optional<Function<String, Optional<BufferedImage>>> overlays;
    private final Optional<Function<String, String>> texts;
    private int spent;

    ReportLosses(
            Html html,
            Optional<Function<String, BufferedImage>> pictures,
            Optional<Function<String, Optional<BufferedImage>>> overlays,
            Optional<Function<String, String>> texts) {
        this.html = html;
        this.texts = texts;
        this.pictures = pictures;
        this.overlays = overlays;
    }

    /** Says that no prediction is wrong, where those would be. */
    void noMistake() {
        ReportFrame.section(html, "largest", "Largest losses", "No prediction is wrong.");
        ReportFrame.end(html, "section");
    }

    void section(String id, String heading, String note, List<TopLosses.Item> items) {
        if (items.isEmpty()) {
            return;
        }
        boolean pairs = overlays.isPresent() && id.equals("largest");
        ReportFrame.section(html, id, heading, note);
        html.raw(pairs || texts.isPresent() ? "<ul class=\"cards wide\">\n" : "<ul class=\"cards\">\n");
        for (TopLosses.Item item : items.subList(0, Math.min(1000, items.size()))) {
            card(item, pairs);
        }
        html.raw("</ul>\n");
        ReportFrame.end(html, "section");
    }

    private void card(TopLosses.Item item, boolean pair) {
        html.raw("<li><figure>");
        pictures.ifPresent(reader -> {
            html.raw(pair ? "<div class=\"frame pair\">" : "<div class=\"frame\">");
            picture(item, reader.andThen(Optional::of), "");
            if (pair) {
                overlays.ifPresent(second -> picture(item, second, ", what the model looked at"));
            }
            html.raw("</div>");
        });
        texts.ifPresent(reader -> html.element("blockquote", reader.apply(item.item())));
        html.raw("<figcaption>");
        html.element(
                item.isRight() ? "b class=\"yes\"" : "b class=\"no\"",
                named(item.predicted()) + " " + Names.percent(item.probability()));
        html.element(
                "span class=\"actual\"",
                item.isRight()
                        ? "right"
                        : "is " + named(item.actual()) + " (" + Names.percent(item.actualProbability()) + ")");
        html.text("loss " + ReportFigures.figure(item.loss()))
                .raw("<br>")
                .text(Names.file(item.item(), 60))
                .raw("</figcaption></figure></li>\n");
    }

    private void picture(TopLosses.Item item, Function<String, Optional<BufferedImage>> reader, String what) {
        if (spent > BUDGET) {
            html.element("span class=\"none\"", "left out to keep this page small");
            return;
        }
        try {
            var picture = reader.apply(item.item());
            if (picture.isEmpty()) {
                html.element("span class=\"none\"", "no region spoke for " + named(item.predicted()));
                return;
            }
            String uri = Thumbnails.jpegUri(Thumbnails.shrink(picture.get(), SIDE));
            spent += uri.length();
            html.raw("<img src=").uri(uri).raw(" alt=");
            html.quoted(named(item.actual()) + ", predicted " + named(item.predicted()) + what)
                    .raw(">");
        } catch (RuntimeException unreadable) {
            // One picture that has gone since must not cost the report.
            html.element("span class=\"none\"", "cannot be read: " + unreadable.getMessage());
        }
    }

    private static String named(String label) {
        return label.isEmpty() ? "nothing" : Names.shown(label, 60);
    }
}
