package espalier.weights;

import static espalier.weights.PickleWriter.block;
import static espalier.weights.PickleWriter.legacy;
import static espalier.weights.PickleWriter.start;
import static espalier.weights.PickleWriter.state;
import static espalier.weights.PickleWriter.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.format.Safetensors;
import espalier.testing.plain.Golden;
import espalier.testing.plain.GoldenTensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PthReaderTest {
    private static final long[] FOUR = {4};
    private static final long[] ONE = {1};
    private static final byte[] KEYS = start().ops("]").text("0").ops("a").stop();

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zip",
                "legacy",
                "zip_protocol4",
                "zip_types",
                "legacy_types",
                "zip_views",
                "legacy_views",
                "checkpoint",
                "model"
            })
    void file_of_torch_save_reads_as_in_python(String name) throws IOException {
        JsonNode golden = Golden.load("pth/files").value("/files/" + name);
        byte[] bytes = Base64.getDecoder().decode(golden.get("base64").asString());
        GoldenTensors.assertEqual(read(bytes), golden.get("tensors"), true);
    }

    @Test
    void hand_written_files_read() throws IOException {
        byte[] pickle = state("0", 4, 1, new long[] {3}, ONE);
        byte[] data = Arrays.copyOfRange(block(4, 1, 2, 3, 4), 8, 24);
        assertThat(w(zip(pickle, data, "little"))).containsExactly(2, 3, 4);
        assertThat(w(legacy(pickle, true, KEYS, block(4, 1, 2, 3, 4)))).containsExactly(2, 3, 4);
        byte[] matrix = state("0", 4, 0, new long[] {2, 2}, new long[] {1, 2});
        assertThat(w(zip(matrix, data, "little"))).containsExactly(1, 3, 2, 4);
        byte[] big = {0x3f, (byte) 0x80, 0, 0, 0x40, 0, 0, 0, 0x40, 0x40, 0, 0, 0x40, (byte) 0x80, 0, 0};
        assertThat(w(zip(pickle, big, "big"))).containsExactly(2, 3, 4);
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "posix, system",
        "builtins, eval",
        "__builtin__, exec",
        "subprocess, Popen",
        "torch._utils, _rebuild_sparse_tensor",
        "torch, load",
        "torch.storage, _load_from_bytes",
        "torch.serialization, load",
        "numpy.core.multiarray, _reconstruct",
        "collections, Counter",
        "collections.OrderedDict.__class__, mro"
    })
    void M10_M11_callOfAnythingElse_isRefusedByName(String module, String name) throws IOException {
        Path canary = dir.resolve("canary");
        byte[] plain = start().global(module, name)
                .text("touch " + canary)
                .raw(0x85)
                .ops("R")
                .stop();
        byte[] stacked = start().raw(0x8c, module.length())
                .ops(module)
                .raw(0x8c, name.length())
                .ops(name)
                .raw(0x93)
                .text("touch " + canary)
                .raw(0x85)
                .ops("R")
                .stop();
        byte[] nested = start().ops("}")
                .text("w")
                .ops("](}")
                .text("x")
                .global(module, name)
                .ops(")Rsesss")
                .stop();
        byte[] unused = start().global(module, name).ops("0}").stop();
        for (byte[] pickle : new byte[][] {plain, stacked, nested, unused}) {
            refused(zip(pickle, new byte[16], "little"), module + "." + name, "not allowed");
            refused(legacy(pickle, true, KEYS, block(4)), module + "." + name, "not allowed");
        }
        assertThat(canary).doesNotExist();
    }

    @Test
    void M10_otherInstructions_areRefused() throws IOException {
        refused(zip(start().ops("(ios\nsystem\n").stop(), new byte[0], "little"), "os.system");
        refused(zip(start().ops("(").global("os", "system").ops("o").stop(), new byte[0], "little"), "os.system");
        refused(zip(start().raw(0x82, 1).stop(), new byte[0], "little"), "0x82");
        refused(zip(start().ops("P1\n").stop(), new byte[0], "little"), "0x50");
        refused(zip(start().text("x").ops(")R").stop(), new byte[0], "little"), "not a function");
        refused(zip(start().global("torch", "FloatStorage").ops(")R").stop(), new byte[0], "little"), "not a function");
    }

    @ParameterizedTest
    @ValueSource(strings = {"torchscript", "pickled_module", "sparse_csr"})
    void M10_torchFilesThatNeedCode_areRefused(String name) throws IOException {
        JsonNode golden = Golden.load("pth/files").value("/files/" + name);
        refused(Base64.getDecoder().decode(golden.get("base64").asString()), "not loaded");
    }

    @Test
    void M10_otherFormats_areRefused() throws IOException {
        refused(new byte[0], "not written by torch.save");
        refused("{\"a\": 1} and some more text".getBytes(java.nio.charset.StandardCharsets.UTF_8), "protocol 2");
        refused(
                start().ops("}")
                        .text("a longer plain pickle")
                        .number(1)
                        .ops("s")
                        .stop(),
                "not written by torch.save");
        refused(
                start().global("os", "system")
                        .text("touch canary")
                        .raw(0x85)
                        .ops("R")
                        .stop(),
                "os.system");
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            PickleWriter.put(zip, "preprocessor.bin", new byte[] {(byte) 0xac, (byte) 0xed, 0, 5});
        }
        refused(bytes.toByteArray(), "not written by torch.save");
        byte[] pickle = start().global("os", "system")
                .text("touch canary")
                .raw(0x85)
                .ops("R")
                .stop();
        assertThatThrownBy(() -> Safetensors.open(save(pickle))).isInstanceOf(ModelFileException.class);
        byte[] archive = zip(pickle, new byte[0], "little");
        assertThatThrownBy(() -> Safetensors.open(save(archive))).isInstanceOf(ModelFileException.class);
    }

    @Test
    void M11_viewsOutsideTheStorage_areRefused() throws IOException {
        long max = Long.MAX_VALUE;
        forged(4, 0, new long[] {5}, ONE, "reaches element 4");
        forged(4, 1, FOUR, ONE, "reaches element 4");
        forged(4, max, FOUR, ONE, "impossible");
        forged(4, -1, FOUR, ONE, "negative");
        forged(4, 0, FOUR, new long[] {-1}, "negative");
        forged(4, 0, new long[] {-4}, ONE, "impossible");
        forged(4, 0, new long[] {2, 2}, ONE, "negative offset or stride");
        forged(4, 0, new long[] {2}, new long[] {max}, "reaches element");
        forged(4, 0, new long[] {3, 3}, new long[] {max / 2, max / 2}, "impossible");
        forged(4, 0, new long[] {1L << 33, 1L << 33}, new long[] {0, 0}, "impossible");
        forged(4, 0, new long[] {1L << 28}, new long[] {0}, "grow far beyond the file");
        forged(4, 0, new long[] {1L << 40}, new long[] {0}, "which has only 4");
    }

    @Test
    void M11_forgedStorageSizes_areRefused() throws IOException {
        byte[] data = new byte[16];
        refused(zip(state("0", 5, 0, FOUR, ONE), data, "little"), "should have 20 bytes, but has 16");
        refused(zip(state("0", 3, 0, FOUR, ONE), data, "little"), "should have 12 bytes, but has 16");
        refused(zip(state("0", 1L << 60, 0, FOUR, ONE), data, "little"), "at most 2 GB");
        refused(zip(state("0", -4, 0, FOUR, ONE), data, "little"), "at most 2 GB");
        refused(zip(state("1", 4, 0, FOUR, ONE), data, "little"), "lacks the entry \"archive/data/1\"");
        refused(zip(state("../data/0", 4, 0, FOUR, ONE), data, "little"), "lacks the entry");
        byte[] pickle = state("0", 4, 0, FOUR, ONE);
        refused(legacy(pickle, true, KEYS, block(5, 1, 2, 3, 4, 5)), "another size");
        refused(legacy(pickle, true, KEYS, block(4, 1, 2, 3)), "cut short");
        refused(legacy(pickle, true, KEYS, new byte[3]), "damaged");
        refused(legacy(pickle, true, start().ops("]").stop(), block(4, 1, 2, 3, 4)), "lacks storages");
        byte[] twice = start().ops("]").text("0").ops("a").text("0").ops("a").stop();
        refused(legacy(pickle, true, twice, block(4, 1, 2, 3, 4)), "does not fit");
        byte[] two = start().ops("}")
                .text("a")
                .tensor("0", 4, 0, FOUR, ONE)
                .ops("s")
                .text("b")
                .tensor("0", 5, 0, FOUR, ONE)
                .ops("s")
                .stop();
        refused(zip(two, data, "little"), "described in two ways");
    }

    @Test
    void M11_forgedByteOrder_isRefused() throws IOException {
        byte[] pickle = state("0", 4, 0, FOUR, ONE);
        refused(zip(pickle, new byte[16], "middle"), "byte order is \"middle\"");
        refused(zip(pickle, new byte[16], ""), "byte order");
        refused(legacy(pickle, false, KEYS, block(4, 1, 2, 3, 4)), "little-endian");
    }

    @Test
    void M11_zipEntriesThatLie_areRefused() throws IOException {
        byte[] pickle = state("0", 4, 0, FOUR, ONE);
        byte[] file = zip(pickle, new byte[16], "little");
        // The directory at the end says 4 GB less 1 for the last entry.
        byte[] larger = file.clone();
        int directory = lastIndexOf(larger, new byte[] {'P', 'K', 1, 2});
        Arrays.fill(larger, directory + 20, directory + 28, (byte) 0xf0);
        refused(larger, "should have 16 bytes, but has 4042322160");
        byte[] stretched = zip(state("0", 25, 0, FOUR, ONE), new byte[16], "little");
        directory = lastIndexOf(stretched, new byte[] {'P', 'K', 1, 2});
        stretched[directory + 20] = 100;
        stretched[directory + 24] = 100;
        refused(stretched, "checksum differs");
        stretched[directory + 20] = 0;
        stretched[directory + 24] = 0;
        stretched[directory + 21] = 4;
        stretched[directory + 25] = 4;
        refused(stretched, "storage \"0\" should have 100 bytes, but has 1024");
        byte[] beyond = zip(state("0", 256, 0, FOUR, ONE), new byte[16], "little");
        directory = lastIndexOf(beyond, new byte[] {'P', 'K', 1, 2});
        beyond[directory + 20] = 0;
        beyond[directory + 24] = 0;
        beyond[directory + 21] = 4;
        beyond[directory + 25] = 4;
        refused(beyond, "bytes");
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            PickleWriter.put(zip, "archive/data.pkl", state("0", 1 << 20, 0, FOUR, ONE));
            zip.putNextEntry(new ZipEntry("archive/data/0"));
            zip.write(new byte[4 << 20]); // a bomb: 4 MB in 4 KB
            zip.closeEntry();
        }
        refused(bytes.toByteArray(), "compressed");
    }

    @Test
    void M11_damagedFiles_neverCrash() throws IOException {
        JsonNode files = Golden.load("pth/files").value("/files");
        var random = new Random(3);
        int refused = 0;
        for (String name : new String[] {"zip", "legacy", "zip_views", "legacy_types"}) {
            byte[] whole =
                    Base64.getDecoder().decode(files.get(name).get("base64").asString());
            for (int i = 0; i < 400; i++) {
                byte[] changed = i % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
                for (int k = 0; k < 3 && changed.length > 0 && i % 2 == 1; k++) {
                    changed[random.nextInt(changed.length)] = (byte) random.nextInt();
                }
                Path path = save(changed);
                Throwable failure = catchThrowable(() -> PthReader.read(path));
                assertThat(failure == null || failure instanceof ModelFileException)
                        .as("%s", failure)
                        .isTrue();
                refused += failure == null ? 0 : 1;
            }
        }
        assertThat(refused).isGreaterThan(800);
    }

    @Test
    void M11_cyclesAndBombs_areRefused() throws IOException {
        refused(zip(start().ops("]q").raw(0).ops("h").raw(0).ops("a").stop(), new byte[0], "little"), "no state dict");
        byte[] ownKey = start().ops("]q").raw(0).ops("0}h").raw(0).ops("Ns").stop();
        refused(zip(ownKey, new byte[0], "little"), "neither text nor number");
        var self = start().ops("}q")
                .raw(0)
                .text("state_dict")
                .ops("h")
                .raw(0)
                .ops("s")
                .stop();
        refused(zip(self, new byte[0], "little"), "no tensors");
        refused(zip(start().ops("X").int32(Integer.MAX_VALUE).stop(), new byte[0], "little"), "announced");
        refused(zip(start().ops("X").int32(-1).stop(), new byte[0], "little"), "announced");
        refused(zip(start().raw(0x8b).int32(1 << 30).stop(), new byte[0], "little"), "announced");
        refused(zip(start().ops("(".repeat(5000) + ")").stop(), new byte[0], "little"), "belong to nothing");
        refused(zip(start().ops("s").stop(), new byte[0], "little"), "takes a value");
        refused(zip(start().ops("h").raw(9).stop(), new byte[0], "little"), "never stored");
        refused(zip(new byte[] {(byte) 0x80, 9, '.'}, new byte[0], "little"), "protocol 9");
        refused(zip(new byte[] {(byte) 0x80, 2}, new byte[0], "little"), "ends at byte 2");
    }

    @Test
    void missing_file_is_named() {
        assertThatThrownBy(() -> PthReader.read(dir.resolve("no.pth")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("no.pth")
                .hasMessageContaining("Maybe");
    }

    private void forged(long count, long offset, long[] shape, long[] stride, String reason) throws IOException {
        byte[] pickle = state("0", count, offset, shape, stride);
        refused(zip(pickle, new byte[16], "little"), reason);
        refused(legacy(pickle, true, KEYS, block(4, 1, 2, 3, 4)), reason);
    }

    private Map<String, RawTensor> read(byte[] file) throws IOException {
        return PthReader.read(save(file));
    }

    private float[] w(byte[] file) throws IOException {
        RawTensor w = read(file).get("w");
        assertThat(w).isNotNull();
        return w.floats();
    }

    private void refused(byte[] file, String... reasons) throws IOException {
        Path path = save(file);
        FileTime before = Files.getLastModifiedTime(path);
        assertThatThrownBy(() -> PthReader.read(path))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(path + ": ")
                .hasMessageContaining("Maybe")
                .satisfies(wrong -> assertThat(Arrays.asList(reasons))
                        .allSatisfy(reason -> assertThat(wrong).hasMessageContaining(reason)));
        assertThat(path).hasBinaryContent(file);
        assertThat(Files.getLastModifiedTime(path)).isEqualTo(before);
        try (var files = Files.list(dir)) {
            assertThat(files).containsExactly(path);
        }
    }

    private Path save(byte[] file) throws IOException {
        return Files.write(dir.resolve("weights.pth"), file);
    }

    private static int lastIndexOf(byte[] bytes, byte[] part) {
        for (int i = bytes.length - part.length; i >= 0; i--) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new IllegalArgumentException("not found");
    }
}
