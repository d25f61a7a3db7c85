package espalier.train;

import espalier.data.Loader;
import espalier.data.TargetBlock;
import espalier.format.DType;
import espalier.item.Item;
import espalier.loss.Loss;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Predicts each item several times, varied as in training, and takes the mean together with the item as it is: often
 * a little better, always slower. As fastai's {@code tta}.
 *
 * <pre>{@code
 * Outputs outputs = TestTimeAugmentation.standard().outputs(learner, learner.loaders().valid());
 * }</pre>
 *
 * @param passes how many varied predictions of each item, 4
 * @param plain the share of the prediction of the item as it is in the mean, 0 to 1: 0.25, fastai's {@code beta}
 */
public record TestTimeAugmentation(int passes, double plain) {
    private static final double LEAST = 1e-7;

    /** Checks the numbers. */
    public TestTimeAugmentation {
        if (passes < 1 || !(plain >= 0 && plain <= 1)) {
            throw new IllegalArgumentException(
                    "test-time augmentation: expected at least one pass and a share of 0 to 1, received " + passes
                            + " and " + plain + ".");
        }
    }

    /** fastai's defaults: four passes, a quarter for the item as it is. */
    public static TestTimeAugmentation standard() {
        return new TestTimeAugmentation(4, 0.25);
    }

    /** Returns the same with so many passes. */
    public TestTimeAugmentation passes(int passes) {
        return new TestTimeAugmentation(passes, plain);
    }

    /** Returns the same with another share of the item as it is. */
    public TestTimeAugmentation plain(double share) {
        return new TestTimeAugmentation(passes, share);
    }

    /**
     * What the model says about each item of a loader, by these passes. The losses are those of the mean probabilities.
     * An item that cannot be read in one of the passes keeps the mean of the others.
     */
    public Outputs outputs(Learner<?> learner, Loader<?> loader) {
        var evaluator = new Evaluator(learner);
        var plainOutputs = evaluator.outputs(loader);
        Map<Item, Mean> means = new HashMap<>();
        for (int pass = 1; pass <= passes; pass++) {
            var varied = evaluator.outputs(loader.augmentedInOrder(), pass);
            for (int i = 0; i < varied.items().size(); i++) {
                means.computeIfAbsent(varied.items().get(i), item -> new Mean()).add(pass, varied.probabilities()[i]);
            }
        }
        float[][] rows = new float[plainOutputs.items().size()][];
        for (int i = 0; i < rows.length; i++) {
            float[] own = plainOutputs.probabilities()[i];
            var mean = means.get(plainOutputs.items().get(i));
            rows[i] = mean == null ? own : blended(own, mean.sum, mean.count);
        }
        return new Outputs(
                plainOutputs.classes(),
                plainOutputs.items(),
                plainOutputs.labels(),
                rows,
                loader.dataset().labelled()
                        ? losses(learner.loss(), learner.loaders().target(), rows, plainOutputs.labels())
                        : new double[0]);
    }

    /**
     * The probabilities of one item.
     *
     * @param own those of the item as it is
     * @param varied those of each pass
     */
    public float[] mean(float[] own, List<float[]> varied) {
        double[] sum = new double[own.length];
        varied.forEach(row -> add(sum, row));
        return blended(own, sum, varied.size());
    }

    private static void add(double[] sum, float[] row) {
        for (int k = 0; k < row.length; k++) {
            sum[k] += row[k];
        }
    }

    private float[] blended(float[] own, double[] sum, int count) {
        float[] row = new float[own.length];
        for (int k = 0; k < row.length; k++) {
            row[k] = (float) ((1 - plain) * sum[k] / count + plain * own[k]);
        }
        return row;
    }

    /** The losses of probabilities: of scores whose activation they are. */
    private static double[] losses(Loss loss, TargetBlock target, float[][] rows, List<List<String>> labels) {
        if (rows.length == 0) {
            return new double[0];
        }
        try (var scope = Scope.open()) {
            int columns = rows[0].length;
            double[] flat = new double[rows.length * columns];
            for (int i = 0; i < flat.length; i++) {
                flat[i] = rows[i / columns][i % columns];
            }
            Tensor probabilities = Tensor.of(flat, rows.length, columns); // [N, K]
            Tensor scores =
                    switch (loss.activation()) {
                        case SOFTMAX -> probabilities.clampMin(LEAST).log();
                        case SIGMOID -> probabilities.logit(LEAST);
                        case IDENTITY -> probabilities;
                    };
            return loss.losses(scores.to(DType.FLOAT32), target.collate(new ArrayList<>(labels)))
                    .toDoubleArray();
        }
    }

    /** The sum of one item's probabilities, each pass once. */
    private static final class Mean {
        private double[] sum = {};
        private int last;
        private int count;

        void add(int pass, float[] row) {
            if (pass == last) {
                return; // the first items come twice, to fill the last batch
            }
            last = pass;
            count++;
            sum = sum.length == 0 ? new double[row.length] : sum;
            TestTimeAugmentation.add(sum, row);
        }
    }
}
