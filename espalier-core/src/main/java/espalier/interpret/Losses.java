package espalier.interpret;

/** Losses of single items from their probabilities, for predictions that come without. */
final class Losses {
    private Losses() {}

    static double[] crossEntropy(float[][] probabilities, int[] targets) {
        double[] losses = new double[targets.length];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = surprise(probabilities[i][targets[i]]);
        }
        return losses;
    }

    static double[] binaryCrossEntropy(float[][] probabilities, boolean[][] labels) {
        double[] losses = new double[labels.length];
        for (int i = 0; i < losses.length; i++) {
            double sum = 0;
            for (int c = 0; c < labels[i].length; c++) {
                double p = probabilities[i][c];
                sum += surprise(labels[i][c] ? p : 1 - p);
            }
            losses[i] = sum / Math.max(1, labels[i].length);
        }
        return losses;
    }

    /** The smallest normal float stands for zero, whose loss would be infinite. */
    private static double surprise(double probability) {
        return Math.max(0, -Math.log(Math.max(probability, Float.MIN_NORMAL)));
    }
}
