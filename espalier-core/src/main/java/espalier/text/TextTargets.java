package espalier.text;

import java.util.Arrays;

/** What is to be said of each text: one class, or any number of tags. Immutable. */
public sealed interface TextTargets permits TextTargets.Classes, TextTargets.Tags {
    /** The number of texts, N. */
    int size();

    /** The number of outputs of a linear model, O. */
    int outputs();

    /** The labels of a text. */
    int[] labels(int row);

    /** The texts at some places, in that order. */
    TextTargets select(int... places);

    /** The loss of a text by its scores, which are replaced by the loss's slopes. */
    double loss(int row, double[] scores);

    /** Probabilities of scores, a number for each class or tag. */
    float[] probabilities(double[] scores);

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
            return softmax(scores, count);
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
            return sigmoid(scores);
        }
    }

    /** The softmax of scores; a single score is that of the second of two classes, against 0. */
    static float[] softmax(double[] scores, int classes) {
        double[] all = scores.length == 1 && classes == 2 ? new double[] {0, scores[0]} : scores;
        double greatest = Arrays.stream(all).max().orElseThrow();
        double sum = Arrays.stream(all).map(score -> Math.exp(score - greatest)).sum();
        float[] probabilities = new float[all.length];
        for (int k = 0; k < all.length; k++) {
            probabilities[k] = (float) (Math.exp(all[k] - greatest) / sum);
        }
        return probabilities;
    }

    /** The logistic function of each score. */
    static float[] sigmoid(double[] scores) {
        float[] probabilities = new float[scores.length];
        for (int k = 0; k < scores.length; k++) {
            probabilities[k] = (float) sigmoid(scores[k]);
        }
        return probabilities;
    }

    private static double sigmoid(double score) {
        double small = Math.exp(-Math.abs(score));
        return (score >= 0 ? 1 : small) / (1 + small);
    }

    /** {@code ln(1 + exp(-s))} of a score that should be high, of minus the score else. */
    private static double logistic(double[] scores, int k, boolean yes) {
        double score = scores[k];
        scores[k] = sigmoid(score) - (yes ? 1 : 0);
        double against = yes ? -score : score;
        return Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(score)));
    }
}
