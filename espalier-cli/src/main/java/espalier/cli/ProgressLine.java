package espalier.cli;

import espalier.report.PlainText;
import espalier.report.Progress;
import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far one piece of work has come: on a terminal a bar with the time left, which is wiped when closed; elsewhere, as in a
 * log, a line every ten seconds; or nothing at all.
 */
abstract class ProgressLine implements Progress, AutoCloseable {
    /** How progress is shown. */
    enum Kind {
        BAR,
        LINES,
        NONE
    }

    private static final int PERIOD = 10;

    static ProgressLine of(String task, long total, PrintWriter err, Kind kind) {
        return switch (kind) {
            case BAR -> new Bar(task, total, err);
            case LINES -> new Lines(task, total, err, PERIOD);
            case NONE -> new Silence();
        };
    }

    /** Moves on by one. */
    abstract void step();

    @Override
    public abstract void close();

    private static final class Silence extends ProgressLine {
        @Override
        void step() {}

        @Override
        public void update(long done, long total, String message) {}

        @Override
        public void close() {}
    }

    private static final class Bar extends ProgressLine {
        private static final int WIDTH = Math.min(79, Console.width() - 1);

        private final ProgressBar bar;
        private final PrintWriter err;

        Bar(String task, long total, PrintWriter err) {
            this.err = err;
            this.bar = new ProgressBarBuilder()
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
        }

        @Override
        void step() {
            bar.step();
        }

        @Override
        public void update(long done, long total, String message) {
            bar.maxHint(total);
            bar.stepTo(done);
            bar.setExtraMessage(PlainText.line(message));
        }

        @Override
        public void close() {
            bar.close();
            err.print("\r" + " ".repeat(WIDTH) + "\r");
            err.flush();
        }
    }

    /** Lines from a clock of their own, so that work is told of that does not say how far it is, too. */
    static final class Lines extends ProgressLine {
        private final String task;
        private final PrintWriter err;
        private final int period;
        private final ScheduledExecutorService clock;
        private long done;
        private long total;
        private String message = "";
        private long lines;

        /** @param period seconds between two lines */
        Lines(String task, long total, PrintWriter err, int period) {
            this.task = task;
            this.total = total;
            this.err = err;
            this.period = period;
            this.clock = Executors.newSingleThreadScheduledExecutor(work -> {
                var thread = new Thread(work, "espalier-progress");
                thread.setDaemon(true);
                return thread;
            });
            var unused = clock.scheduleAtFixedRate(this::tell, period, period, TimeUnit.SECONDS);
        }

        @Override
        synchronized void step() {
            done++;
        }

        @Override
        public synchronized void update(long done, long total, String message) {
            this.done = done;
            this.total = total;
            this.message = PlainText.line(message);
        }

        /** Prints where the work is: {@code evaluate: 120 of 400, 20 s}. */
        synchronized void tell() {
            lines++;
            var text = new StringBuilder(task).append(": ");
            if (done > 0) {
                text.append(done).append(total > 0 ? " of " + total : "").append(", ");
            }
            text.append(message).append(message.isEmpty() ? "" : ", ").append(Amounts.time(lines * period));
            err.println(text);
            err.flush();
        }

        @Override
        public void close() {
            clock.shutdownNow();
        }
    }
}
