package espalier.train;

import espalier.data.Batch;
import espalier.data.Loader;
import espalier.format.DType;
import espalier.item.Item;
import espalier.metric.Metric;
import espalier.tensor.Grad;
import espalier.tensor.NativeException;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;

/** Runs a model over a loader without training it: for metrics, and for the probabilities of each item. */
final class Evaluator {
    private final Learner<?> learner;

    Evaluator(Learner<?> learner) {
        this.learner = learner;
    }

    Evaluation evaluate(Loader<?> loader) {
        long start = System.nanoTime();
        double[] sum = new double[1];
        int[] count = new int[1];
        List<Metric> metrics = learner.metrics().stream().map(Metric::fresh).toList();
        forEachBatch(loader, 0, (batch, scores) -> {
            sum[0] += learner.loss().losses(scores, batch.y()).sum().item();
            count[0] += batch.size();
            metrics.forEach(metric -> metric.update(scores, batch.y()));
        });
        Map<String, OptionalDouble> values = new LinkedHashMap<>();
        metrics.forEach(metric -> values.put(metric.name(), metric.value()));
        var loss = count[0] == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum[0] / count[0]);
        return new Evaluation(loss, values, count[0], (System.nanoTime() - start) / 1e9);
    }

    Outputs outputs(Loader<?> loader) {
        return outputs(loader, 0);
    }

    /** The same by the random steps of an epoch, where the loader has any. */
    Outputs outputs(Loader<?> loader, int epoch) {
        List<Item> items = new ArrayList<>();
        List<float[]> rows = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        forEachBatch(loader, epoch, (batch, scores) -> {
            items.addAll(batch.items());
            float[] flat = learner.loss().activation(scores).toFloatArray();
            int columns = flat.length / batch.size();
            for (int i = 0; i < batch.size(); i++) {
                rows.add(java.util.Arrays.copyOfRange(flat, i * columns, (i + 1) * columns));
            }
            if (loader.dataset().labelled()) {
                for (double loss : learner.loss().losses(scores, batch.y()).toDoubleArray()) {
                    losses.add(loss);
                }
            }
        });
        Map<Item, List<String>> labels = new HashMap<>();
        for (int i = 0; i < loader.dataset().size(); i++) {
            labels.put(
                    loader.dataset().items().get(i), loader.dataset().labels().get(i));
        }
        return new Outputs(
                learner.loaders().classes(),
                items,
                items.stream().map(item -> labels.getOrDefault(item, List.of())).toList(),
                rows.toArray(float[][]::new),
                losses.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private void judge(Batch batch, BiConsumer<Batch, Tensor> body) {
        try (var scope = Scope.open()) {
            body.accept(batch, scores(batch));
        } catch (NativeException failure) {
            throw BatchMemory.explain(failure, learner, batch, this::scores);
        }
    }

    private Tensor scores(Batch batch) {
        try (var precision = learner.precision().open(learner.device())) {
            return learner.model().forward(batch.x()).to(DType.FLOAT32);
        }
    }

    private void forEachBatch(Loader<?> loader, int epoch, BiConsumer<Batch, Tensor> body) {
        boolean wasTraining = learner.model().isTraining();
        learner.model().eval();
        try (var off = Grad.off();
                var batches = loader.epoch(epoch).on(learner.device())) {
            while (batches.hasNext()) {
                try (var outer = Scope.open()) {
                    judge(batches.next(), body);
                }
            }
        } finally {
            learner.model().training(wasTraining);
            if (wasTraining) {
                learner.settleNorms();
            }
        }
    }
}
