package espalier.train;

import espalier.files.AtomicFiles;
import espalier.files.CannotWriteException;
import espalier.files.Destination;
import espalier.format.ModelFileException;
import espalier.nn.Finite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of a run's checkpoints, as a callback: one after each epoch and one when training is interrupted, the last
 * two kept. That the folder can be written is found out before the first epoch. A model with NaN or infinity in it is
 * not saved: the last good checkpoint stays. Where several ranks train together, rank 0 writes them, and all resume from them.
 *
 * <p>A checkpoint that cannot be written (a full disk) is logged, and training goes on; the one before stays.
 */
public final class Checkpoints implements Callback {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final int KEPT = 2;

    private final Path folder;
    private final Map<String, String> options;
    private final boolean acceptChangedData;
    private Optional<RunTerms> terms = Optional.empty();
    private int next;
    private Optional<String> failure = Optional.empty();

    private Checkpoints(Path folder, Map<String, String> options, boolean acceptChangedData) {
        this.folder = folder;
        this.options = options;
        this.acceptChangedData = acceptChangedData;
    }

    /** The checkpoints in {@code folder}, which is made when missing. */
    public static Checkpoints in(Path folder) {
        return new Checkpoints(folder, Map.of(), false);
    }

    /** The checkpoints of the training that will write a model file: in a folder beside it. */
    public static Checkpoints beside(Path model) {
        return in(model.resolveSibling(model.getFileName() + ".checkpoints"));
    }

    /** The same for a run with these options, by name; a run with others cannot be resumed from them. */
    public Checkpoints options(Map<String, String> options) {
        return new Checkpoints(folder, Map.copyOf(options), acceptChangedData);
    }

    /** The same, resuming also when files of the training set were added, removed or changed since. */
    public Checkpoints acceptChangedData() {
        return new Checkpoints(folder, options, true);
    }

    @Override
    public Phase phase() {
        return Phase.REPORT;
    }

    /** @throws UncheckedIOException when the folder cannot be written */
    @Override
    public void beforeFit(Fit fit) {
        try {
            Destination.folder(folder);
            terms(fit.learner());
            next = files().stream().mapToInt(Checkpoints::number).max().orElse(0) + 1;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(
                    "there is no place for checkpoints in " + folder + ": " + unwritable.getMessage(), unwritable);
        }
    }

    /** Saves at once when the training is interrupted here: after it, others may put other weights into the model. */
    @Override
    public void afterBatch(Fit fit, Step step) {
        if (fit.stopReason().filter(Interruption.REASON::equals).isPresent()) {
            save(fit);
        }
    }

    @Override
    public void afterEpoch(Fit fit) {
        save(fit);
    }

    /** Why the last checkpoint could not be written; empty when it could. */
    public Optional<String> failure() {
        return failure;
    }

    private RunTerms terms(Learner<?> learner) {
        if (terms.isEmpty()) {
            var data = RunTerms.Data.of(learner.loaders().train().dataset());
            terms = Optional.of(new RunTerms(options, data, acceptChangedData));
        }
        return terms.get();
    }

    private void save(Fit fit) {
        if (fit.learner().rank() > 0
                || Finite.firstBroken(fit.learner().model()).isPresent()) {
            return;
        }
        try {
            AtomicFiles.writeString(
                    folder.resolve("README.txt"),
                    "Checkpoints of a training run, to resume it. Safe to delete after the run.\n");
            Path file = folder.resolve("checkpoint-%06d.safetensors".formatted(next));
            Checkpoint.save(fit.learner(), fit, terms(fit.learner()), file);
            next++;
            failure = Optional.empty();
            var all = files();
            for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) {
                Files.deleteIfExists(old);
            }
        } catch (IOException | UncheckedIOException | ModelFileException unwritten) {
            failure = Optional.of(String.valueOf(unwritten.getMessage()));
            LOG.warn(
                    "the checkpoint of {} (epoch {}) could not be written, training goes on: {}",
                    fit.cycle().name(),
                    fit.position().epoch(),
                    unwritten.getMessage());
        }
    }

    /**
     * Goes on from the newest checkpoint that can be read; a damaged one is logged and the one before is taken.
     *
     * @throws ModelFileException when none can be used
     * @throws espalier.report.DataException when the newest belongs to another run: other options, data or model
     */
    public History resume(Learner<?> learner) {
        var all = files();
        var problems = new StringBuilder();
        for (int i = all.size() - 1; i >= 0; i--) {
            try {
                Fit fit = Checkpoint.load(learner, terms(learner), all.get(i));
                if (!problems.isEmpty()) {
                    LOG.warn("going on from {}, because of{}", all.get(i), problems);
                }
                return learner.proceed(fit);
            } catch (ModelFileException unusable) {
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

    /**
     * Moves the checkpoints of an earlier run to a folder of their own beside this one, so that a new run cannot
     * replace them.
     *
     * @return where they are now; empty when there were none
     */
    public Optional<Path> setAside() {
        if (!exist()) {
            return Optional.empty();
        }
        int number = 1;
        Path other = folder.resolveSibling(folder.getFileName() + ".earlier");
        while (Files.exists(other)) {
            other = folder.resolveSibling(folder.getFileName() + ".earlier-" + ++number);
        }
        try {
            return Optional.of(Files.move(folder, other));
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    CannotWriteException.of(other, failure).getMessage(), failure);
        }
    }

    /** The folder. */
    public Path folder() {
        return folder;
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
