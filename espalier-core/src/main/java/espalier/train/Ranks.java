package espalier.train;

import espalier.data.Loader;
import espalier.files.Sha256;
import espalier.format.DType;
import espalier.metric.Metric;
import espalier.nn.Module;
import espalier.optim.Optimizer;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.tensor.ProcessGroup;
import espalier.tensor.ProcessGroup.Reduction;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rank's view of those that train together, as PyTorch's {@code DistributedDataParallel}: each has the whole model and a share of
 * every batch. The loss that all see is the mean over the items of all ranks, however many of them each could read; so one step
 * of several ranks is one step of a single process with the whole batch, but for batch norms that are trained, whose statistics
 * are those of each share.
 */
final class Ranks {
    /** One that trains alone. */
    static final Ranks ALONE = new Ranks(Optional.empty());

    /** So many hexadecimal digits are a positive long. */
    private static final int DIGITS = 15;

    /** By more than this no weights differ because of rounding within an epoch. */
    private static final double ROUNDING = 1e-3;

    private static final Logger LOG = LoggerFactory.getLogger(Ranks.class);

    private final Optional<ProcessGroup> group;

    private Ranks(Optional<ProcessGroup> group) {
        this.group = group;
    }

    static Ranks of(ProcessGroup group) {
        return new Ranks(Optional.of(group));
    }

    int rank() {
        return group.map(ProcessGroup::rank).orElse(0);
    }

    /** This rank's share of each batch. */
    <X> Loader<X> share(Loader<X> loader) {
        return group.map(all -> loader.share(all.rank(), all.size())).orElse(loader);
    }

    /** The generator of this rank's random layers, which see other items than those of other ranks. */
    Rng own(Rng step) {
        return rank() == 0 ? step : step.derive(rank());
    }

    /**
     * Makes sure that all ranks are about to train the same, and gives all the weights of rank 0.
     *
     * @throws DataException naming what differs
     */
    void begin(Fit fit) {
        group.ifPresent(all -> {
            var learner = fit.learner();
            checkSame(all, terms(fit));
            learner.model().stateDict().values().forEach(tensor -> all.broadcast(tensor, 0));
        });
    }

    private static Map<String, String> terms(Fit fit) {
        var learner = fit.learner();
        var train = learner.loaders().train();
        Map<String, String> terms = new LinkedHashMap<>();
        var data = train.dataset();
        terms.put("training items", data.items().stream().map(item -> item.id()).toList() + " " + data.labels());
        terms.put("batch size", String.valueOf(train.options().batchSize()));
        terms.put("seed", learner.seed() + " " + train.options().seed());
        terms.put("precision", learner.precision().name());
        terms.put("number of metrics", String.valueOf(learner.metrics().size()));
        terms.put(
                "model",
                learner.model().stateDict().entrySet().stream()
                        .map(entry -> entry.getKey() + entry.getValue().shape())
                        .collect(Collectors.joining(" ")));
        terms.put(
                "schedule",
                fit.plan().stream()
                        .map(cycle -> cycle.name()
                                + cycle.epochs()
                                + cycle.freezeTo()
                                + cycle.rates()
                                + cycle.policy().text())
                        .collect(Collectors.joining(" ")));
        terms.put("position to go on from", fit.position().toString());
        return terms;
    }

    private static void checkSame(ProcessGroup all, Map<String, String> terms) {
        var different = different(all, terms);
        if (!different.isEmpty()) {
            throw new DataException("the ranks cannot train together, for they differ in: "
                    + String.join(", ", different)
                    + ". Maybe one of them has another copy of the data, other options or another checkpoint.");
        }
    }

    /** The names of the terms that are not the same on all ranks. */
    private static List<String> different(ProcessGroup all, Map<String, String> terms) {
        long[] marks = terms.values().stream()
                .mapToLong(term -> Long.parseLong(new Sha256().add(term).hex().substring(0, DIGITS), 16))
                .toArray();
        long[] largest = largest(all, marks);
        long[] smallest = largest(all, Arrays.stream(marks).map(mark -> -mark).toArray());
        var names = List.copyOf(terms.keySet());
        var different = new ArrayList<String>();
        for (int i = 0; i < marks.length; i++) {
            if (largest[i] != -smallest[i]) {
                different.add(names.get(i));
            }
        }
        return different;
    }

    private static long[] largest(ProcessGroup all, long[] values) {
        try (var scope = Scope.open()) {
            return all.allReduce(Tensor.of(values, values.length), Reduction.MAX)
                    .toLongArray();
        }
    }

    /** Gives all ranks rank 0's running statistics, before others than those that made them may be used. */
    void equalizeBuffers(Module model) {
        group.ifPresent(all -> model.buffers().values().forEach(buffer -> all.broadcast(buffer, 0)));
    }

