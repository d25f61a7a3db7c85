package espalier.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoLeaks.class)
class ActivationTest {
    @ParameterizedTest
    @EnumSource
    void plainJava_computesWhatTensorsDo(Activation activation) {
        for (float[] scores : new float[][] {{0.5f, -2, 3}, {90, -90, 0}, {-800, 800, 799}, {7}}) {
            float[] expected =
                    activation.apply(Tensor.of(scores, 1, scores.length)).toFloatArray();

            assertThat(activation.apply(scores)).as("%s", (Object) scores).containsExactly(expected, within(1e-6f));
        }
    }
}
