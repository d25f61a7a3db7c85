package espalier.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.format.RawTensor;
import espalier.nn.Conv2d;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Functional.Window;
import espalier.tensor.Recording;
import espalier.tensor.Recording.Constant;
import espalier.tensor.Recording.Step;
import espalier.tensor.Recording.Value;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.weights.Weights;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class FoldedScaleTest {
    private static final int SIDE = 9;

    private static Recording recorded(UnaryOperator<Tensor> computation) {
        return Recording.of(computation, n -> Tensor.zeros(n, 3, SIDE, SIDE));
    }

    private static Tensor channels(double... values) {
        float[] all = new float[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) values[i];
        }
        return Tensor.of(all, 1, all.length, 1, 1);
    }

    private static List<String> operations(Recording recording) {
        return recording.steps().stream().map(Step::op).toList();
    }

    /** A recorded constant. */
    static Tensor tensor(Value value) {
        var constant = (Constant) value;
        long[] shape =
                constant.kind().sizes().stream().mapToLong(Long::longValue).toArray();
        return Weights.tensor(RawTensor.of(constant.kind().dtype(), shape, ByteBuffer.wrap(constant.data())));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void normalisation_isDoneByTheFirstConvolution(boolean bytes) {
        try (var scope = Scope.open()) {
            var mean = channels(0.4, 0.5, 0.6);
            var deviation = channels(0.2, 0.25, 0.3);
            var convolution = Conv2d.of(3, 4, 3).padding(1).stride(2);
            convolution.reset(Rng.of(5));
            UnaryOperator<Tensor> network = x -> convolution
                    .forward((bytes ? x.div(255) : x).sub(mean).div(deviation))
                    .relu();

            var folded = FoldedScale.of(recorded(network));

            assertThat(operations(folded)).containsExactly("sub", "conv2d", "relu");
            var last = folded.steps().get(1);
            Tensor x = Tensor.rand(Rng.of(1), 2, 3, SIDE, SIDE).mul(bytes ? 255 : 1);
            float[] expected = network.apply(x).toFloatArray();
            float[] actual = Functional.conv2d(
                            x.sub(tensor(folded.steps().get(0).operand(1))),
                            tensor(last.operand(1)),
                            Optional.of(tensor(last.operand(2))),
                            last.argument(0, Window.class))
                    .relu()
                    .toFloatArray();
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isCloseTo(expected[i], within(1e-5f));
            }
        }
    }

    @Test
    void otherBeginnings_stayAsTheyAre() {
        try (var scope = Scope.open()) {
            var mean = channels(0.4, 0.5, 0.6);
            var deviation = channels(0.2, 0.25, 0.3);
            var convolution = Conv2d.of(3, 3, 3).padding(1);
            var twice = recorded(x -> {
                Tensor scaled = x.sub(mean).div(deviation);
                return convolution.forward(scaled).add(scaled); // what was scaled is used again
            });
            assertThat(FoldedScale.of(twice)).isSameAs(twice);
            var between =
                    recorded(x -> convolution.forward(x.sub(mean).div(deviation).relu()));
            assertThat(FoldedScale.of(between)).isSameAs(between);
            var none = recorded(convolution::forward);
            assertThat(FoldedScale.of(none)).isSameAs(none);
        }
    }
}
