package espalier.testing.plain;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.format.RawTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Compares raw tensors with the ones that Python saw in the same file. */
public final class GoldenTensors {
    private GoldenTensors() {}

    public static void assertEqual(Map<String, RawTensor> actual, JsonNode expected, boolean inOrder) {
        List<String> names = new ArrayList<>(expected.propertyNames());
        if (inOrder) {
            assertThat(actual.keySet()).containsExactlyElementsOf(names);
        } else {
            assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(names);
        }
        actual.forEach((name, tensor) -> {
            JsonNode other = expected.get(name);
            assertThat(tensor.dtype().torchName())
                    .as(name)
                    .isEqualTo(other.get("dtype").asString());
            assertThat(tensor.shape()).as(name).containsExactly(numbers(other.get("shape")));
            float[] values = tensor.floats();
            assertThat(values).as(name).hasSize(other.get("data").size());
            for (int i = 0; i < values.length; i++) {
                assertThat(values[i]).as("%s[%d]", name, i).isEqualTo((float)
                        other.get("data").get(i).asDouble());
            }
        });
    }

    public static long[] numbers(JsonNode list) {
        long[] numbers = new long[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asLong();
        }
        return numbers;
    }
}
