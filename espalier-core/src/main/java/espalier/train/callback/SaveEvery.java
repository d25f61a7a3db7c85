package espalier.train.callback;

import espalier.train.Callback;
import espalier.train.Fit;
import java.nio.file.Path;

/** Exports the model after every so many epochs, each into a file of its own: {@code dogs.epoch-03.safetensors}. */
public final class SaveEvery implements Callback {
    private final int epochs;
    private final Path file;

    private SaveEvery(int epochs, Path file) {
        this.epochs = epochs;
        this.file = file;
    }

    /** Beside the model file that training writes in the end, under its name. */
    public static SaveEvery of(int epochs, Path beside) {
        if (epochs < 1) {
            throw new IllegalArgumentException("a model can be saved every 1 epoch or more, received " + epochs + ".");
        }
        return new SaveEvery(epochs, beside);
    }

    @Override
    public Phase phase() {
        return Phase.REPORT;
    }

    @Override
    public void afterEpoch(Fit fit) {
        int done = fit.history().epochs().size();
        if (done % epochs == 0 && fit.stopReason().isEmpty()) {
            fit.learner().export(file(done));
        }
    }

    /** The file of the epoch of this number, counted from 1 over all cycles. */
    public Path file(int epoch) {
        String name = String.valueOf(file.getFileName());
        String stem = name.replaceFirst("[.]safetensors$", "");
        return file.resolveSibling("%s.epoch-%02d%s".formatted(stem, epoch, name.substring(stem.length())));
    }
}
