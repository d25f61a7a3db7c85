package espalier.vision;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.image.Transforms;
import espalier.predict.Predictor;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.vision.model.Models;
import espalier.weights.Weights;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class ImageGradCamTest {
    @TempDir
    Path folder;

    private Path picture;

    @BeforeEach
    void makePicture() throws IOException {
        var rng = Rng.of(1);
        byte[] bytes = new byte[80 * 64 * 3];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) rng.nextInt(256);
        }
        picture = folder.resolve("p.png");
        ImageWriter.write(Image.of(80, 64, bytes), picture);
    }

    private Path transfer(String architecture) {
        Path file = folder.resolve("model.safetensors");
        var model = Models.named(architecture).transfer(3, Rng.of(2));
        try (model) {
            ModelFile.save(file, document(architecture, "transfer"), Weights.of(model));
        }
        return file;
    }

    private static ModelDocument document(String architecture, String head) {
        var resize = Transforms.resize(64);
        return ModelDocument.of(
                        VisionExporter.CLASSIFICATION,
                        new ModelDocument.Architecture(architecture, java.util.Map.of("head", head)),
                        List.of("a", "b", "c"))
                .transforms(List.of(new ModelDocument.Step(resize.name(), resize.parameters())))
                .normalisation(Models.resnet18().published().normalisation())
                .activation("softmax");
    }

    @ParameterizedTest
    @ValueSource(strings = {"efficientnet-b0", "efficientnet-lite0", "mobilenet-v2", "resnet18"})
    void overlay_worksForEveryKindOfNetwork(String architecture) throws IOException {
        try (var predictor = Predictor.load(transfer(architecture))) {
            var cam = ImageGradCam.of(predictor).orElseThrow();
            BufferedImage seen = cam.picture(picture);
            assertThat(seen.getWidth()).isEqualTo(64);
            for (int category = 0; category < 3; category++) {
                BufferedImage overlay = cam.overlay(picture, category);
                assertThat(overlay.getWidth()).isEqualTo(64);
                assertThat(overlay.getHeight()).isEqualTo(64);
                assertThat(pixels(cam.overlay(Files.readAllBytes(picture), category)))
                        .isEqualTo(pixels(overlay));
            }
            assertThat(List.of(0, 1, 2))
                    .as("no class has a heat of zero everywhere for all of a random network")
                    .anySatisfy(c -> assertThat(pixels(cam.overlay(picture, c))).isNotEqualTo(pixels(seen)));
        }
    }

    @Test
    void overlay_isNoneWhereNothingSpeaksForTheClass() {
        Path file = folder.resolve("model.safetensors");
        try (var model = Models.named("resnet18").transfer(3, Rng.of(2))) {
            var weights = model.parameters();
            try (var off = Grad.off()) {
                weights.values().forEach(Tensor::zero_);
            }
            ModelFile.save(file, document("resnet18", "transfer"), Weights.of(model));
        }
        try (var predictor = Predictor.load(file)) {
            var cam = ImageGradCam.of(predictor).orElseThrow();
            assertThat(cam.overlayIfAny(picture, 0)).isEmpty();
        }
    }

    @Test
    void overlay_worksForPublishedNetworks() throws IOException {
        Path file = folder.resolve("model.safetensors");
        try (var model = Models.efficientNetLite0().create(3).reset(Rng.of(3))) {
            ModelFile.save(file, document("efficientnet-lite0", "published"), Weights.of(model));
        }
        try (var predictor = Predictor.load(file)) {
            int said = predictor.predict(picture).index();
            var cam = ImageGradCam.of(predictor).orElseThrow();
            assertThat(cam.overlay(picture, said).getWidth()).isEqualTo(64);
        }
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
