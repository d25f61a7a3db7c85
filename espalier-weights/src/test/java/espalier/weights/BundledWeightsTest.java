package espalier.weights;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.format.RawTensor;
import espalier.vision.model.Models;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledWeightsTest {
    private static final String RESOURCE = "/META-INF/espalier/weights/efficientnet-lite0-57934424.safetensors";

    @TempDir
    Path nothing;

    @Test
    void resource_has_recorded_digest() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = getClass().getResourceAsStream(RESOURCE)) {
            assertThat(in).isNotNull();
            try (var digesting = new DigestInputStream(in, digest)) {
                digesting.transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        assertThat(Files.readString(Path.of("README.md"))).contains("SHA-256 of the file `" + actual + "`");
    }

    @Test
    void cache_finds_them_first_without_network() throws IOException {
        PretrainedWeights weights = Models.efficientNetLite0().published();
        assertThat(WeightCache.isBundled(weights)).isTrue();
        Map<String, RawTensor> tensors =
                WeightCache.system().home(nothing).torchHome(nothing).offline().load(weights);
        assertThat(tensors).hasSize(296);
        assertThat(tensors.get("_conv_stem.weight").shape()).containsExactly(32, 3, 3, 3);
        assertThat(tensors.get("_fc.weight").shape()).containsExactly(1000, 1280);
        assertThat(tensors.values()).allMatch(RawTensor::isFinite);
        try (var files = Files.list(nothing)) {
            assertThat(files).isEmpty();
        }
    }
}
