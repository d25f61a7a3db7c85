package espalier.text;

import espalier.report.DataException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What is to be said of each text: one class, any number of tags, or quantities. Immutable. */
public sealed interface TextTargets permits TextTargets.Classes, TextTargets.Tags, TextTargets.Numbers {
    /** What is said of a text. */
    TextOutput output();

    /** The number of texts, N. */
    int size();

    /** The number of outputs of a linear model, O. */
    int outputs();

    /** The labels of a text; none where it has quantities. */
    int[] labels(int row);

    /** The texts at some places, in that order. */
    TextTargets select(int... places);

    /** These and those of other texts, of the same kind. */
    TextTargets plus(TextTargets others);

    /** The loss of a text by its scores, which are replaced by the loss's slopes. */
    double loss(int row, double[] scores);

    /** Probabilities of scores, a number for each class or tag; or quantities. */
    float[] probabilities(double[] scores);

    /** Whether all labels of a text are right; never so of quantities. */
    boolean isRight(int row, float[] probabilities);

    /** A model fitted to these targets such that its scores have their unit. */
    default LinearModel inUnits(LinearModel fitted) {
        return fitted;
    }

    /**
     * One class of each text.
     *
     * @param count the number of classes, at least 2
     * @param classes {@code [N]}
     */
    record Classes(int count, int[] classes) implements TextTargets {
        public Classes {
            if (count < 2 || Arrays.stream(classes).anyMatch(one -> one < 0 || one >= count)) {
                throw new IllegalArgumentException(
                        "classes are numbers from 0 to below their count, which is at least 2," + " but the count is "
                                + count + ". Maybe all texts are of one class.");
            }
        }

        @Override
        public int size() {
            return classes.length;
        }

        @Override
        public int outputs() {
            return count == 2 ? 1 : count;
        }

        @Override
        public int[] labels(int row) {
            return new int[] {classes[row]};
        }

        @Override
        public TextOutput output() {
            return TextOutput.CLASSES;
        }

        @Override
        public Classes plus(TextTargets others) {
            return new Classes(
                    count,
                    Stream.of(classes, ((Classes) others).classes)
                            .flatMapToInt(Arrays::stream)
                            .toArray());
        }

        @Override
        public boolean isRight(int row, float[] probabilities) {
            return TextOutput.greatest(probabilities) == classes[row];
        }

        @Override
        public Classes select(int... places) {
            return new Classes(count, Arrays.stream(places).map(i -> classes[i]).toArray());
        }

        @Override
        public double loss(int row, double[] scores) {
            if (count == 2) {
                return logistic(scores, 0, classes[row] == 1);
            }
            double greatest = Arrays.stream(scores).max().orElseThrow();
            double own = scores[classes[row]];
            double sum = 0;
            for (int k = 0; k < count; k++) {
                scores[k] = Math.exp(scores[k] - greatest);
                sum += scores[k];
            }
            for (int k = 0; k < count; k++) {
                scores[k] /= sum;
            }
            scores[classes[row]] -= 1;
            return Math.log(sum) + greatest - own;
        }

        @Override
        public float[] probabilities(double[] scores) {
            return output().of(scores, count);
        }
    }

    /**
     * Any number of tags of each text.
     *
     * @param count the number of tags, at least 1
     * @param tags {@code [N]}, the tags of each text
     */
    record Tags(int count, int[][] tags) implements TextTargets {
        public Tags {
            if (count < 1
                    || Arrays.stream(tags).flatMapToInt(Arrays::stream).anyMatch(one -> one < 0 || one >= count)) {
                throw new IllegalArgumentException(
                        "tags are numbers from 0 to below their count, which is at least 1, but" + " the count is "
                                + count + ". Maybe no text has a tag.");
            }
        }

        @Override
        public int size() {
            return tags.length;
        }

        @Override
        public int outputs() {
            return count;
        }

        @Override
        public int[] labels(int row) {
            return tags[row].clone();
        }

        @Override
        public TextOutput output() {
            return TextOutput.TAGS;
        }

        @Override
        public Tags plus(TextTargets others) {
            return new Tags(
                    count,
                    Stream.of(tags, ((Tags) others).tags)
                            .flatMap(Arrays::stream)
                            .toArray(int[][]::new));
        }

