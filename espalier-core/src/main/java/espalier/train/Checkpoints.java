package espalier.train;

import espalier.files.AtomicFiles;
import espalier.model.ModelFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of a run's checkpoints, as a callback: one after each epoch and one when training is interrupted, the last
 * two kept. That the folder can be written is found out before the first epoch.
 *
 * <p>A checkpoint that cannot be written (a full disk) is logged, and training goes on; the one before stays.
 */
public final class Checkpoints implements Callback {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final int KEPT = 2;

    private final Path folder;
    private int next;
    private Optional<String> failure = Optional.empty();

    private Checkpoints(Path folder) {
        this.folder = folder;
    }

    /** The checkpoints in {@code folder}, which is made when missing. */
    public static Checkpoints in(Path folder) {
        return new Checkpoints(folder);
    }

    @Override
    public Phase phase() {
        return Phase.REPORT;
    }

    /** @throws UncheckedIOException when the folder cannot be written */
    @Override
    public void beforeFit(Fit fit) {
        try {
            AtomicFiles.writeString(
                    folder.resolve("README.txt"),
                    "Checkpoints of a training run, to resume it. Safe to delete after the run.\n");
            next = files().stream().mapToInt(Checkpoints::number).max().orElse(0) + 1;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(
                    "there is no place for checkpoints in " + folder + ": " + unwritable.getMessage(), unwritable);
        }
    }

    @Override
    public void afterEpoch(Fit fit) {
        save(fit);
    }

    @Override
    public void afterFit(Fit fit) {
        if (fit.stopReason().filter(Interruption.REASON::equals).isPresent()
                && fit.position().batch() > 0) {
            save(fit);
        }
    }

    /** Why the last checkpoint could not be written; empty when it could. */
    public Optional<String> failure() {
        return failure;
    }

    private void save(Fit fit) {
        try {
            Checkpoint.save(fit.learner(), fit, folder.resolve("checkpoint-%06d.safetensors".formatted(next)));
            next++;
            failure = Optional.empty();
            var all = files();
            for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) {
                Files.deleteIfExists(old);
            }
        } catch (IOException | UncheckedIOException | ModelFileException unwritten) {
            failure = Optional.of(String.valueOf(unwritten.getMessage()));
            LOG.warn(
                    "the checkpoint after {} could not be written, training goes on: {}",
                    fit.position(),
                    unwritten.getMessage());
        }
    }

    /**
     * Goes on from the newest checkpoint that can be read; a damaged one is logged and the one before is taken.
     *
     * @throws ModelFileException when none can be used
     */
    public History resume(Learner<?> learner) {
        var all = files();
        var problems = new StringBuilder();
        for (int i = all.size() - 1; i >= 0; i--) {
            try {
                return learner.resume(all.get(i));
            } catch (ModelFileException unusable) {
                LOG.warn("{}; trying the one before", unusable.getMessage());
                problems.append("\n  ").append(unusable.getMessage());
            }
        }
        throw new ModelFileException("there is no checkpoint to resume from in " + folder + problems
                + (all.isEmpty() ? ". Maybe the run ended before its first epoch did, or wrote elsewhere." : ""));
    }

    /** Removes the checkpoints, as after a run that came to its end. */
    public void delete() {
        try {
            for (Path file : files()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder.resolve("README.txt"));
            Files.deleteIfExists(folder);
        } catch (IOException remaining) {
            LOG.warn("checkpoints in {} could not be removed: {}", folder, remaining.getMessage());
        }
    }

    /** True when there is something to resume. */
    public boolean exist() {
        return !files().isEmpty();
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var listing = Files.list(folder)) {
            return listing.filter(file -> file.getFileName().toString().matches("checkpoint-\\d{6,}\\.safetensors"))
                    .sorted(Comparator.comparingInt(Checkpoints::number))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot list " + folder, unreadable);
        }
    }

    private static int number(Path file) {
        String name = String.valueOf(file.getFileName());
        return Integer.parseInt(name.substring(name.indexOf('-') + 1, name.indexOf('.')));
    }
}
