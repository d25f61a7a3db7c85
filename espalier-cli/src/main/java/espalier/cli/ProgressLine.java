package espalier.cli;

import espalier.report.Progress;
import java.io.PrintWriter;
import java.util.Optional;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far one piece of work has come: a bar with the time left that is wiped when closed, or nothing at all. */
final class ProgressLine implements Progress, AutoCloseable {
    private static final int WIDTH = 79;

    private final Optional<ProgressBar> bar;
    private final PrintWriter err;

    private ProgressLine(Optional<ProgressBar> bar, PrintWriter err) {
        this.bar = bar;
        this.err = err;
    }

    static ProgressLine of(String task, long total, PrintWriter err, boolean shown) {
        if (!shown) {
            return new ProgressLine(Optional.empty(), err);
        }
        var bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .setMaxRenderedLength(WIDTH)
                .setConsumer(new DelegatingProgressBarConsumer(
                        line -> {
                            err.print("\r" + line);
                            err.flush();
                        },
                        WIDTH))
                .build();
        return new ProgressLine(Optional.of(bar), err);
    }

    /** Moves on by one. */
    void step() {
        bar.ifPresent(ProgressBar::step);
    }

    @Override
    public void update(long done, long total, String message) {
        bar.ifPresent(shown -> {
            shown.maxHint(total);
            shown.stepTo(done);
            shown.setExtraMessage(message);
        });
    }

    /** Wipes the bar. */
    @Override
    public void close() {
        bar.ifPresent(shown -> {
            shown.close();
            err.print("\r" + " ".repeat(WIDTH) + "\r");
            err.flush();
        });
    }
}