        @Override
        public boolean isRight(int row, float[] probabilities) {
            for (int k = 0; k < count; k++) {
                if (contains(tags[row], k) != probabilities[k] > TextOutput.TAG_THRESHOLD) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public Tags select(int... places) {
            return new Tags(count, Arrays.stream(places).mapToObj(i -> tags[i]).toArray(int[][]::new));
        }

        @Override
        public double loss(int row, double[] scores) {
            double loss = 0;
            for (int k = 0; k < count; k++) {
                loss += logistic(scores, k, contains(tags[row], k));
            }
            return loss;
        }

        private static boolean contains(int[] tags, int tag) {
            for (int one : tags) {
                if (one == tag) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public float[] probabilities(double[] scores) {
            return output().of(scores, count);
        }
    }

    /**
     * Quantities of each text. A model is fitted to them in standard deviations from the mean, so that the strength of a
     * regression means the same in any unit; its loss is half the squared error.
     *
     * @param values {@code [N, K]}
     * @param mean of each quantity
     * @param std its standard deviation, above 0
     */
    record Numbers(float[][] values, float[] mean, float[] std) implements TextTargets {
        /**
         * Quantities with their own mean and deviation.
         *
         * @param names what they are called, in messages
         * @throws DataException when all texts have the same of one
         */
        static Numbers of(List<String> names, float[][] values) {
            int columns = names.size();
            float[] mean = new float[columns];
            float[] std = new float[columns];
            for (int k = 0; k < columns; k++) {
                int column = k;
                double average = Arrays.stream(values)
                        .mapToDouble(row -> row[column])
                        .average()
                        .orElse(0);
                double square = Arrays.stream(values)
                        .mapToDouble(row -> (row[column] - average) * (row[column] - average))
                        .average()
                        .orElse(0);
                mean[k] = (float) average;
                std[k] = (float) Math.sqrt(square);
                if (!(std[k] > 0)) {
                    throw new DataException("all texts have the same " + names.get(k) + ", " + mean[k]
                            + ". Maybe it is another column.");
                }
            }
            return new Numbers(values, mean, std);
        }

        @Override
        public TextOutput output() {
            return TextOutput.NUMBERS;
        }

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public int outputs() {
            return mean.length;
        }

        @Override
        public int[] labels(int row) {
            return new int[0];
        }

        @Override
        public Numbers select(int... places) {
            return new Numbers(Arrays.stream(places).mapToObj(i -> values[i]).toArray(float[][]::new), mean, std);
        }

        @Override
        public Numbers plus(TextTargets others) {
            return new Numbers(
                    Stream.of(values, ((Numbers) others).values)
                            .flatMap(Arrays::stream)
                            .toArray(float[][]::new),
                    mean,
                    std);
        }

        @Override
        public double loss(int row, double[] scores) {
            double loss = 0;
            for (int k = 0; k < mean.length; k++) {
                scores[k] -= (values[row][k] - mean[k]) / std[k];
                loss += scores[k] * scores[k] / 2;
            }
            return loss;
        }

        @Override
        public float[] probabilities(double[] scores) {
            float[] said = new float[mean.length];
            for (int k = 0; k < said.length; k++) {
                said[k] = (float) (scores[k] * std[k] + mean[k]);
            }
            return said;
        }

        @Override
        public boolean isRight(int row, float[] probabilities) {
            return false;
        }

        @Override
        public LinearModel inUnits(LinearModel fitted) {
            double[] weights = fitted.parameters().clone();
            int outputs = mean.length;
            for (int i = 0; i < weights.length; i++) {
                weights[i] *= std[i % outputs];
            }
            for (int k = 0; k < outputs; k++) {
                weights[fitted.features() * outputs + k] += mean[k];
            }
            return new LinearModel(fitted.features(), outputs, weights);
        }
    }

    /** {@code ln(1 + exp(-s))} of a score that should be high, of minus the score else. */
    private static double logistic(double[] scores, int k, boolean yes) {
        double score = scores[k];
        scores[k] = TextOutput.sigmoid(score) - (yes ? 1 : 0);
        double against = yes ? -score : score;
        return Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(score)));
    }
}
