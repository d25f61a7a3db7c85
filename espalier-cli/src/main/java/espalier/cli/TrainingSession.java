package espalier.cli;

import espalier.app.ImageTraining;
import espalier.app.TrainImage;
import espalier.app.TrainingReport;
import espalier.train.Callback;
import espalier.train.Checkpoints;
import espalier.train.Fit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** A training that the user watches: the table of epochs, the bar, Ctrl-C. */
final class TrainingSession {
    private final TrainImage spec;
    private final Console console;

    private TrainingSession(TrainImage spec, Console console) {
        this.spec = spec;
        this.console = console;
    }

    static TrainingSession of(TrainImage spec, Console console) {
        return new TrainingSession(spec, console);
    }

    TrainingReport run() {
        try (var training = open();
                var interrupts = console.interrupts(
                        "Interrupted: finishing the batch and saving a checkpoint. Once more ends at once.")) {
            describe(training);
            if (spec.resume() && !Checkpoints.in(spec.checkpoints()).exist()) {
                console.warn("--resume: there is no checkpoint in " + spec.checkpoints()
                        + ", so the training starts anew. Maybe it came to its end, or --out was another.");
            }
            var report = training.run(new EpochTable(console), new Callback() {
                @Override
                public void beforeFit(Fit fit) {
                    interrupts.onFirst(fit.learner()::interrupt);
                }
            });
            console.rejected(report.rejected());
            return report;
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

    private void describe(ImageTraining training) {
        var loaders = training.loaders();
        console.say(String.format(
                Locale.ROOT,
                "%d training and %d validation pictures in %d classes, %s, %d pixels, %s",
                loaders.train().dataset().size(),
                loaders.valid().dataset().size(),
                loaders.classes().size(),
                spec.model(),
                spec.pictures().size(),
                training.learner().precision().dtype().name().toLowerCase(Locale.ROOT)));
        loaders.warnings().forEach(console::warn);
    }

    /** The figures of the last epoch and the time: {@code error_rate 0.0250, 1:12}. */
    static String summary(TrainingReport report) {
        var text = new StringBuilder();
        if (!report.history().isEmpty()) {
            report.history()
                    .get(report.history().size() - 1)
                    .metrics()
                    .forEach((name, value) -> value.ifPresent(
                            number -> text.append(String.format(Locale.ROOT, "%s %.4f, ", name, number))));
        }
        return text + EpochTable.time(report.seconds());
    }
}
