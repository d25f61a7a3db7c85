package espalier.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.format.RawTensor;
import espalier.testing.plain.Golden;
import espalier.testing.plain.GoldenTensors;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Tag("real")
class PthReaderRealTest {
    @ParameterizedTest
    @ValueSource(strings = {"efficientnet-lite0-57934424", "mobilenet_v2-b0353104"})
    void published_weights_read_as_in_python(String name) {
        Map<String, RawTensor> tensors =
                PthReader.read(shared().resolve("weights").resolve(name + ".pth"));
        JsonNode golden = Golden.load("pth/" + name).value("/tensors");
        assertThat(tensors).hasSize(golden.size());
        int i = 0;
        for (var entry : tensors.entrySet()) {
            JsonNode expected = golden.get(i++);
            assertThat(entry.getKey()).isEqualTo(expected.get(0).asString());
            assertThat(entry.getValue().dtype().torchName())
                    .isEqualTo(expected.get(1).asString());
            assertThat(entry.getValue().shape()).containsExactly(GoldenTensors.numbers(expected.get(2)));
            double sum = expected.get(3).asDouble();
            assertThat(entry.getValue().sum()).isCloseTo(sum, within(1e-6 * Math.max(1, Math.abs(sum))));
            assertThat(entry.getValue().isFinite()).isTrue();
        }
    }

    private static Path shared() {
        String property = System.getProperty("espalier.shared", "");
        // Maven leaves the text in place when the property is not set.
        return property.isBlank() || property.startsWith("$") ? Path.of("../../shared") : Path.of(property);
    }
}
