package espalier.train;

/**
 * An exponentially weighted mean of losses, corrected for its start from 0, as fastai shows it: the weight of
 * the past is 0.98.
 */
final class SmoothLoss {
    private static final double BETA = 0.98;

    private double sum;
    private long count;

    void add(double loss) {
        sum = BETA * sum + (1 - BETA) * loss;
        count++;
    }

    double value() {
        return count == 0 ? Double.NaN : sum / (1 - Math.pow(BETA, count));
    }

    /** Forgets the past, as fastai does when a cycle starts. */
    void restart() {
        sum = 0;
        count = 0;
    }

    double[] state() {
        return new double[] {sum, count};
    }

    void restore(double[] state) {
        sum = state[0];
        count = (long) state[1];
    }
}
