package espalier.vision.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.weights.ImageNetClasses;
import espalier.weights.PretrainedWeights;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PretrainedWeightsTest {
    @Test
    void table_is_complete_and_consistent() {
        List<PretrainedWeights> all = Models.weights();
        assertThat(all).hasSizeGreaterThanOrEqualTo(17);
        assertThat(all).allSatisfy(weights -> {
            assertThat(weights.resizeSize())
                    .isBetween(weights.inputSize(), (int) Math.round(weights.inputSize() * 8 / 7.0));
            assertThat(weights.interpolation()).isIn("bilinear", "bicubic");
            if (weights.classes() > 0) {
                assertThat(weights.classes()).isEqualTo(PretrainedWeights.CLASSES);
                assertThat(weights.top1()).isBetween(56.0, 84.0);
            }
            assertThat(weights.normalisation().mean()).hasSize(3);
        });
        assertThat(all).filteredOn(weights -> !weights.sha256().isEmpty()).allSatisfy(weights -> {
            assertThat(weights.file()).endsWith("-" + weights.sha256().substring(0, 8) + ".pth");
            assertThat(weights.sha256()).matches("[0-9a-f]{8}|[0-9a-f]{64}");
            weights.url().ifPresent(url -> assertThat(url.toString()).endsWith("/" + weights.file()));
        });
        // Of the others only the Hub can say it.
        assertThat(all)
                .filteredOn(weights -> weights.sha256().isEmpty())
                .hasSize(3)
                .allSatisfy(weights -> {
                    String name = weights.file().replaceFirst("\\.safetensors$", "");
                    assertThat(weights.url())
                            .hasValueSatisfying(url -> assertThat(url)
                                    .hasToString(
                                            "https://huggingface.co/timm/" + name + "/resolve/main/model.safetensors"));
                    assertThat(name).endsWith("." + weights.tag());
                    assertThat(weights.licence()).isEqualTo("Apache-2.0");
                    assertThat(weights.isOf("")).isFalse();
                });
        assertThat(all.stream().map(w -> w.model() + w.tag())).doesNotHaveDuplicates();
        assertThat(Models.all()).allSatisfy(model -> {
            assertThat(model.weights()).extracting(PretrainedWeights::model).allMatch(model.name()::equals);
            assertThat(model.paper()).contains("https://arxiv.org/abs/");
        });
    }

    @Test
    void statistics_belong_to_the_weights() {
        var lite = Models.efficientNetLite0().published().normalisation();
        assertThat(lite.mean().get(0)).isEqualTo(127 / 255.0);
        assertThat(lite.std().get(0)).isEqualTo(128 / 255.0);
        assertThat(Models.resnet18().published().normalisation().std()).containsExactly(0.229, 0.224, 0.225);
    }

    @Test
    void default_and_tagged_weights_differ() {
        assertThat(Models.resnet50().published().file()).isEqualTo("resnet50-11ad3fa6.pth");
        assertThat(Models.resnet50().published("imagenet1k-v1").file()).isEqualTo("resnet50-0676ba61.pth");
    }

    @Test
    void unknown_names_list_the_known() {
        assertThatThrownBy(() -> Models.efficientNetLite1().published())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("resnet50")
                .hasMessageContaining("Maybe");
        assertThatThrownBy(() -> Models.resnet50().published("v9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("imagenet1k-v2, imagenet1k-v1");
    }

    @Test
    void class_names_are_those_of_imagenet() {
        List<String> labels = ImageNetClasses.labels();
        assertThat(labels).hasSize(PretrainedWeights.CLASSES);
        assertThat(new HashSet<>(labels)).hasSize(1000);
        assertThat(labels.get(0)).isEqualTo("tench");
        assertThat(labels.get(207)).isEqualTo("golden retriever");
        assertThat(labels.get(999)).isEqualTo("toilet tissue");
    }
}
