package espalier.cli;

import espalier.app.ShowTexts;
import java.util.Locale;

/** What {@code espalier show --texts} prints. */
final class ShowTextLines {
    private static final int WIDTH = 100;

    private ShowTextLines() {}

    static int show(ShowTexts job, Console console) {
        var report = console.during("show", job::run);
        console.json(report.toMap());
        var lengths = report.lengths();
        console.result(String.format(
                Locale.ROOT,
                "%d texts, %d tokens, %d different ones",
                report.texts(),
                report.tokens(),
                report.distinct()));
        console.result(String.format(
                Locale.ROOT,
                "tokens a text: %d to %d, half of the texts have at most %d, 95 %% at most %d",
                lengths.least(),
                lengths.most(),
                lengths.median(),
                lengths.most95()));
        console.result(String.format(
                Locale.ROOT,
                "a vocabulary of %d knows %.1f %% of the tokens",
                job.words().most(),
                100 * report.known()));
        console.result("most frequent: " + String.join(" ", report.mostCommon().keySet()));
        report.labels().forEach((label, count) -> console.result(label + ": " + count + " texts"));
        for (var sample : report.samples()) {
            String tokens = String.join(" ", sample.tokens());
            console.result("line " + sample.line() + " (" + String.join(" ", sample.labels()) + "): "
                    + (tokens.length() > WIDTH ? tokens.substring(0, WIDTH) + " ..." : tokens));
        }
        console.rejected(report.rejected());
        return ExitCodes.DONE;
    }
}
