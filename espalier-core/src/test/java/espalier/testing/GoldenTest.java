package espalier.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.testing.plain.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GoldenTest {
    @Test
    void file_givesTensorsAndValues() {
        var golden = Golden.load("nn/linear");
        assertThat(golden.cases()).containsExactly("plain", "no_bias", "three_dims");
        assertThat(golden.names("plain/param/")).containsExactly("weight", "bias");
        assertThat(golden.shape("plain/x")).containsExactly(2, 4);
        assertThat(golden.dtype("plain/x")).isEqualTo("float32");
        assertThat(golden.floats("plain/x")).hasSize(8);
        assertThat(golden.value("/cases/plain/in").asInt()).isEqualTo(4);
        assertThat(golden.value("/cases/no_bias/bias").asBoolean()).isFalse();
    }

    @Test
    void linear_isWhatItsFileSays() {
        var golden = Golden.load("nn/linear");
        float[] x = golden.floats("plain/x");
        float[] w = golden.floats("plain/param/weight");
        float y = golden.floats("plain/param/bias")[0];
        for (int i = 0; i < 4; i++) {
            y += x[i] * w[i];
        }
        assertThat(golden.floats("plain/y")[0]).isEqualTo(y);
    }

    @Test
    void everyFile_hasAsManyNumbersAsItsShapesSay() throws Exception {
        Path root = Path.of(GoldenTest.class.getResource("/golden").toURI());
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(f -> f.toString().endsWith(".json")).toList();
        }
        assertThat(files).hasSizeGreaterThan(30);
        for (Path file : files) {
            String name = root.relativize(file).toString().replace('\\', '/').replace(".json", "");
            var golden = Golden.load(name);
            for (String tensor : golden.names()) {
                assertThat((long) golden.doubles(tensor).length)
                        .as("%s %s", name, tensor)
                        .isEqualTo(LongStream.of(golden.shape(tensor)).reduce(1, (a, b) -> a * b));
            }
        }
    }

    @Test
    void missingNames_areErrors() {
        assertThatThrownBy(() -> Golden.load("nn/nothing")).hasMessageContaining("nn/nothing");
        assertThatThrownBy(() -> Golden.load("nn/linear").floats("y")).hasMessageContaining("plain/y");
        assertThatThrownBy(() -> Golden.load("nn/linear").value("/none")).hasMessageContaining("/none");
    }
}
