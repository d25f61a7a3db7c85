package espalier.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MinimizerTest {
    /** Rosenbrock's valley in many dimensions, with its minimum 0 where all are 1. */
    private static double valley(double[] x, double[] gradient) {
        double value = 0;
        java.util.Arrays.fill(gradient, 0);
        for (int i = 0; i + 1 < x.length; i++) {
            double across = x[i + 1] - x[i] * x[i];
            double along = 1 - x[i];
            value += 100 * across * across + along * along;
            gradient[i] += -400 * across * x[i] - 2 * along;
            gradient[i + 1] += 200 * across;
        }
        return value;
    }

    @Test
    void valley_isFollowedToItsMinimum() {
        double[] start = {-1.2, 1, -1.2, 1, -1.2, 1};
        var minimum = Minimizer.standard().iterations(1000).minimize(MinimizerTest::valley, start);
        assertThat(minimum.x()).containsExactly(new double[] {1, 1, 1, 1, 1, 1}, within(1e-4));
        assertThat(minimum.value()).isCloseTo(0, within(1e-8));
        assertThat(start).containsExactly(-1.2, 1, -1.2, 1, -1.2, 1);
    }

    @Test
    void illConditionedBowl_needsFewSteps() {
        var minimum = Minimizer.standard()
                .minimize(
                        (x, gradient) -> {
                            double value = 0;
                            for (int i = 0; i < x.length; i++) {
                                double curvature = Math.pow(10, i);
                                value += curvature / 2 * (x[i] - i) * (x[i] - i);
                                gradient[i] = curvature * (x[i] - i);
                            }
                            return value;
                        },
                        new double[5]);
        assertThat(minimum.x()).containsExactly(new double[] {0, 1, 2, 3, 4}, within(1e-4));
        assertThat(minimum.iterations()).isLessThan(40);
    }

    @Test
    void minimum_staysWhereItIs() {
        double[] start = {1, 1};
        var minimum = Minimizer.standard().minimize(MinimizerTest::valley, start);
        assertThat(minimum.iterations()).isZero();
        assertThat(minimum.x()).containsExactly(1, 1).isNotSameAs(start);
        assertThat(Minimizer.standard()
                        .iterations(0)
                        .minimize(MinimizerTest::valley, new double[2])
                        .x())
                .containsExactly(0, 0);
    }

    @Test
    void nonsense_isRefused() {
        assertThatThrownBy(() -> new Minimizer(0, 1, 1)).hasMessageContaining("memory");
    }
}
