package espalier.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.ModelFileException;
import espalier.format.Safetensors;
import espalier.testing.plain.Golden;
import espalier.testing.plain.GoldenTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PthImportTest {
    @TempDir
    Path dir;

    @Test
    void converted_file_has_the_same_tensors() throws IOException {
        var golden = Golden.load("pth/files").value("/files/zip_views");
        Path pth = Files.write(
                dir.resolve("w.pth"),
                Base64.getDecoder().decode(golden.get("base64").asString()));
        Path target = dir.resolve("w.safetensors");
        PthImport.convert(pth, target, Map.of("licence", "MIT"));
        try (var file = Safetensors.open(target)) {
            GoldenTensors.assertEqual(file.tensors(), golden.get("tensors"), true);
            assertThat(file.metadata())
                    .containsEntry("licence", "MIT")
                    .containsEntry("format", "pt")
                    .containsEntry("source_file", "w.pth")
                    .containsEntry("data_sha256", file.sha256());
            PthImport.verify(file, WeightCache.sha256(pth), "test");
            assertThatThrownBy(() -> PthImport.verify(file, "12345678", "test"))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("should be of 12345678");
        }
    }

    @Test
    void refused_file_leaves_nothing() throws IOException {
        Path pth = Files.write(dir.resolve("w.pth"), new byte[100]);
        assertThatThrownBy(() -> PthImport.convert(pth, dir.resolve("w.safetensors")))
                .isInstanceOf(ModelFileException.class);
        try (var files = Files.list(dir)) {
            assertThat(files).containsExactly(pth);
        }
    }
}
