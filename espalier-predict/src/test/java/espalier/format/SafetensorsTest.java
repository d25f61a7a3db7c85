package espalier.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import espalier.testing.plain.Golden;
import espalier.testing.plain.GoldenTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    Path dir;

    @Test
    void written_file_reads_back() {
        Map<String, RawTensor> tensors = sample();
        Path path = dir.resolve("a.safetensors");
        Safetensors.write(path, tensors, Map.of("made by", "äöü \"quoted\""));
        try (var file = Safetensors.open(path)) {
            assertThat(file.names()).containsExactly("b.count", "a.weight", "flag", "none");
            assertThat(file.metadata()).containsExactly(Map.entry("made by", "äöü \"quoted\""));
            assertThat(file.shape("a.weight")).containsExactly(2, 3);
            assertThat(file.dtype("flag")).isEqualTo(DType.BOOL);
            assertThat(file.tensor("a.weight").floats()).containsExactly(1, 2, 3, 4, 5, -6.5f);
            assertThat(file.tensor("b.count").data().getLong(0)).isEqualTo(1L << 40);
            assertThat(file.tensor("none").size()).isZero();
            assertThat(file.sha256()).isEqualTo(Safetensors.sha256(tensors)).hasSize(64);
        }
    }

    @Test
    void same_tensors_give_same_bytes_aligned() throws IOException {
        Safetensors.write(dir.resolve("a"), sample(), Map.of());
        Safetensors.write(dir.resolve("b"), sample(), Map.of());
        byte[] a = Files.readAllBytes(dir.resolve("a"));
        assertThat(a).isEqualTo(Files.readAllBytes(dir.resolve("b")));
        long header = ByteBuffer.wrap(a).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(header % 8).isZero();
        // The widest type comes first, so that every tensor is aligned.
        assertThat(new String(a, 8, (int) header, StandardCharsets.UTF_8))
                .contains("\"b.count\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}");
    }

    @Test
    void file_written_by_python_reads_as_there() {
        var golden = Golden.load("pth/files").value("/files/safetensors");
        byte[] bytes = Base64.getDecoder().decode(golden.get("base64").asString());
        try (var file = Safetensors.of(ByteBuffer.wrap(bytes), "python")) {
            assertThat(file.metadata()).containsEntry("format", "pt");
            GoldenTensors.assertEqual(file.tensors(), golden.get("tensors"), false);
        }
    }

    @Test
    void tensor_reads_straight_into_given_memory() {
        Path path = dir.resolve("a.safetensors");
        Safetensors.write(path, sample(), Map.of());
        try (var file = Safetensors.open(path)) {
            ByteBuffer memory = ByteBuffer.allocateDirect(24).order(ByteOrder.LITTLE_ENDIAN);
            file.read("a.weight", memory);
            assertThat(memory.getFloat(20)).isEqualTo(-6.5f);
            assertThatThrownBy(() -> file.read("a.weight", ByteBuffer.allocate(20)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("24 bytes, but got room for 20");
            assertThatThrownBy(() -> file.tensor("c"))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("no tensor \"c\"");
        }
    }

    @Test
    void missing_file_is_named() {
        assertThatThrownBy(() -> Safetensors.open(dir.resolve("no.safetensors")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("no.safetensors")
                .hasMessageContaining("Maybe");
    }

    @Test
    void M01_truncatedAnywhere_isRejected() {
        byte[] whole = bytes(sample());
        var random = new Random(1);
        for (int length = 0; length < Math.min(4096, whole.length); length++) {
            rejected(Arrays.copyOf(whole, length));
        }
        byte[] large = bytes(Map.of("x", RawTensor.of(new float[50_000], 50_000)));
        for (int i = 0; i < 100; i++) {
            rejected(Arrays.copyOf(large, random.nextInt(large.length)));
        }
    }

    @Test
    void M01_changedBytes_areReadOrRejected() {
        byte[] whole = bytes(sample());
        var random = new Random(2);
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            Throwable failure = catchThrowable(
                    () -> Safetensors.of(ByteBuffer.wrap(changed), "changed").tensors());
            assertThat(failure == null || failure instanceof ModelFileException)
                    .as("%s", failure)
                    .isTrue();
            read += failure == null ? 1 : 0;
        }
        assertThat(read).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, Long.MAX_VALUE, -1, Long.MIN_VALUE, 101_000_000, 1L << 32, 1000})
    void M02_headerLength_isChecked(long length) {
        byte[] file = file("{}                              ", new byte[8]);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        rejected(file, "header");
    }

    @Test
    void M02_headerLengthSeven_cutsTheJson() {
        byte[] file = file("{\"x\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", new byte[4]);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 7);
        rejected(file, "header");
    }

    @Test
    void M03_wrongJson_isRejected() {
        rejected(file(" {}", new byte[0]), "does not start with '{'");
        rejected(file("[]", new byte[0]), "does not start with '{'");
        rejected(file("{} {}", new byte[0]), "goes on");
        rejected(file(entry("F32", "[1]", "[0,4]") + "x", new byte[4]));
        rejected(file("{\"a\":" + "[".repeat(100_000), new byte[0]), "a");
        rejected(file("{\"__metadata__\":" + "{\"a\":".repeat(100_000), new byte[0]), "not text");
        rejected(file("{\"__metadata__\":{\"a\":1}}", new byte[0]), "not text");
        rejected(file(entry("F32", "[1e400]", "[0,4]"), new byte[4]), "whole numbers");
        rejected(file(entry("F32", "[1.0]", "[0,4]"), new byte[4]), "whole numbers");
        rejected(file(entry("F32", "[" + "9".repeat(400) + "]", "[0,4]"), new byte[4]));
        rejected(file(entry("F8_E4M3", "[4]", "[0,4]"), new byte[4]), "is of type \"F8_E4M3\"; known are BF16");
        rejected(file(entry("F32", "[1]", "[0]"), new byte[4]), "two data_offsets");
        rejected(file("{\"x\":{\"dtype\":\"F32\",\"shape\":[1]}}", new byte[4]), "lacks");
        rejected(
                file("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"y\":1}}", new byte[4]), "\"y\"");
        rejected(file("{\"" + "n".repeat(2000) + "\":{}}", new byte[0]));
    }

    @Test
    void M03_duplicateKeys_areRejected() {
        String x = "\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
        rejected(file("{" + x + "," + x + "}", new byte[4]), "uplicate");
        rejected(file("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", new byte[0]), "uplicate");
    }

    @Test
    void M03_invalidUtf8_isRejected() {
        byte[] file = file("{\"__metadata__\":{\"a\":\"?\"}}", new byte[0]);
        file[8 + 22] = (byte) 0xff;
        rejected(file, "UTF-8");
    }

    @Test
    void M03_tooManyTensors_areRejected() {
        var json = new StringBuilder("{");
        for (int i = 0; i <= 100_000; i++) {
            json.append("\"%d\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},".formatted(i));
        }
        json.setCharAt(json.length() - 1, '}');
        rejected(file(json.toString(), new byte[0]), "more than 100000 tensors");
    }

    @Test
    void M04_offsets_mustFillTheFile() {
        String x = "\"x\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[%s]}";
        String y = ",\"y\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[%s]}}";
        assertThat(read(file("{" + x.formatted("4,8") + y.formatted("0,4"), new byte[8]))
                        .names())
                .containsExactly("x", "y");
        rejected(file("{" + x.formatted("0,4") + y.formatted("2,6"), new byte[8]), "gap or overlap");
        rejected(file("{" + x.formatted("0,4") + y.formatted("0,4"), new byte[8]), "gap or overlap");
        rejected(file("{" + x.formatted("0,4") + y.formatted("5,9"), new byte[9]), "gap or overlap");
        rejected(file("{" + x.formatted("1,5") + y.formatted("5,9"), new byte[9]), "gap or overlap");
        rejected(file("{" + x.formatted("4,0") + y.formatted("4,8"), new byte[8]), "ends before it begins");
        rejected(file("{" + x.formatted("0,4") + y.formatted("4,8"), new byte[7]), "follow the header");
        rejected(file("{" + x.formatted("0,4") + y.formatted("4,8"), new byte[30]), "follow the header");
        rejected(file("{" + x.formatted("0,5") + y.formatted("5,9"), new byte[9]), "takes 4");
        rejected(file("{" + x.formatted("-4,0") + y.formatted("0,4"), new byte[4]), "negative");
        rejected(file("{" + x.formatted("0,18446744073709551616") + y.formatted("0,4"), new byte[4]));
    }

    @Test
    void M05_shapeOverflow_isRejected_emptyIsAllowed() {
        rejected(file(entry("F32", "[8589934592,8589934592]", "[0,0]"), new byte[0]), "impossible shape");
        rejected(file(entry("F32", "[4611686018427387904]", "[0,0]"), new byte[0]), "impossible shape");
        rejected(file(entry("F32", "[8589934592,8589934592,0]", "[0,0]"), new byte[0]), "impossible shape");
        rejected(file(entry("F32", "[-1]", "[0,4]"), new byte[4]), "negative");
        rejected(file(entry("F32", "[9223372036854775808]", "[0,4]"), new byte[4]));
        rejected(file(entry("F32", "[" + "1,".repeat(99) + "1]", "[0,4]"), new byte[4]), "short list");
        assertThat(read(file(entry("F32", "[3,0,2]", "[0,0]"), new byte[0])).shape("x"))
                .containsExactly(3, 0, 2);
        assertThat(read(file(entry("F32", "[]", "[0,4]"), new byte[4]))
                        .tensor("x")
                        .size())
                .isEqualTo(1);
        assertThat(read(file("{}", new byte[0])).names()).isEmpty();
    }

    @Test
    void M14_fileReplacedOrCutWhileOpen_isSafe() throws IOException {
        Path path = dir.resolve("a.safetensors");
        Safetensors.write(path, Map.of("x", RawTensor.of(new float[100_000], 100_000)), Map.of());
        try (var old = Safetensors.open(path)) {
            Path other = dir.resolve("b.safetensors");
            Safetensors.write(other, Map.of("x", RawTensor.of(new float[] {7}, 1)), Map.of());
            Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
            assertThat(old.tensor("x").size()).isEqualTo(100_000);
        }
        Safetensors.write(path, Map.of("x", RawTensor.of(new float[100_000], 100_000)), Map.of());
        try (var file = Safetensors.open(path)) {
            try (var channel = Files.newByteChannel(path, StandardOpenOption.WRITE)) {
                channel.truncate(4096);
            }
            assertThatThrownBy(() -> file.tensor("x"))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("cut short while open");
        }
    }

    @Test
    void failed_write_leaves_old_file() {
        Path path = dir.resolve("a.safetensors");
        Safetensors.write(path, sample(), Map.of());
        assertThatThrownBy(() -> Safetensors.write(path.resolve("below a file"), sample(), Map.of()))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("cannot write");
        try (var file = Safetensors.open(path)) {
            assertThat(file.names()).hasSize(4);
        }
    }

    private Map<String, RawTensor> sample() {
        Map<String, RawTensor> tensors = new LinkedHashMap<>();
        // Not in order of width, so that layout must reorder the bytes.
        tensors.put("b.count", RawTensor.of(new long[] {1L << 40}, 1));
        tensors.put("a.weight", RawTensor.of(new float[] {1, 2, 3, 4, 5, -6.5f}, 2, 3));
        tensors.put("flag", RawTensor.of(DType.BOOL, new long[] {3}, ByteBuffer.wrap(new byte[] {1, 0, 1})));
        tensors.put("none", RawTensor.of(new float[0], 0, 3));
        return tensors;
    }

    private byte[] bytes(Map<String, RawTensor> tensors) {
        Path path = dir.resolve("bytes");
        Safetensors.write(path, tensors, Map.of());
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String entry(String dtype, String shape, String offsets) {
        return "{\"x\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}".formatted(dtype, shape, offsets);
    }

    private static byte[] file(String json, byte[] data) {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(data)
                .array();
    }

    private static Safetensors read(byte[] file) {
        return Safetensors.of(ByteBuffer.wrap(file), "test.safetensors");
    }

    private static void rejected(byte[] file, String... reasons) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("test.safetensors: ")
                .hasMessageContaining("Maybe")
                .satisfies(wrong -> assertThat(List.of(reasons))
                        .allSatisfy(reason -> assertThat(wrong).hasMessageContaining(reason)));
    }
}
