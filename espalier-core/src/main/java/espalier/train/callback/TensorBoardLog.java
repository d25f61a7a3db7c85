package espalier.train.callback;

import espalier.files.CannotWriteException;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Writes losses, rates and metrics as event files, which {@code tensorboard --logdir FOLDER} shows: {@code batch/loss},
 * {@code batch/lr} and {@code batch/momentum} at each training batch, {@code epoch/train_loss}, {@code epoch/valid_loss} and
 * {@code epoch/METRIC} at the end of each epoch, all by the number of batches so far. A resumed run goes on in a file of
 * its own in the same folder.
 */
public final class TensorBoardLog implements Callback {
    private final Path folder;
    private Optional<EventFile> events = Optional.empty();

    private TensorBoardLog(Path folder) {
        this.folder = folder;
    }

    /** Into {@code folder}, one for each run; its parent may hold others to compare with. */
    public static TensorBoardLog in(Path folder) {
        return new TensorBoardLog(folder);
    }

    /** What is done with the file of events. */
    private interface Writing {
        void write(EventFile events) throws IOException;
    }

    @Override
    public Phase phase() {
        return Phase.REPORT;
    }

    /** @throws UncheckedIOException when the folder cannot be written */
    @Override
    public void beforeFit(Fit fit) {
        try {
            events = Optional.of(EventFile.in(folder, Instant.now()));
        } catch (IOException unwritable) {
            throw failure(unwritable);
        }
    }

    @Override
    public void afterBatch(Fit fit, Step step) {
        if (!Double.isNaN(step.loss())) {
            var groups = fit.learner().optimizer().groups();
            var last = groups.get(groups.size() - 1);
            write(file -> {
                var now = Instant.now();
                long batch = fit.history().steps().size();
                file.scalar("batch/loss", batch, step.loss(), now);
                file.scalar("batch/lr", batch, last.lr(), now);
                file.scalar("batch/momentum", batch, last.momentum(), now);
            });
        }
    }

    @Override
    public void afterEpoch(Fit fit) {
        fit.history()
                .last()
                .ifPresent(epoch -> write(file -> {
                    long batch = fit.history().steps().size();
                    scalar(file, batch, "train_loss", OptionalDouble.of(epoch.trainLoss()));
                    scalar(file, batch, "valid_loss", epoch.validLoss());
                    for (String metric : epoch.metrics().keySet()) {
                        scalar(file, batch, metric, epoch.value(metric));
                    }
                    file.flush();
                }));
    }

    private static void scalar(EventFile file, long batch, String name, OptionalDouble value) throws IOException {
        if (value.isPresent()) {
            file.scalar("epoch/" + name, batch, value.getAsDouble(), Instant.now());
        }
    }

    @Override
    public void afterFit(Fit fit) {
        write(EventFile::close);
        events = Optional.empty();
    }

    private void write(Writing writing) {
        events.ifPresent(file -> {
            try {
                writing.write(file);
            } catch (IOException failed) {
                throw failure(failed);
            }
        });
    }

    private UncheckedIOException failure(IOException failure) {
        return new UncheckedIOException(CannotWriteException.of(folder, failure).getMessage(), failure);
    }
}
