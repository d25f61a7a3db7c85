package espalier.weights;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.data.Table;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.image.ImageReader;
import espalier.report.DataException;
import espalier.testing.TinyModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files from anybody, through every reader: each is read or refused with a reason, whatever is in it. */
class HostileInputsTest {
    @TempDir
    Path folder;

    /** Remembers that somebody read one of its kind. */
    private static final class Canary implements Serializable {
        private static final long serialVersionUID = 1;
        private static boolean sung;

        private void readObject(ObjectInputStream in) {
            sung = true;
        }
    }

    private interface Reader {
        void read(Path file) throws IOException;
    }

    private final List<Reader> readers = List.of(
            ModelFile::load,
            ModelFile::inspect,
            file -> PthImport.convert(file, folder.resolve("out.safetensors")),
            file -> ImageReader.of().read(file),
            file -> {
                try (var rows = Table.of(file).open()) {
                    rows.stream().forEach(row -> row.cell(0));
                }
            });

    /** True when the file was read, false when it was refused as a file may be; anything else is thrown. */
    private static boolean read(Reader reader, Path file) throws IOException {
        try {
            reader.read(file);
            return true;
        } catch (DataException | ModelFileException | UncheckedIOException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return false;
        }
    }

    @Test
    void M17_serializedObjects_areNeverMade() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(new Canary());
        }
        byte[] object = bytes.toByteArray();
        try (var in = new ObjectInputStream(new java.io.ByteArrayInputStream(object))) {
            in.readObject();
        }
        assertThat(Canary.sung).as("the canary can sing").isTrue();
        Canary.sung = false;
        var zip = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(zip)) {
            for (String name : List.of("archive/data.pkl", "preprocessor.bin", "objects.bin")) {
                out.putNextEntry(new ZipEntry(name));
                out.write(object);
            }
        }
        for (byte[] content : List.of(object, zip.toByteArray())) {
            for (String name : List.of("a.safetensors", "a.pth", "a.jpg", "a.csv", "a.bin")) {
                Path file = Files.write(folder.resolve(name), content);
                for (Reader reader : readers) {
                    read(reader, file);
                }
            }
        }
        assertThat(Canary.sung).isFalse();
    }

    /** Every kind of damage that a file meets: cut, changed, and with a part twice. */
    private static byte[] mutated(byte[] file, Random random) {
        byte[] bytes = file.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(Math.min(bytes.length, 2000))] = (byte) random.nextInt(256);
        }
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(3)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> bytes;
            default -> {
                byte[] longer = Arrays.copyOf(bytes, bytes.length + 40);
                System.arraycopy(
                        bytes, at, longer, Math.min(at + 40, longer.length - bytes.length + at), bytes.length - at);
                yield longer;
            }
        };
    }

    @Test
    void mutatedModelFiles_areReadOrRefused() throws IOException {
        byte[] model = Files.readAllBytes(TinyModel.write(folder.resolve("tiny.safetensors"), 1));
        int refused = refused(model, 40, readers.get(0)) + refused(model, 40, readers.get(1));
        assertThat(refused).isGreaterThan(60);
    }

    @Test
    void mutatedTables_areReadOrRefused() throws IOException {
        String table = "file;label;is_valid\n" + "a b.jpg;\"x;\"\"y\"\"\";1\n\"c\nd.jpg\";ä;0\n".repeat(20);
        for (var encoding : List.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16)) {
            assertThat(refused(table.getBytes(encoding), 200, readers.get(4))).isLessThan(200);
        }
    }

    private int refused(byte[] sound, int count, Reader reader) throws IOException {
        var random = new Random(17);
        int refused = 0;
        for (int i = 0; i < count; i++) {
            Path file = Files.write(folder.resolve("mutant"), mutated(sound, random));
            refused += read(reader, file) ? 0 : 1;
        }
        return refused;
    }
}
