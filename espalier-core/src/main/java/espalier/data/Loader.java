package espalier.data;

import espalier.format.Transform;
import espalier.rng.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gives the batches of one part of a data set. Items are read and transformed by a few threads, at most
 * {@link #PREFETCH} batches ahead. What an item becomes depends on (seed, epoch, position) alone, so the number of
 * threads does not change the batches.
 *
 * @param <X> an input before it becomes part of a batch
 */
public final class Loader<X> {
    /** How many batches are prepared ahead of the one in use or waited for. */
    public static final int PREFETCH = 2;

    /**
     * How batches are made.
     *
     * @param batchSize items a batch
     * @param training whether order and transforms are random and a last, smaller batch is left out
     * @param seed another seed, other order and transforms
     * @param threads how many read items at once
     */
    public record Options(int batchSize, boolean training, long seed, int threads) {
        /** Checks the numbers. */
        public Options {
            if (batchSize < 1 || threads < 1) {
                throw new IllegalArgumentException(
                        "batch size and threads must be positive, received " + batchSize + " and " + threads);
            }
        }

        /** The same with another batch size. */
        public Options batchSize(int batchSize) {
            return new Options(batchSize, training, seed, threads);
        }
    }

    /** The steps between an item and a batch. */
    record Pipeline<X>(
            InputBlock<X> input,
            TargetBlock target,
            List<? extends Transform<X>> itemTransforms,
            List<BatchTransform> batchTransforms) {}

    private final Dataset dataset;
    private final Pipeline<X> pipeline;
    private final Options options;
    private final Sampler sampler;
    private final Share share;

    /** Every so many-th item of each batch, from a place on. */
    private record Share(int rank, int size) {
        static final Share WHOLE = new Share(0, 1);

        int[] of(int[] batch) {
            return IntStream.range(0, batch.length)
                    .filter(i -> i % size == rank)
                    .map(i -> batch[i])
                    .toArray();
        }
    }

    Loader(Dataset dataset, Pipeline<X> pipeline, Options options) {
        this(dataset, pipeline, options, options.training() ? Sampler.shuffled() : Sampler.inOrder(), Share.WHOLE);
    }

    private Loader(Dataset dataset, Pipeline<X> pipeline, Options options, Sampler sampler, Share share) {
        this.dataset = dataset;
        this.pipeline = pipeline;
        this.options = options;
        this.sampler = sampler;
        this.share = share;
    }

    /** The items and their labels. */
    public Dataset dataset() {
        return dataset;
    }

    /** How batches are made. */
    public Options options() {
        return options;
    }

    /** The number of batches in an epoch. */
    public int batches() {
        int count = sampler.count(dataset);
        int whole = count / options.batchSize();
        boolean dropLast = options.training() && whole > 0;
        boolean rest = count % options.batchSize() > 0;
        return whole + (rest && !dropLast ? 1 : 0);
    }

    /** The batches of an epoch, in the order that the seed and {@code epoch} give. Close it when leaving early. */
    public Batches<X> epoch(int epoch) {
        return epoch(epoch, 0);
    }

    /** The same without the first {@code skipped} batches, as after a resumption. */
    public Batches<X> epoch(int epoch, int skipped) {
        var rng = Rng.of(options.seed()).derive(epoch);
        int[] order = sampler.order(dataset, rng);
        var groups = new ArrayList<int[]>();
        for (int b = skipped; b < batches(); b++) {
            int from = b * options.batchSize();
            groups.add(share.of(Arrays.copyOfRange(order, from, Math.min(order.length, from + options.batchSize()))));
        }
        var own = options.batchSize(share.of(new int[options.batchSize()]).length);
        return new Batches<>(dataset, pipeline, own, new Batches.Places(groups, skipped, share.size() > 1), rng);
    }

    /**
     * The same loader with one rank's share of each batch: every {@code size}-th of its items, from {@code rank} on. The shares of
     * all ranks are the whole batch. A share may come out empty, where its few items cannot be read: all ranks have equally many
     * batches.
     *
     * @throws IllegalArgumentException when a batch has fewer items than there are ranks
     */
    public Loader<X> share(int rank, int size) {
        if (options.batchSize() < size) {
            throw new IllegalArgumentException("a batch of " + options.batchSize() + " cannot be shared by " + size
                    + " ranks. Maybe raise the batch size, which is that of all ranks together.");
        }
        return new Loader<>(dataset, pipeline, options, sampler, new Share(rank, size));
    }

    /** The same loader over its first item alone: to see what the transforms do to it. */
    public Loader<X> first() {
        return new Loader<>(dataset.first(), pipeline, options);
    }

    /** The same loader over the same items, all of them in order and without random steps: to judge a model. */
    public Loader<X> inOrder() {
        return over(dataset);
    }

    /**
     * The same loader over the same items, all of them in order, with random steps as in training: to look at what training
     * will see. Where a last batch would be smaller, the first items come once more.
     */
    public Loader<X> augmentedInOrder() {
        int whole = (dataset.size() + options.batchSize() - 1) / options.batchSize() * options.batchSize();
        Sampler padded = new Sampler() {
            @Override
            public int count(Dataset all) {
                return whole;
            }

            @Override
            public int[] order(Dataset all, Rng rng) {
                return IntStream.range(0, whole).map(i -> i % all.size()).toArray();
            }
        };
        var training = new Options(options.batchSize(), true, options.seed(), options.threads());
        return new Loader<>(dataset, pipeline, training, padded, Share.WHOLE);
    }

    /** The same loader with its items in an order that the seed draws, so that the first of them stand for all. */
    public Loader<X> mixed() {
        Sampler mixed = new Sampler() {
            @Override
            public int count(Dataset all) {
                return sampler.count(all);
            }

            @Override
            public int[] order(Dataset all, Rng rng) {
                int[] places = Rng.of(options.seed()).derive(-1).permutation(all.size());
                return IntStream.of(sampler.order(all, rng)).map(i -> places[i]).toArray();
            }
        };
        return new Loader<>(dataset, pipeline, options, mixed, share);
    }

    /** The same loader with epochs of other items, in another order. */
    public Loader<X> sampler(Sampler other) {
        return new Loader<>(dataset, pipeline, options, other, share);
    }

    /** A loader of the same items in the same order, read in another way and without transforms. */
    <Y> Loader<Y> read(InputBlock<Y> input) {
        var other = new Pipeline<>(input, pipeline.target(), List.<Transform<Y>>of(), List.of());
        return new Loader<>(dataset, other, options, sampler, share);
    }

    /** The same loader over {@code dataset}, in order and without random steps: for prediction. */
    Loader<X> over(Dataset other) {
        return new Loader<>(
                other, pipeline, new Options(options.batchSize(), false, options.seed(), options.threads()));
    }

    /** The same loader with a transform at the end of each batch's. */
    Loader<X> with(BatchTransform last) {
        var all = new ArrayList<>(pipeline.batchTransforms());
        all.add(last);
        var other = new Pipeline<>(pipeline.input(), pipeline.target(), pipeline.itemTransforms(), all);
        return new Loader<>(dataset, other, options, sampler, share);
    }

    Pipeline<X> pipeline() {
        return pipeline;
    }
}
