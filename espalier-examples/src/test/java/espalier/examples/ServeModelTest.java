package espalier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.data.DataBlock;
import espalier.image.Transforms;
import espalier.vision.Blocks;
import espalier.vision.VisionLearner;
import espalier.vision.model.Models;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class ServeModelTest {
    @TempDir
    Path out;

    @Test
    void serveModel_answersProgramsAndGuardsItself() throws Exception {
        Path pictures = Samples.twoClasses(out.resolve("pictures"), 4);
        Path models = Files.createDirectories(out.resolve("models"));
        Path model = models.resolve("clothes.safetensors");
        var loaders = DataBlock.of(Blocks.image(), Blocks.category())
                .itemTransform(Transforms.resize(32))
                .loaders(pictures);
        try (var learner = VisionLearner.of(loaders, Models.resnet18(), VisionLearner.Start.scratch())) {
            learner.export(model);
        }
        assertThat(ServeModel.ask(model, Samples.first(pictures)))
                .startsWith("{\"label\":\"")
                .contains("\"probabilities\":{", "\"model\":\"model\"");

        String token = "0123456789abcdef";
        try (var server = ServeModel.forOthers(models, token).start(0)) {
            var request = HttpRequest.newBuilder(URI.create(server.url() + "/api/models"));
            var http = HttpClient.newHttpClient();
            assertThat(http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(401);
            request.header("Authorization", "Bearer " + token);
            assertThat(http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("\"clothes\"");
        }
    }
}
