package espalier.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.DType;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.nn.Linear;
import espalier.nn.Sequential;
import espalier.tensor.Scope;
import espalier.testing.NoLeaks;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class WeightsTest {
    @Test
    void weights_of_one_module_load_into_another() {
        try (var from = Sequential.of(Linear.of(3, 2), Linear.of(2, 1));
                var to = Sequential.of(Linear.of(3, 2), Linear.of(2, 1))) {
            Map<String, RawTensor> weights = new LinkedHashMap<>(Weights.of(from));
            assertThat(weights.keySet())
                    .containsExactlyElementsOf(from.stateDict().keySet());
            weights.put("0.bias", RawTensor.of(new float[] {5, 6}, 2));
            Weights.load(to, weights, "test");
            assertThat(to.stateDict().get("0.bias").toFloatArray()).containsExactly(5, 6);
            assertThat(to.stateDict().get("1.weight").toFloatArray())
                    .containsExactly(from.stateDict().get("1.weight").toFloatArray());
            assertThat(to.stateDict().get("1.weight").requiresGrad()).isTrue();
        }
    }

    @Test
    void M08_otherWeights_areRefusedWithoutPartialLoad() {
        try (var module = Sequential.of(Linear.of(3, 2))) {
            float[] before = module.stateDict().get("0.weight").toFloatArray();
            Map<String, RawTensor> weights =
                    Map.of("0.weight", RawTensor.of(new float[6], 2, 3), "0.bias", RawTensor.of(new float[3], 3));
            assertThatThrownBy(() -> Weights.load(module, weights, "other.safetensors"))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("other.safetensors: the weights do not fit")
                    .hasMessageContaining("0.bias: expected [2], received [3]");
            assertThat(module.stateDict().get("0.weight").toFloatArray()).containsExactly(before);
        }
    }

    @Test
    void half_precision_converts_on_loading() {
        try (var module = Sequential.of(Linear.of(1, 1).noBias())) {
            byte[] one = {(byte) 0x80, 0x3f}; // 1.0 in bfloat16
            var raw = RawTensor.of(DType.BFLOAT16, new long[] {1, 1}, ByteBuffer.wrap(one));
            Weights.load(module, Map.of("0.weight", raw), "test");
            assertThat(module.stateDict().get("0.weight").item()).isEqualTo(1);
        }
    }

    @Test
    void raw_tensor_of_channels_last_is_row_major() {
        try (var scope = Scope.open()) {
            var x = espalier.tensor.Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 2, 2);
            assertThat(Weights.raw(x.channelsLast()).floats()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(Weights.tensor(Weights.raw(x)).toFloatArray()).containsExactly(x.toFloatArray());
        }
    }
}
