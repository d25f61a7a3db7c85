package espalier.vision;

import espalier.data.Batch;
import espalier.data.Loader;
import espalier.data.Loaders;
import espalier.data.Vectors;
import espalier.format.DType;
import espalier.item.Item;
import espalier.report.Progress;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.train.Learner;
import espalier.train.Precomputed;
import espalier.vision.model.TransferModel;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * What the frozen body of a {@link TransferModel} says about each picture, pooled and computed once: the head trains on
 * it in a fraction of the time. While a body is not frozen, pictures go through it as ever.
 *
 * <p>The body is in evaluation mode, so that its batch norms and its stochastic depth rest: losses are those of computing it
 * anew for every batch, to rounding, as long as nothing random changes the pictures and the body has no stochastic depth.
 *
 * <pre>{@code
 * learner.precomputed(BodyFeatures.of(Views.withMirror()));
 * learner.freeze();
 * learner.fit(10, Rates.of(5e-4)); // the body sees each picture once
 * }</pre>
 */
public final class BodyFeatures implements Precomputed {
    private static final int MIRROR = 3;

    private final Views views;
    private final Progress progress;
    private final long memory;
    private Optional<Deadline> deadline = Optional.empty();
    private Optional<Vectors> computed = Optional.empty();
    private UnaryOperator<Loader<?>> share = whole -> whole;

    private BodyFeatures(Views views, Progress progress, long memory) {
        this.views = views;
        this.progress = progress;
        this.memory = memory;
    }

    /** Of these views, kept in memory up to an eighth of the heap and in a temporary file beyond. */
    public static BodyFeatures of(Views views) {
        return new BodyFeatures(views, Progress.NONE, Runtime.getRuntime().maxMemory() / 8);
    }

    /** The same, telling how many views have been computed. */
    public BodyFeatures progress(Progress told) {
        return new BodyFeatures(views, told, memory);
    }

    /** The same with another limit in memory. */
    public BodyFeatures memory(long bytes) {
        return new BodyFeatures(views, progress, bytes);
    }

    /** How long a body may look at pictures. */
    public interface Deadline {
        /** Whether no more validation pictures are to be looked at; asked after each batch of them. */
        boolean validPassed();

        /** The same of training pictures, which come after them. */
        boolean passed();

        /**
         * Whether training pictures are looked at without their mirror image, so that more of them are; asked before the first.
         *
         * @param seen how many validation pictures were looked at
         */
        boolean plainly(long seen);
    }

    /** Stops looking when {@code limit} says so: what was looked at by then is a random choice, and at least a batch. Returns this. */
    public BodyFeatures deadline(Deadline limit) {
        deadline = Optional.of(limit);
        return this;
    }

    /** Takes features that were computed elsewhere, of the same body and views; it closes them. Returns this. */
    public BodyFeatures computed(Vectors vectors) {
        forget();
        computed = Optional.of(vectors);
        return this;
    }

    /** Looks only at the share of each batch that one of {@code size} who compute together has, see {@link Loader#share}. Returns this. */
    public BodyFeatures share(int rank, int size) {
        share = whole -> whole.share(rank, size);
        return this;
    }

    @Override
    public Optional<Loaders<?>> loaders(Learner<?> learner) {
        if (!(learner.model() instanceof TransferModel model) || !model.isFrozen()) {
            forget(); // the body is about to change
            return Optional.empty();
        }
        return vectors(learner, model)
                .map(vectors -> seen(learner.loaders(), vectors).read(vectors));
    }

    /** The loaders with the validation pictures that were looked at before the deadline; those that are faulty stay among them. */
    private <X> Loaders<X> seen(Loaders<X> loaders, Vectors vectors) {
        return deadline.isEmpty()
                ? loaders
                : loaders.validOnly(item -> !vectors.views(item).isEmpty());
    }

    /**
     * The features of the training and the validation pictures, computed when they have not been yet.
     *
     * @return empty when the learner was interrupted
     */
    public Optional<Vectors> vectors(Learner<?> learner, TransferModel model) {
        if (computed.isEmpty()) {
            var vectors = Vectors.upTo(memory);
            boolean training = model.isTraining();
            model.eval();
            try (var off = Grad.off()) {
                new Pass(learner, model, vectors).run();
            } finally {
                model.training(training);
            }
            if (learner.isInterrupted()) {
                vectors.close();
                return Optional.empty();
            }
            computed = Optional.of(vectors);
        }
        return computed;
    }

    private static BooleanSupplier valid(Optional<Deadline> deadline) {
        return deadline.<BooleanSupplier>map(limit -> limit::validPassed).orElse(() -> false);
    }

    /** Once through all pictures. */
    private final class Pass {
        private final Learner<?> learner;
        private final TransferModel model;
        private final Vectors vectors;
        private final long total;
        private long done;

        Pass(Learner<?> learner, TransferModel model, Vectors vectors) {
            this.learner = learner;
            this.model = model;
            this.vectors = vectors;
            int train = learner.loaders().train().dataset().size();
            this.total = (long) views.count() * train
                    + learner.loaders().valid().dataset().size();
        }

        void run() {
            var train = learner.loaders().train();
            var valid = learner.loaders().valid();
            through(deadline.isPresent() ? valid.mixed() : valid, 0, false, valid(deadline));
            if (views.random() == 0) {
                boolean plainly = deadline.map(limit -> limit.plainly(done)).orElse(false);
                throughSome(train.inOrder(), 0, views.mirrored() && !plainly);
            }
            for (int view = 0; view < views.random(); view++) {
                throughSome(train.augmentedInOrder(), view, false);
            }
            progress.update(total, total, "");
        }

        private void throughSome(Loader<?> loader, int epoch, boolean mirrored) {
            if (deadline.isEmpty()) {
                through(loader, epoch, mirrored);
            } else if (epoch == 0 || !deadline.get().passed()) {
                through(loader.mixed(), epoch, mirrored, deadline.get()::passed);
            }
        }

        private void through(Loader<?> loader, int epoch, boolean mirrored) {
            through(loader, epoch, mirrored, () -> false);
        }

        private void through(Loader<?> loader, int epoch, boolean mirrored, BooleanSupplier passed) {
            var seen = new HashSet<Item>(); // in this view: what comes once more is left out
            boolean late = false;
            try (var batches = share.apply(loader).epoch(epoch)) {
                while (!late && batches.hasNext() && !learner.isInterrupted()) {
                    try (var scope = Scope.open()) {
                        var batch = batches.next().to(learner.device());
                        if (batch.size() > 0) {
                            boolean[] first = new boolean[batch.size()];
                            for (int i = 0; i < first.length; i++) {
                                first[i] = seen.add(batch.items().get(i));
                            }
                            add(batch, first, batch.x());
                            if (mirrored) {
                                add(batch, first, batch.x().flip(MIRROR));
                            }
                        }
                    }
                    late = passed.getAsBoolean();
                }
            }
        }

        private void add(Batch batch, boolean[] first, Tensor x) {
            float[] all;
            try (var precision = learner.precision().open(learner.device())) {
                all = model.features(x).to(DType.FLOAT32).toFloatArray(); // [N, F]
            }
            int width = all.length / batch.size();
            for (int i = 0; i < first.length; i++) {
                if (first[i]) {
                    vectors.add(batch.items().get(i), Arrays.copyOfRange(all, i * width, (i + 1) * width));
                    done++;
                }
            }
            progress.update(done, total, "");
        }
    }

    private void forget() {
        computed.ifPresent(Vectors::close);
        computed = Optional.empty();
    }

    @Override
    public void close() {
        forget();
    }
}
