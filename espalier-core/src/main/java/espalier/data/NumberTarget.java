package espalier.data;

import espalier.format.ModelDocument;
import espalier.loss.Activation;
import espalier.loss.Loss;
import espalier.loss.Losses;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.nn.Module;
import espalier.nn.Rescale;
import espalier.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One or several quantities of an item, such as its age or a point in a picture: regression. Labels are their decimal
 * numbers in order.
 *
 * <p>The model's last layer, a {@link Rescale} with mean and standard deviation of the training labels, lets its head work
 * with numbers around 0 whatever the unit, and gives scores in the labels' own units. fastai leaves that to the user (its
 * {@code y_range}).
 */
public final class NumberTarget implements TargetBlock {
    private final List<String> names;
    private final Loss loss;
    private final float[] mean;
    private final float[] std;

    private NumberTarget(List<String> names, Loss loss, float[] mean, float[] std) {
        this.names = names;
        this.loss = loss;
        this.mean = mean;
        this.std = std;
    }

    static NumberTarget of(List<String> names) {
        if (names.isEmpty() || names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException(
                    "expected different names of quantities, received " + names + ". Maybe Targets.numbers(\"age\").");
        }
        return new NumberTarget(List.copyOf(names), Losses.mse(), new float[0], new float[0]);
    }

    /** The same quantities learnt by another loss of numbers; {@code Losses.mse()} by default. */
    public NumberTarget loss(Loss loss) {
        if (loss.activation() != Activation.IDENTITY) {
            throw new IllegalArgumentException("numbers: expected a loss of numbers, received " + loss.name()
                    + ". Maybe Losses.mse(), Losses.l1() or Losses.huber().");
        }
        return new NumberTarget(names, loss, mean, std);
    }

    @Override
    public String task() {
        return ModelDocument.REGRESSION;
    }

    @Override
    public TargetBlock fit(List<List<String>> trainingLabels) {
        int n = trainingLabels.size();
        float[] means = new float[names.size()];
        float[] deviations = new float[names.size()];
        for (int k = 0; k < means.length; k++) {
            int column = k;
            double[] values = trainingLabels.stream()
                    .mapToDouble(labels -> Double.parseDouble(labels.get(column)))
                    .toArray();
            double average = IntStream.range(0, n).mapToDouble(i -> values[i]).sum() / n;
            double square = IntStream.range(0, n)
                    .mapToDouble(i -> (values[i] - average) * (values[i] - average))
                    .sum();
            means[k] = (float) average;
            deviations[k] = (float) Math.sqrt(square / n);
        }
        return new NumberTarget(names, loss, means, deviations);
    }

    @Override
    public List<String> classes() {
        return names;
    }

    /** No: each item has a number of its own. */
    @Override
    public boolean hasClasses() {
        return false;
    }

    @Override
    public Optional<String> problem() {
        return IntStream.range(0, std.length)
                .filter(k -> !(std[k] > 0))
                .mapToObj(k -> "all training items have the same " + names.get(k) + ", " + mean[k]
                        + ". Maybe it is another column")
                .findFirst();
    }

    @Override
    public Optional<String> malformed(List<String> labels) {
        if (labels.size() != names.size()) {
            return Optional.of("has " + labels.size() + " numbers, not " + names.size());
        }
        return IntStream.range(0, names.size())
                .filter(k -> !isNumber(labels.get(k)))
                .mapToObj(k -> labels.get(k).isBlank()
                        ? "has no " + names.get(k)
                        : "its " + names.get(k) + ", " + labels.get(k) + ", is no finite number")
                .findFirst();
    }

    private static boolean isNumber(String text) {
        try {
            return Float.isFinite(Float.parseFloat(text));
        } catch (NumberFormatException other) {
            return false;
        }
    }

    @Override
    public Optional<String> reject(List<String> labels) {
        return malformed(labels);
    }

    @Override
    public Tensor collate(List<List<String>> labels) {
        float[] values = new float[labels.size() * names.size()];
        for (int n = 0; n < labels.size(); n++) {
            for (int k = 0; k < names.size(); k++) {
                values[n * names.size() + k] = Float.parseFloat(labels.get(n).get(k));
            }
        }
        return Tensor.of(values, labels.size(), names.size()); // [N, K]
    }

    @Override
    public Loss loss() {
        return loss;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metrics.mae(), Metrics.rmse());
    }

    /** 0 each, which the output makes their mean. */
    @Override
    public List<Double> firstScores() {
        return Collections.nCopies(names.size(), 0.0);
    }

    @Override
    public Optional<Module> output() {
        return Optional.of(Rescale.of(mean, std));
    }
}
