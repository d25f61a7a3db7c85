package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.DType;
import espalier.tensor.Recording.Constant;
import espalier.tensor.Recording.Input;
import espalier.tensor.Recording.Kind;
import espalier.tensor.Recording.Result;
import espalier.testing.NoLeaks;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class RecordingTest {
    private static Recording record(UnaryOperator<Tensor> computation) {
        return Recording.of(computation, n -> Tensor.zeros(n, 3));
    }

    private static Result result(int step) {
        return new Result(step, 0, new Kind(DType.FLOAT32, List.of(-1L, 3L)));
    }

    private static List<String> ops(Recording recording) {
        return recording.steps().stream().map(Recording.Step::op).toList();
    }

    @Test
    void steps_areTheOperationsWithTheirOperandsAndNumbers() {
        var recording = record(x -> x.mul(2).add(x).relu());

        assertThat(ops(recording)).containsExactly("mul", "add", "relu");
        assertThat(recording.steps().get(0).operand(0)).isInstanceOf(Input.class);
        assertThat(recording.steps().get(0).arguments()).containsExactly(2.0);
        assertThat(recording.steps().get(1).operand(0)).isEqualTo(result(0));
        assertThat(recording.steps().get(1).operand(1)).isInstanceOf(Input.class);
        assertThat(recording.output()).isEqualTo(result(2));
    }

    @Test
    void inPlaceOperation_givesItsTensorANewValue() {
        var recording = record(x -> {
            Tensor y = x.mul(2);
            y.relu_();
            return y.add(x);
        });

        assertThat(ops(recording)).containsExactly("mul", "relu", "add");
        assertThat(recording.steps().get(2).operand(0)).isEqualTo(result(1));
    }

    @Test
    void whatDoesNotDependOnTheInput_isAConstantAsItWasWhenUsed() {
        var recording = record(x -> {
            Tensor weight = Tensor.of(new float[] {1, 2, 3}, 3).flip(0);
            Tensor y = x.mul(weight);
            weight.zero_();
            return y.mul(weight);
        });

        assertThat(ops(recording)).containsExactly("mul", "mul");
        assertThat(floats(recording.steps().get(0).operand(1))).containsExactly(3, 2, 1);
        assertThat(floats(recording.steps().get(1).operand(1))).containsExactly(0, 0, 0);
    }

    @Test
    void constantThatIsChangedByTheInput_startsFromItsValue() {
        var recording = record(x -> Tensor.ones(1, 3).add_(x.mean(true, 0)));

        assertThat(ops(recording)).containsExactly("mean", "add");
        assertThat(floats(recording.steps().get(1).operand(0))).containsExactly(1, 1, 1);
    }

    private static float[] floats(Recording.Value value) {
        var constant = (Constant) value;
        var buffer = java.nio.ByteBuffer.wrap(constant.data())
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    @Test
    void sizesOfTheBatch_areLeftOpen() {
        var recording = record(x -> x.reshape(x.size(0), 3, 1).reshape(x.size(0) * 3));

        assertThat(recording.steps().get(0).argument(0, long[].class)).containsExactly(-1, 3, 1);
        assertThat(recording.steps().get(1).argument(0, long[].class)).containsExactly(-1);
    }

    @Test
    void zerosAsLongAsTheBatch_areLeftOpenToo() {
        var recording = record(x -> x.add(Tensor.zeros(x.size(0), 3)));

        assertThat(recording.steps().get(0).operand(1).kind().sizes()).containsExactly(-1L, 3L);
    }

    @Test
    void whatHoldsForOneBatchAlone_isRefused() {
        assertThatThrownBy(() -> record(x -> x.add(Tensor.full(1, x.size(0), 3))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("grows with the batch");
        assertThatThrownBy(() -> record(x -> x.size(0) > 2 ? x.mul(2) : x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another course");
        assertThatThrownBy(() -> record(x -> x.mul((double) x.size(0)))).hasMessageContaining("cannot hold");
    }

    @Test
    void lookingAtValues_isRefused() {
        assertThatThrownBy(() -> record(x -> x.mul(x.mean().item()))).hasMessageContaining("looks at values");
        assertThatThrownBy(() -> record(x -> x.mul(x.sum().toFloatArray()[0]))).hasMessageContaining("looks at values");
        assertThatThrownBy(() -> record(x -> x.allClose(x.mul(1), 0, 0) ? x : x.neg()))
                .hasMessageContaining("looks at values");
    }

    @Test
    void tensorWhoseMemoryWasChangedThroughAnother_isRefused() {
        assertThatThrownBy(() -> record(x -> {
                    Tensor y = x.mul(2);
                    y.narrow(1, 0, 1).zero_();
                    return y;
                }))
                .hasMessageContaining("after its memory was changed");
    }

    @Test
    void operationsOfOtherThreadsAndOfLater_areNotRecorded() {
        var recording = record(x -> {
            var other = new Thread(() -> {
                try (var scope = Scope.open()) {
                    Tensor.ones(2).mul(3).sum().item();
                }
            });
            other.start();
            try {
                other.join();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            return x.neg();
        });
        try (var scope = Scope.open()) {
            Tensor.ones(2).mul(3);
        }

        assertThat(ops(recording)).containsExactly("neg");
    }
}
