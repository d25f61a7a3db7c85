package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.format.RawTensor;
import espalier.format.Safetensors;
import espalier.rng.Rng;
import espalier.vision.model.Models;
import espalier.weights.Weights;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at data, models and the machine: show, lr-find, inspect, import, doctor. */
class LookingCommandsTest {
    @TempDir
    Path folder;

    @Test
    void show_writesAGrid() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 5);
        for (String kind : new String[] {"--resize=squish", "--augmentations"}) {
            Path out = folder.resolve("grid.png");
            var run = Run.of(
                    "show", data.toString(), "--out", out.toString(), "--size", "48", "--count", "4", "--json", kind);
            assertThat(run.exitCode()).as(run.err()).isZero();
            var picture = ImageIO.read(out.toFile());
            assertThat(picture.getWidth())
                    .isEqualTo(run.json().get("width").asInt())
                    .isGreaterThan(96);
            Files.delete(out);
        }
    }

    @Test
    void show_explains() {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 5);
        var run = Run.of("show", data.toString(), "--explain", "--json");
        assertThat(run.json().get("explanation").asString()).contains("2 classes");
        assertThat(run.json().get("explanation").asString())
                .as("the pipeline of training")
                .contains("randomResizedCrop", "standard", "maxRotate", "inputs [7, 3, 224, 224]");
        assertThat(Run.of("show", folder.resolve("none").toString()).exitCode()).isEqualTo(66);
        assertThat(Run.of("show", data.toString(), "--count", "0").exitCode()).isEqualTo(2);
    }

    @Test
    @Tag("slow")
    void lrFind_givesSuggestionsAndAPlot() throws IOException {
        Path data = folder.resolve("data");
        for (int i = 0; i < 20; i++) { // classes alike, so that no lucky first batch ends the search at once
            for (String label : List.of("one", "other")) {
                PictureFiles.png(data.resolve(label + "/" + i + ".png"), new Color(10 * i, 20, 220 - 10 * i));
            }
        }
        Path out = folder.resolve("lr.png");
        var run = Run.of(
                "lr-find",
                "image",
                data.toString(),
                "--size",
                "32",
                "--batch-size",
                "4",
                "--json",
                "--out",
                out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        var json = run.json();
        assertThat(json.get("lrs").size()).isEqualTo(json.get("losses").size()).isPositive();
        assertThat(json.get("suggestions").get("valley").asDouble()).isBetween(1e-7, 10.0);
        assertThat(ImageIO.read(out.toFile())).isNotNull();
        var told = Run.of(
                "lr-find", "image", data.toString(), "--size", "32", "--batch-size", "4", "--out", out.toString());
        assertThat(told.out())
                .contains(
                        "espalier train image " + data + " --size 32 --batch-size 4 --lr ", " --out data.safetensors");
    }

    @Test
    void inspect_showsModelsAndPlainFiles() {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        Path model = PictureFiles.untrained(data, folder.resolve("m.safetensors"));
        var json = Run.of("inspect", "--json", model.toString()).json();
        assertThat(json.get("kind").asString()).isEqualTo("model");
        assertThat(json.get("document").get("vocabulary").size()).isEqualTo(2);
        assertThat(Run.of("inspect", model.toString()).out()).contains("efficientnet-lite0", "blue, red");
        Path plain = folder.resolve("plain.safetensors");
        Safetensors.write(plain, Map.of("w", RawTensor.of(new float[6], 2, 3)), Map.of("note", "mine"));
        var other = Run.of("inspect", "--json", plain.toString()).json();
        assertThat(other.get("kind").asString()).isEqualTo("safetensors");
        assertThat(other.get("tensors").get(0).get("shape").toString()).isEqualTo("[2,3]");
        assertThat(other.get("metadata").get("note").asString()).isEqualTo("mine");
        assertThat(other.get("elements").asInt()).isEqualTo(6);
        var inFolder = Run.of("inspect", folder.toString());
        assertThat(inFolder.exitCode()).isEqualTo(66);
        assertThat(inFolder.err()).contains("is a folder, expected a file");
        assertThat(Run.of("inspect", folder.resolve("none").toString()).exitCode())
                .isEqualTo(66);
    }

    @Test
    void import_ofDamagedFile_writesNothing() throws IOException {
        Path pth = Files.writeString(folder.resolve("x.pth"), "not a state dict");
        var run = Run.of("import", pth.toString(), "--model", "resnet18");
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(folder.resolve("x.safetensors")).doesNotExist();
    }

    @Test
    void import_ofSafetensors_asTimmHasThem_makesAModelFile() {
        Path weights = folder.resolve("model.safetensors");
        Path out = folder.resolve("mobilenet.safetensors");
        try (var network = Models.mobileNetV4ConvSmall().create(1000)) {
            network.reset(Rng.of(1));
            Safetensors.write(weights, Weights.of(network), Map.of("format", "pt"));
        }
        String model = "mobilenetv4-conv-small";
        assertThat(Run.of("import", weights.toString(), "--model", model).exitCode())
                .isEqualTo(2);
        assertThat(Run.of("import", weights.toString(), "--model", model, "--out", weights.toString())
                        .exitCode())
                .isEqualTo(73);
        var run = Run.of("import", weights.toString(), "--model", model, "--out", out.toString(), "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().get("classes").asInt()).isEqualTo(1000);
        var json = Run.of("inspect", out.toString(), "--json").json();
        assertThat(json.at("/document/provenance/weights").asString() + json.toString())
                .as("nothing says that they are the published ones")
                .contains("model.safetensors", "unknown");
        var features =
                Run.of("import", weights.toString(), "--model", "vit-small-patch14-dinov2", "--out", out.toString());
        assertThat(features.exitCode()).isEqualTo(65);
        assertThat(features.err()).contains("do not fit");
    }

    @Test
    @Tag("real")
    void import_intoAnotherNetwork_isRefused() {
        Path pth = PictureFiles.shared().resolve("weights/mobilenet_v2-b0353104.pth");
        Path out = folder.resolve("x.safetensors");
        var run = Run.of("import", pth.toString(), "--model", "resnet18", "--out", out.toString());
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.err()).contains("do not fit");
        assertThat(out).doesNotExist();
    }

    @Test
    void doctor_isHealthyHere() {
        var run = Run.of("doctor", "--json");
        assertThat(run.exitCode()).as(run.out()).isZero();
        var json = run.json();
        assertThat(json.get("healthy").asBoolean()).isTrue();
        assertThat(json.get("versions").get("libtorch").asString()).contains(".");
        assertThat(json.get("threads").asInt()).isPositive();
        assertThat(json.get("precision_auto").asString()).isIn("float32", "bfloat16");
        assertThat(json.get("weights").toString()).contains("efficientnet-lite0", "bundled");
        assertThat(json.get("free_bytes").get("temporary").asLong()).isPositive();
        assertThat(json.toString()).doesNotContain("failed:");
        assertThat(Run.of("doctor").out())
                .startsWith("Espalier works on this machine.\n")
                .contains("heap limit: ", " GB", "weights: efficientnet-lite0 imagenet1k-v1 bundled")
                .doesNotContain("{", "_bytes", "true");
    }
}
