package espalier.tensor;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class NumPyTest {
    private static final Path FILES = Path.of("src/test/resources/golden/numpy");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BFLOAT16")
    void save_isReadBackAsItWas(DType dtype) {
        Path file = folder.resolve("x.npy");
        var x = Tensor.arange(0, 6).to(dtype).reshape(2, 3);
        x.save(file);
        var back = Tensor.load(file);
        assertThat(back.dtype()).isEqualTo(dtype);
        assertThat(back).isCloseTo(x, 0);
    }

    @Test
    void save_keepsShapes() {
        Path file = folder.resolve("x.npy");
        for (long[] shape : new long[][] {{}, {0}, {3}, {2, 0, 4}, {2, 1, 3}}) {
            Tensor.randn(Rng.of(1), shape).save(file);
            assertThat(Tensor.load(file)).hasShape(shape);
        }
        var turned = Tensor.randn(Rng.of(2), 2, 3).t();
        turned.save(file);
        assertThat(Tensor.load(file)).isCloseTo(turned, 0);
    }

    @Test
    void load_readsWhatNumPyWrote() {
        assertThat(NumPy.load(FILES.resolve("float32.npy")))
                .hasShape(2, 3)
                .isCloseTo(new double[] {0, 0.5, 1, 1.5, 2, 2.5}, 0);
        assertThat(NumPy.load(FILES.resolve("columns.npy")))
                .hasShape(2, 3)
                .isCloseTo(new double[] {0, 0.5, 1, 1.5, 2, 2.5}, 0);
        var all = NumPy.loadAll(FILES.resolve("several.npz"));
        assertThat(all).containsOnlyKeys("weights", "labels");
        assertThat(all.get("labels").dtype()).isEqualTo(DType.INT64);
        assertThat(all.get("labels")).isCloseTo(new double[] {3, 1, 4}, 0);
        assertThat(all.get("weights")).hasShape(2, 2).isCloseTo(new double[] {1, 2, 3, 4}, 0);
    }

    @Test
    void saveAll_keepsNamesAndOrder() {
        Path file = folder.resolve("all.npz");
        var given = new LinkedHashMap<String, Tensor>();
        given.put("layer.weight", Tensor.randn(Rng.of(3), 2, 3));
        given.put("a", Tensor.of(new long[] {7}, 1));
        NumPy.saveAll(file, given);
        var back = NumPy.loadAll(file);
        assertThat(back.keySet()).containsExactly("layer.weight", "a");
        given.forEach((name, tensor) -> assertThat(back.get(name)).isCloseTo(tensor, 0));
    }

    @Test
    void save_writesTheBytesThatNumPyWrites() throws IOException {
        Path file = folder.resolve("x.npy");
        Tensor.of(new float[][] {{0, 0.5f, 1}, {1.5f, 2, 2.5f}}).save(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(Files.readAllBytes(FILES.resolve("float32.npy")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"objects.npy", "big_endian.npy"})
    void load_refusesWhatItCannotRead(String name) {
        assertThatThrownBy(() -> NumPy.load(FILES.resolve(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("Maybe");
    }

    @Test
    void load_refusesDamagedFiles() throws IOException {
        byte[] whole = Files.readAllBytes(FILES.resolve("float32.npy"));
        Path file = folder.resolve("cut.npy");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> NumPy.load(file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Maybe");
        }
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> NumPy.load(file)).hasMessageContaining("more after the array");
        String huge = new String(whole, StandardCharsets.ISO_8859_1).replace("(2, 3)", "(99999999, 99999999)");
        Files.write(file, huge.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> NumPy.load(file)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void errors_sayWhatToDo() {
        assertThatThrownBy(() -> NumPy.load(folder.resolve("none.npy")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no such file");
        var half = Tensor.ones(2).to(DType.BFLOAT16);
        assertThatThrownBy(() -> half.save(folder.resolve("x.npy"))).hasMessageContaining("FLOAT32");
        assertThat(folder.resolve("x.npy")).doesNotExist();
        Tensor.ones(1).save(folder.resolve("file"));
        assertThatThrownBy(() -> Tensor.ones(1).save(folder.resolve("file/x.npy")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Maybe");
        assertThatThrownBy(() -> NumPy.saveAll(folder.resolve("x.npz"), Map.of("a", half)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
