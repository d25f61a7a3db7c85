package espalier.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.nn.AvgPool2d;
import espalier.nn.Conv2d;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Functional.Padding;
import espalier.tensor.Functional.Window;
import espalier.tensor.Recording;
import espalier.tensor.Recording.Step;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NoLeaks.class)
class UnmirroredTest {
    private static Recording recorded(UnaryOperator<Tensor> computation, int size) {
        return Recording.of(computation, n -> Tensor.zeros(n, 2, size, size + 1));
    }

    private static List<String> operations(Recording recording) {
        return recording.steps().stream().map(Step::op).toList();
    }

    /** The convolution that ONNX is told to do. */
    private static Tensor computed(Step step, Tensor x) {
        var window = step.argument(0, Window.class);
        long[] pads = step.argument(1, long[].class);
        long[] none = {0, 0};
        return Functional.conv2d(
                Functional.pad(x, pads[1], pads[3], pads[0], pads[2], Padding.ZEROS),
                FoldedScaleTest.tensor(step.operand(1)),
                Optional.empty(),
                new Window(window.stride(), none, window.dilation(), window.groups()));
    }

    @ParameterizedTest
    @CsvSource({"3, 1, 8", "3, 2, 8", "3, 2, 9", "5, 1, 12", "5, 2, 12", "5, 2, 13", "1, 1, 7", "3, 3, 10"})
    void mirroredConvolution_isOneThatPadsTheOtherSides(int kernel, int stride, int size) {
        try (var scope = Scope.open()) {
            var convolution = Conv2d.of(2, 3, kernel)
                    .stride(stride)
                    .samePadding()
                    .mirrored()
                    .noBias();
            convolution.reset(Rng.of(7));
            UnaryOperator<Tensor> there =
                    x -> convolution.forward(x.flip(2, 3)).relu().flip(2, 3);

            var recording = Unmirrored.of(recorded(there, size));

            assertThat(operations(recording)).containsExactly("conv2d", "relu");
            Tensor x = Tensor.randn(Rng.of(3), 2, 2, size, size + 1);
            float[] expected = there.apply(x).toFloatArray();
            float[] actual = computed(recording.steps().get(0), x).relu().toFloatArray();
            assertThat(actual).hasSameSizeAs(expected);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isCloseTo(expected[i], within(1e-5f));
            }
        }
    }

    @Test
    void whatCannotBeTurnedRound_staysAsItIs() {
        try (var scope = Scope.open()) {
            var pool = AvgPool2d.of(2);
            var pooled = recorded(x -> pool.forward(x.flip(2, 3)).flip(2, 3), 5);
            assertThat(Unmirrored.of(pooled)).isSameAs(pooled);
            var leftMirrored = recorded(x -> x.flip(2, 3).relu(), 4);
            assertThat(Unmirrored.of(leftMirrored)).isSameAs(leftMirrored);
            var other = recorded(x -> x.flip(3).relu().flip(3), 4);
            assertThat(Unmirrored.of(other)).isSameAs(other);
        }
    }
}
