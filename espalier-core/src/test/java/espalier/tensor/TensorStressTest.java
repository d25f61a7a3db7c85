package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.rng.Rng;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many threads make, read and free tensors at once. */
class TensorStressTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 200;

    @Test
    void threads_computeTheSameAndLeaveNothingBehind() throws Exception {
        long before = Scope.live();
        try (var outer = Scope.open()) {
            var shared = Tensor.randn(Rng.of(7), 8, 8);
            double expected = round(shared, 0);
            var pool = Executors.newFixedThreadPool(THREADS);
            try {
                var results = new ArrayList<Future<Double>>();
                for (int thread = 0; thread < THREADS; thread++) {
                    results.add(pool.submit((Callable<Double>) () -> {
                        double worst = 0;
                        for (int i = 0; i < ROUNDS; i++) {
                            worst = Math.max(worst, Math.abs(round(shared, 0) - expected));
                        }
                        return worst;
                    }));
                }
                for (var result : results) {
                    assertThat(result.get()).isLessThan(1e-4);
                }
            } finally {
                pool.shutdown();
            }
        }
        assertThat(Scope.live()).isEqualTo(before);
    }

    /** Small operations with nested scopes, a kept tensor, recording on and off. */
    private static double round(Tensor shared, int seed) {
        Tensor kept;
        try (var scope = Scope.open()) {
            var x = Tensor.randn(Rng.of(seed), 8, 8).requiresGrad(true);
            try (var inner = Scope.open()) {
                shared.matmul(x).relu().add(1).log().sum().backward();
            }
            try (var off = Grad.off();
                    var inner = Scope.open()) {
                var gradient = x.grad().orElseThrow();
                assertThat(gradient.add(x).requiresGrad()).isFalse();
                kept = inner.keep(gradient.square().sum());
            }
            assertThat(x.mul(2).requiresGrad()).isTrue();
        }
        try (var scope = Scope.open()) {
            return scope.adopt(kept).item();
        }
    }
}
