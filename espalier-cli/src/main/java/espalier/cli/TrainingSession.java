package espalier.cli;

import espalier.app.Budget;
import espalier.app.ImageTraining;
import espalier.app.TrainImage;
import espalier.app.TrainingReport;
import espalier.train.Callback;
import espalier.train.Checkpoints;
import espalier.train.Fit;
import espalier.vision.model.Models;
import espalier.web.monitor.TrainingMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A training that the user watches: the table of epochs, the bar, Ctrl-C. */
final class TrainingSession {
    private final TrainImage spec;
    private final Console console;
    private final Optional<Callback> monitor;

    private TrainingSession(TrainImage spec, Console console, Optional<Callback> monitor) {
        this.spec = spec;
        this.console = console;
        this.monitor = monitor;
    }

    static TrainingSession of(TrainImage spec, Console console) {
        return new TrainingSession(spec, console, Optional.empty());
    }

    /** The same with a page in the browser, at a port of the user's choice or 0, that can save the model beside its file. */
    TrainingSession monitor(int port) {
        String name = String.valueOf(spec.out().getFileName()).replaceFirst("[.]safetensors$", "");
        Callback page = TrainingMonitor.of(link -> console.warn("watch the training at " + link))
                .port(port)
                .saveTo(spec.out().resolveSibling(name + ".now.safetensors"));
        return new TrainingSession(spec, console, Optional.of(page));
    }

    TrainingReport run() {
        try (var interrupts = console.interrupts(
                        "Interrupted: finishing the batch and saving a checkpoint. Once more ends at once.");
                var training = console.during("load", this::open)) {
            var told = describe(training);
            if (spec.recipe().budget().filter(Budget::afterFeatures).isPresent()) {
                console.say(
                        "no epochs are given: a head on features computed once, then the whole model as long as that"
                                + " helps, for at most 2 minutes (--budget TIME for another time, --epochs N for epochs)");
            }
            if (spec.resume()) {
                checkResume(spec.checkpoints(), spec.out(), console);
            }
            List<Callback> watching = new ArrayList<>(List.of(new EpochTable(console), new Callback() {
                @Override
                public void beforeFit(Fit fit) {
                    interrupts.onFirst(fit.learner()::interrupt);
                }
            }));
            monitor.ifPresent(watching::add);
            interrupts.onFirst(training.learner()::interrupt);
            Main.processStart().ifPresent(start -> training.clock(System::nanoTime, start));
            TrainingReport report;
            try (var steps = new Steps(console)) {
                report = training.listener(steps).run(watching.toArray(Callback[]::new));
            }
            report.warnings().stream().filter(line -> !told.contains(line)).forEach(console::warn);
            console.rejected(report.rejected());
            return report;
        }
    }

    /** Tells when there is nothing to go on from. @throws CommandException when there is a finished model instead */
    static void checkResume(Checkpoints checkpoints, Path out, Console console) {
        if (checkpoints.exist()) {
            return;
        }
        String none = "--resume: there is no checkpoint in " + checkpoints.folder();
        if (Files.exists(out)) {
            throw new CommandException(
                    ExitCodes.NO_INPUT,
                    none + ", and " + out + " is there. Maybe that training came to its end: train anew without"
                            + " --resume, or name another file by --out.");
        }
        console.warn(none + ", so the training starts anew. Maybe it came to its end, or --out was another.");
    }

    /** Tells that a training was interrupted, and what goes on with it; gives the exit code. */
    static int stopped(Checkpoints checkpoints, Console console) {
        console.warn(
                checkpoints.exist()
                        ? "stopped, nothing is lost: the same command with --resume goes on (checkpoints in "
                                + checkpoints.folder() + ")."
                        : "stopped before the first checkpoint: the same command begins anew.");
        return ExitCodes.INTERRUPTED;
    }

    /** Tells what a training does besides epochs, with a bar while features are computed. */
    private static final class Steps implements ImageTraining.Listener, AutoCloseable {
        private final Console console;
        private Optional<ProgressLine> bar = Optional.empty();

        Steps(Console console) {
            this.console = console;
        }

        @Override
        public void line(String line) {
            close();
            console.say(line);
        }

        @Override
        public void seen(long done, long total) {
            if (bar.isEmpty()) {
                bar = Optional.of(console.progress("features", total));
            }
            bar.get().update(done, total, "");
            if (done >= total) {
                close();
            }
        }

        @Override
        public void close() {
            bar.ifPresent(ProgressLine::close);
            bar = Optional.empty();
        }
    }

    private ImageTraining open() {
        try {
            return spec.open();
        } catch (UncheckedIOException unwritable) {
            throw CommandException.unwritable(spec.out(), cause(unwritable));
        }
    }

    private static IOException cause(UncheckedIOException failure) {
        return java.util.Objects.requireNonNull(failure.getCause());
    }

    /** Tells what is known before the training; gives the warnings among it. */
    private List<String> describe(ImageTraining training) {
        var loaders = training.loaders();
        console.say(String.format(
                Locale.ROOT,
                "%d training and %d validation pictures %s, %s, %d pixels, %s",
                loaders.train().dataset().size(),
                loaders.valid().dataset().size(),
                loaders.target().hasClasses()
                        ? "in " + loaders.classes().size() + " classes"
                        : "with " + String.join(", ", loaders.classes()),
                Models.named(spec.model()).name(),
                spec.pictures().size(),
                training.learner().precision().dtype().name().toLowerCase(Locale.ROOT)));
        training.balance().forEach(console::say);
        var warnings = loaders.warnings();
        warnings.forEach(console::warn);
        return warnings;
    }

    /** The figures of the epoch that was saved and the time: {@code error_rate 0.0250, 1:12}. */
    static String summary(TrainingReport report) {
        var text = new StringBuilder();
        report.kept()
                .ifPresent(epoch -> epoch.metrics()
                        .forEach((name, value) -> value.ifPresent(
                                number -> text.append(String.format(Locale.ROOT, "%s %.4f, ", name, number)))));
        return text + Amounts.time(report.seconds());
    }
}
