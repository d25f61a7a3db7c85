package espalier.tensor;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class TensorTest {
    private static Tensor matrix() {
        return Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    }

    @Test
    void creation_copiesJavaArraysOfEveryType() {
        assertThat(matrix()).hasShape(2, 3).isCloseTo(new double[] {1, 2, 3, 4, 5, 6}, 0);
        assertThat(Tensor.of(new long[] {1L << 40}, 1).toLongArray()).containsExactly(1L << 40);
        assertThat(Tensor.of(new byte[] {-1, 1}, 2).toLongArray()).containsExactly(255, 1);
        assertThat(Tensor.of(new boolean[] {true, false}, 2).toLongArray()).containsExactly(1, 0);
        assertThat(Tensor.of(new double[] {0.1}, 1).toDoubleArray()).containsExactly(0.1);
        assertThat(Tensor.from(ByteBuffer.wrap(new byte[] {0, 0, -128, 63}), DType.FLOAT32)
                        .item())
                .isEqualTo(1);
        assertThat(Tensor.arange(2, 5).toLongArray()).containsExactly(2, 3, 4);
        assertThat(Tensor.eye(2)).isCloseTo(new double[] {1, 0, 0, 1}, 0);
        assertThat(Tensor.linspace(0, 1, 3)).isCloseTo(new double[] {0, 0.5, 1}, 1e-7);
    }

    @Test
    void empty_tensorsGoInAndOut() {
        assertThat(Tensor.of(new float[0], 0, 3).toFloatArray()).isEmpty();
        assertThat(Tensor.of(new double[0], 0).toDoubleArray()).isEmpty();
        assertThat(Tensor.of(new long[0], 2, 0)).hasShape(2, 0);
        assertThat(Tensor.of(new long[0], 0).toLongArray()).isEmpty();
        assertThat(Tensor.of(new int[0], 0).numel()).isZero();
        assertThat(Tensor.of(new byte[0], 0).toByteArray()).isEmpty();
        assertThat(Tensor.of(new boolean[0], 0).dtype()).isEqualTo(DType.BOOL);
        assertThat(Tensor.zeros(0).buffer().remaining()).isZero();
    }

    @Test
    void creation_refusesWrongCounts() {
        assertThatThrownBy(() -> Tensor.of(new float[] {1, 2}, 3))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("2 values")
                .hasMessageContaining("[3]");
    }

    @Test
    void arithmetic_broadcastsAndKeepsWholeNumbersWhole() {
        var row = Tensor.of(new float[] {10, 20, 30}, 3);
        assertThat(matrix().add(row)).isCloseTo(new double[] {11, 22, 33, 14, 25, 36}, 0);
        assertThat(Tensor.arange(0, 3).add(1).dtype()).isEqualTo(DType.INT64);
        assertThat(Tensor.arange(0, 3).add(0.5).dtype()).isEqualTo(DType.FLOAT32);
        assertThatThrownBy(() -> matrix().add(Tensor.zeros(2)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("[2, 3]")
                .hasMessageContaining("[2]")
                .hasMessageContaining("Maybe");
    }

    @Test
    void inPlace_changesTheTensorAndRefusesGrowing() {
        var x = matrix();
        assertThat(x.add_(1).log2_()).isSameAs(x);
        assertThat(x.toFloatArray()[0]).isEqualTo(1f);
        assertThatThrownBy(() -> Tensor.zeros(3).add_(matrix())).isInstanceOf(ShapeException.class);
    }

    @Test
    void indexing_followsPyTorch() {
        var x = Tensor.arange(0, 24).reshape(2, 3, 4);
        assertThat(x.get(Index.at(-1), Index.slice(1, 3), Index.at(0)).toLongArray())
                .containsExactly(16, 20);
        assertThat(x.get(Index.newAxis(), Index.at(0))).hasShape(1, 3, 4);
        assertThat(x.get(Index.all(), Index.of(2, 0)).toLongArray())
                .containsExactly(8, 9, 10, 11, 0, 1, 2, 3, 20, 21, 22, 23, 12, 13, 14, 15);
        assertThat(x.get(Index.of(x.gt(21))).toLongArray()).containsExactly(22, 23);
        assertThat(x.get(Index.slice(0, 2), Index.slice(-1, 99), Index.slice(0, 4, 2))
                        .toLongArray())
                .containsExactly(8, 10, 20, 22);
        x.set_(Tensor.scalar(-1), Index.at(0), Index.at(0));
        assertThat(x.flatten().narrow(0, 0, 5).toLongArray()).containsExactly(-1, -1, -1, -1, 4);
        assertThatThrownBy(() -> x.select(1, 3))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("[2, 3, 4]");
    }

    @Test
    void reductions_workOverDimensions() {
        var x = matrix();
        assertThat(x.sum(0)).isCloseTo(new double[] {5, 7, 9}, 0);
        assertThat(x.mean(true, -1)).hasShape(2, 1).isCloseTo(new double[] {2, 5}, 0);
        assertThat(x.max(1).indices().toLongArray()).containsExactly(2, 2);
        assertThat(x.var(1).item()).isEqualTo(3.5);
        assertThat(x.topk(2, 1).values()).isCloseTo(new double[] {3, 2, 6, 5}, 0);
    }

    @Test
    void matmul_namesBothShapesWhenTheyDoNotFit() {
        assertThat(matrix().matmul(matrix().t())).isCloseTo(new double[] {14, 32, 32, 77}, 0);
        assertThatThrownBy(() -> matrix().matmul(matrix()))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("[2, 3]")
                .hasMessageContaining("transpose");
    }

    @Test
    void backward_addsUpGradients() {
        var x = matrix().requiresGrad(true);
        x.mul(x).sum().backward();
        assertThat(x.grad().orElseThrow()).isCloseTo(new double[] {2, 4, 6, 8, 10, 12}, 0);
        x.sum().backward();
        assertThat(x.grad().orElseThrow().get(Index.at(0), Index.at(0)).item()).isEqualTo(3);
        x.clearGrad();
        assertThat(x.grad()).isEmpty();
        try (var off = Grad.off()) {
            assertThat(x.mul(2).requiresGrad()).isFalse();
        }
        assertThatThrownBy(() -> matrix().sum().backward()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void randomness_dependsOnTheRngAlone() {
        assertThat(Tensor.randn(Rng.of(1), 5)).isCloseTo(Tensor.randn(Rng.of(1), 5), 0);
        assertThat(Tensor.rand(Rng.of(1), 1000).mean().item()).isBetween(0.45, 0.55);
    }

    @Test
    void catAndStack_nameTheOddOne() {
        assertThat(Tensor.cat(List.of(matrix(), matrix()), 0)).hasShape(4, 3);
        assertThat(Tensor.stack(List.of(matrix(), matrix()), 1)).hasShape(2, 2, 3);
        assertThatThrownBy(() -> Tensor.stack(List.of(matrix(), matrix().t()), 0))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("tensor 1");
    }

    @Test
    void scope_freesWhatIsNotKept() {
        Tensor kept;
        Tensor lost;
        try (var scope = Scope.open()) {
            lost = Tensor.ones(3);
            kept = scope.keep(lost.add(1));
        }
        assertThat(lost.isClosed()).isTrue();
        assertThat(kept.sum().item()).isEqualTo(6);
        assertThatThrownBy(lost::sum).isInstanceOf(IllegalStateException.class).hasMessageContaining("keep");
        kept.close();
    }

    @Test
    void scope_adoptsAcrossThreads() throws Exception {
        var made = new Tensor[1];
        var worker = new Thread(() -> {
            try (var scope = Scope.open()) {
                made[0] = scope.keep(Tensor.ones(2));
            }
        });
        worker.start();
        worker.join();
        long before = Scope.live();
        try (var scope = Scope.open()) {
            scope.adopt(made[0]);
            assertThat(Scope.live()).isEqualTo(before + 1);
        }
        assertThat(made[0].isClosed()).isTrue();
        assertThat(Scope.live()).isEqualTo(before);
    }

    @Test
    void printing_looksLikePyTorch() {
        assertThat(matrix().toString()).isEqualTo("tensor([[1., 2., 3.],\n        [4., 5., 6.]])");
        assertThat(Tensor.of(new double[] {0.5, -1}, 2).toString())
                .isEqualTo("tensor([ 0.5000, -1.0000], dtype=torch.float64)");
        assertThat(Tensor.scalar(2.5).requiresGrad(true).toString()).isEqualTo("tensor(2.5000, requires_grad=True)");
    }

    @Test
    void nativeFailures_sayWhichOperation() {
        assertThatThrownBy(() -> Tensor.zeros(2, 2).inverse())
                .isInstanceOf(NativeException.class)
                .hasMessageContaining("inverse")
                .hasMessageContaining("singular");
    }
}