    /**
     * Tells the step the mean loss of all items of all ranks, and this rank's part in it. When one rank was interrupted, all are.
     *
     * @param value the mean loss of this rank's batch; empty when that is empty
     * @return false when no rank has an item
     */
    boolean agreeOnLoss(Learner<?> learner, Step step, Optional<Tensor> value) {
        double own = value.map(Tensor::item).orElse(0.0);
        if (group.isEmpty()) {
            step.ofRank(1, own);
            return true;
        }
        int count = step.batch().size();
        double[] sums = {count * own, count, learner.isInterrupted() ? 1 : 0};
        sums = group.get()
                .allReduce(Tensor.of(sums, sums.length), Reduction.SUM)
                .toDoubleArray();
        if (sums[2] > 0) {
            learner.interrupt();
        }
        step.ofRank(count / sums[1], sums[0] / sums[1]);
        return sums[1] > 0;
    }

    /** Gives all ranks the sum of their gradients: the gradients of the loss that they agreed on. */
    void sumGradients(Optimizer optimizer) {
        group.ifPresent(all -> GradientSum.of(optimizer).run(all));
    }

    /**
     * Makes sure, after each epoch, that all ranks still have one model. Processors of different kinds may round differently: then
     * all go on with the weights of rank 0.
     *
     * @throws DataException when weights differ by more than rounding
     */
    void checkWeights(Fit fit) {
        group.ifPresent(all -> {
            var parameters = fit.learner().model().parameters().values();
            long mark = 0;
            for (Tensor parameter : parameters) {
                mark = 31 * mark + Arrays.hashCode(floats(parameter));
            }
            if (different(all, Map.of("weights", String.valueOf(mark))).isEmpty()) {
                return;
            }
            double most = 0;
            for (Tensor parameter : parameters) {
                float[] own = floats(parameter);
                float[] first = floats(all.broadcast(parameter, 0));
                for (int i = 0; i < own.length; i++) {
                    double gap = Math.abs((double) own[i] - first[i]);
                    most = Double.isNaN(gap) ? Double.POSITIVE_INFINITY : Math.max(most, gap);
                }
            }
            most = largest(all, most);
            if (most > ROUNDING) {
                throw new DataException("the weights of the ranks differ by up to " + most + " after epoch "
                        + (fit.epochsBefore() + 1)
                        + ". Maybe a callback changes them on one rank alone, or the memory of a machine is faulty.");
            }
            LOG.warn(
                    "the weights of the ranks differ by up to {}: all go on with those of rank 0. Maybe their processors are"
                            + " of different kinds, which round differently: then no run is repeated to the last digit.",
                    most);
        });
    }

    private static float[] floats(Tensor parameter) {
        try (var scope = Scope.open()) {
            return parameter.detach().to(DType.FLOAT32).toFloatArray();
        }
    }

    private static double largest(ProcessGroup all, double value) {
        try (var scope = Scope.open()) {
            return all.allReduce(Tensor.of(new double[] {value}, 1), Reduction.MAX)
                    .item();
        }
    }

    /** Lets rank 0 judge the model, and tells all what it found. */
    Evaluation judge(Learner<?> learner) {
        if (group.isEmpty()) {
            return learner.validate();
        }
        var names = learner.metrics().stream().map(Metric::name).toList();
        double[] found = new double[names.size() * 2 + 4];
        if (rank() == 0) {
            encode(learner.validate(), names, found);
        }
        try (var scope = Scope.open()) {
            found = group.get().broadcast(Tensor.of(found, found.length), 0).toDoubleArray();
        }
        Map<String, OptionalDouble> metrics = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            metrics.put(names.get(i), decode(found, 4 + 2 * i));
        }
        return new Evaluation(decode(found, 2), metrics, (int) found[0], found[1]);
    }

    /** The number of items, the seconds, then for the loss and each metric whether it is there and what it is. */
    private static void encode(Evaluation judged, List<String> names, double[] found) {
        found[0] = judged.items();
        found[1] = judged.seconds();
        encode(judged.loss(), found, 2);
        for (int i = 0; i < names.size(); i++) {
            encode(judged.metrics().getOrDefault(names.get(i), OptionalDouble.empty()), found, 4 + 2 * i);
        }
    }

    private static void encode(OptionalDouble value, double[] found, int at) {
        found[at] = value.isPresent() ? 1 : 0;
        found[at + 1] = value.orElse(0);
    }

    private static OptionalDouble decode(double[] found, int at) {
        return found[at] > 0 ? OptionalDouble.of(found[at + 1]) : OptionalDouble.empty();
    }
}
