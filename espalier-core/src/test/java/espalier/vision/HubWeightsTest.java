package espalier.vision;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.data.DataBlock;
import espalier.files.Sha256;
import espalier.format.ModelFile;
import espalier.format.Safetensors;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.image.Transforms;
import espalier.optim.Rates;
import espalier.predict.Predictor;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import espalier.vision.model.Models;
import espalier.weights.Hub;
import espalier.weights.WeightCache;
import espalier.weights.Weights;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A network without a classifier, whose weights lie as the Hub's own client leaves them, with chance for values. */
@ExtendWith(NoLeaks.class)
class HubWeightsTest {
    @TempDir
    Path folder;

    private WeightCache cache;
    private String digest;

    private void makeWeights() throws IOException {
        Path repository = Files.createDirectories(folder.resolve("hub/models--timm--vit_small_patch14_dinov2.lvd142m"));
        Path made = folder.resolve("made");
        try (var network = Models.vitSmallPatch14DinoV2().create(0)) {
            network.reset(Rng.of(5));
            Safetensors.write(made, Weights.of(network), Map.of("format", "pt"));
        }
        digest = Sha256.of(made);
        Path blobs = Files.createDirectories(repository.resolve("blobs"));
        Files.move(made, blobs.resolve(digest));
        Path snapshot = Files.createDirectories(repository.resolve("snapshots/" + "3".repeat(40)));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/" + digest));
        cache = WeightCache.system()
                .home(folder.resolve("home"))
                .hub(new Hub(folder.resolve("hub"), URI.create("http://hub.invalid")))
                .offline();
    }

    private Path pictures() throws IOException {
        Path data = folder.resolve("pictures");
        for (String label : List.of("dark", "light")) {
            Path to = Files.createDirectories(data.resolve(label));
            for (int i = 0; i < 8; i++) {
                byte[] bytes = new byte[40 * 40 * 3];
                var rng = Rng.of(i).derive(label.hashCode());
                for (int p = 0; p < bytes.length; p++) {
                    bytes[p] = (byte) ((label.equals("dark") ? 20 : 180) + rng.nextInt(60));
                }
                ImageWriter.write(Image.of(40, 40, bytes), to.resolve(i + ".png"));
            }
        }
        return data;
    }

    @Test
    void dinoV2_isTrainedOnWithWeightsOfTheHubsCache() throws IOException {
        makeWeights();
        Path data = pictures();
        Path file = folder.resolve("model.safetensors");
        var architecture = Models.vitSmallPatch14DinoV2();
        var loaders = DataBlock.of(Blocks.image(), Blocks.category())
                .itemTransform(Transforms.resize(56))
                .batchSize(4)
                .loaders(data);
        var start = VisionLearner.Start.pretrained(architecture).cache(cache);
        try (var learner = VisionLearner.of(loaders, architecture, start);
                var network = architecture.create(0)) {
            network.reset(Rng.of(5));
            learner.fit(2, Rates.of(1e-3));
            var trained = learner.model().parameters();
            network.parameters()
                    .forEach((name, expected) -> assertThat(trained.get("body." + name))
                            .as("the frozen %s is the file's", name)
                            .isCloseTo(expected.detach(), 0));
            learner.export(file);
        }
        var document = ModelFile.inspect(file);
        assertThat(document.provenance()).hasValueSatisfying(provenance -> {
            assertThat(provenance.weights()).isEqualTo("vit-small-patch14-dinov2/lvd142m");
            assertThat(provenance.sha256()).as("of the file that was used").isEqualTo(digest);
        });
        try (var predictor = Predictor.load(file)) {
            assertThat(predictor.predict(data.resolve("light/0.png")).label()).isEqualTo("light");
            assertThat(predictor.predict(data.resolve("dark/0.png")).label()).isEqualTo("dark");
        }
    }

    @Test
    void weightsWithoutAClassifier_doNotPredictByThemselves() {
        var nothing = WeightCache.system().offline();
        assertThatThrownBy(() -> PublishedNetwork.task("vit-small-patch14-dinov2", nothing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no classifier")
                .hasMessageContaining("Maybe train one");
    }
}
