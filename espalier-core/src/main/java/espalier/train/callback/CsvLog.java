package espalier.train.callback;

import espalier.files.AtomicFiles;
import espalier.files.CannotWriteException;
import espalier.train.Callback;
import espalier.train.EpochResult;
import espalier.train.Fit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Writes the table of epochs as CSV, anew after each epoch; what was not measured stays empty. */
public final class CsvLog implements Callback {
    private final Path file;

    private CsvLog(Path file) {
        this.file = file;
    }

    /** Writes to {@code file}. */
    public static CsvLog to(Path file) {
        return new CsvLog(file);
    }

    @Override
    public Phase phase() {
        return Phase.REPORT;
    }

    @Override
    public void afterEpoch(Fit fit) {
        try {
            AtomicFiles.writeString(file, table(fit.history().epochs()));
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    CannotWriteException.of(file, failure).getMessage(), failure);
        }
    }

    private static String table(List<EpochResult> epochs) {
        var names = new ArrayList<>(epochs.get(0).metrics().keySet());
        var out = new StringBuilder("cycle,epoch,train_loss,valid_loss");
        names.forEach(name -> out.append(',').append(name));
        out.append(",seconds\n");
        for (EpochResult epoch : epochs) {
            out.append(epoch.cycle())
                    .append(',')
                    .append(epoch.epoch())
                    .append(',')
                    .append(epoch.trainLoss());
            out.append(',').append(text(epoch.validLoss()));
            names.forEach(name -> out.append(',').append(text(epoch.value(name))));
            out.append(',').append(epoch.seconds()).append('\n');
        }
        return out.toString();
    }

    private static String text(OptionalDouble value) {
        return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
    }
}
