package espalier.optim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Finds the minimum of a smooth function of many variables from its values and gradients: L-BFGS, for functions that are
 * computed whole, such as a regression over all items. For mini-batches there are the {@link Optimizers}.
 *
 * <pre>{@code
 * double[] x = Minimizer.standard().minimize(objective, new double[n]).x();
 * }</pre>
 *
 * <p>The length of a step is found by bracketing and bisection until the weak Wolfe conditions hold. For a convex function
 * the result is its minimum.
 *
 * @param memory how many steps describe the curvature, 10
 * @param iterations the most steps, 200
 * @param tolerance the search ends where no part of the gradient is larger, 1e-5
 * @paper Liu and Nocedal 1989, "On the limited memory BFGS method for large scale optimization",
 *     <a href="https://doi.org/10.1007/BF01589116">doi:10.1007/BF01589116</a>
 */
public record Minimizer(int memory, int iterations, double tolerance) {
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final int MOST_TRIES = 40;

    /** A function with its gradient. */
    @FunctionalInterface
    public interface Objective {
        /** The value at {@code x}; writes the gradient, of the same length, into {@code gradient}, which begins as 0. */
        double at(double[] x, double[] gradient);
    }

    /**
     * Where the search ended.
     *
     * @param x the place
     * @param value the function there
     * @param iterations how many steps it took
     * @param converged whether the tolerance was met
     */
    public record Minimum(double[] x, double value, int iterations, boolean converged) {}

    /** Checks the numbers. */
    public Minimizer {
        if (memory < 1 || iterations < 0 || !(tolerance >= 0)) {
            throw new IllegalArgumentException("a search needs a memory of 1 or more, iterations and a tolerance,"
                    + " received " + memory + ", " + iterations + " and " + tolerance);
        }
    }

    /** The usual settings. */
    public static Minimizer standard() {
        return new Minimizer(10, 200, 1e-5);
    }

    /** The same with another number of iterations. */
    public Minimizer iterations(int most) {
        return new Minimizer(memory, most, tolerance);
    }

    /** The same with another tolerance. */
    public Minimizer tolerance(double tolerance) {
        return new Minimizer(memory, iterations, tolerance);
    }

    /** The minimum found from {@code start} on, which stays as it is. */
    public Minimum minimize(Objective objective, double[] start) {
        return new Search(objective, start).run();
    }

    /** A step and how the gradient changed by it. */
    private record Pair(double[] step, double[] change, double rho) {}

    /** One search. */
    private final class Search {
        private final Objective objective;
        private final Deque<Pair> pairs = new ArrayDeque<>();
        private double[] x;
        private double[] gradient;
        private double value;
        private double[] nextX;
        private double[] nextGradient;

        Search(Objective objective, double[] start) {
            this.objective = objective;
            this.x = start.clone();
            this.gradient = new double[x.length];
            this.value = objective.at(x, gradient);
            this.nextX = new double[x.length];
            this.nextGradient = new double[x.length];
        }

        Minimum run() {
            int done = 0;
            while (done < iterations && largest(gradient) > tolerance) {
                double next = step(direction());
                if (!(next < value)) {
                    break; // as low as rounding allows
                }
                remember();
                double[] before = x;
                x = nextX;
                nextX = before;
                before = gradient;
                gradient = nextGradient;
                nextGradient = before;
                value = next;
                done++;
            }
            return new Minimum(x, value, done, largest(gradient) <= tolerance);
        }

        /** Goes on in a direction until the Wolfe conditions hold; returns the value there. */
        private double step(double[] direction) {
            double descent = dot(gradient, direction);
            double low = 0;
            double high = Double.POSITIVE_INFINITY;
            double length = pairs.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
            double found = value;
            for (int i = 0; i < MOST_TRIES; i++) {
                for (int j = 0; j < x.length; j++) {
                    nextX[j] = x[j] + length * direction[j];
                    nextGradient[j] = 0;
                }
                found = objective.at(nextX, nextGradient);
                if (!(found <= value + DECREASE * length * descent)) {
                    high = length;
                } else if (dot(nextGradient, direction) < CURVATURE * descent) {
                    low = length;
                } else {
                    return found;
                }
                length = high == Double.POSITIVE_INFINITY ? 2 * length : (low + high) / 2;
            }
            return found;
        }

        private void remember() {
            var pair = pairs.size() == memory
                    ? pairs.removeLast()
                    : new Pair(new double[x.length], new double[x.length], 0);
            double curvature = 0;
            for (int i = 0; i < x.length; i++) {
                pair.step[i] = nextX[i] - x[i];
                pair.change[i] = nextGradient[i] - gradient[i];
                curvature += pair.step[i] * pair.change[i];
            }
            if (curvature > 0) {
                pairs.addFirst(new Pair(pair.step, pair.change, 1 / curvature));
            }
        }

        /** Minus the gradient, scaled by what the last steps tell of the curvature: the two-loop recursion. */
        private double[] direction() {
            double[] q = new double[gradient.length];
            add(q, -1, gradient);
            double[] alphas = new double[pairs.size()];
            int n = 0;
            for (var pair : pairs) {
                alphas[n] = pair.rho * dot(pair.step, q);
                add(q, -alphas[n++], pair.change);
            }
            if (n > 0) {
                var newest = pairs.getFirst();
                double scale = 1 / (newest.rho * dot(newest.change, newest.change));
                for (int i = 0; i < q.length; i++) {
                    q[i] *= scale;
                }
            }
            for (Iterator<Pair> oldest = pairs.descendingIterator(); oldest.hasNext(); ) {
                var pair = oldest.next();
                double beta = pair.rho * dot(pair.change, q);
                add(q, alphas[--n] - beta, pair.step);
            }
            return q;
        }
    }

    private static void add(double[] sum, double factor, double[] x) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * x[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double even = 0;
        double odd = 0;
        int i = 0;
        for (; i + 1 < a.length; i += 2) {
            even += a[i] * b[i];
            odd += a[i + 1] * b[i + 1];
        }
        return i < a.length ? even + odd + a[i] * b[i] : even + odd;
    }

    private static double largest(double[] a) {
        double largest = 0;
        for (double one : a) {
            largest = Math.max(largest, Math.abs(one));
        }
        return largest;
    }
}
