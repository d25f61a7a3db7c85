package espalier.vision.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.nn.ModuleContract;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class HeadTest {
    private static Tensor pictures() {
        return Tensor.randn(Rng.of(1), 4, 3, 32, 32).channelsLast();
    }

    @Test
    void hiddenLayers_standInTheOrderOfTheTutorial() {
        var head = Head.of(16, 8).norm().dropout(0.4);
        var model = Models.resnet18().transfer(head, 2, Rng.of(2));
        assertThat(model.head().children().values())
                .extracting(layer -> layer.getClass().getSimpleName())
                .containsExactly(
                        "AdaptiveAvgPool2d",
                        "Flatten",
                        "BatchNorm1d",
                        "Linear",
                        "ReLU",
                        "Dropout",
                        "Linear",
                        "ReLU",
                        "Dropout",
                        "Linear");
        assertThat(model.parameters().get("head.3.weight"))
                .matches(weight -> weight.shape().equals(Tensor.zeros(16, 512).shape()));
        assertThat(model.parameters().get("head.9.bias").toFloatArray()).containsExactly(0, 0);
        ModuleContract.check(() -> Models.resnet18().transfer(head, 2, Rng.of(2)), pictures());
    }

    @Test
    void features_takeTheWayOfPictures() {
        for (var head : List.of(Head.fastai(), Head.linear(), Head.of(8).pool(Head.Pool.CONCAT))) {
            var model = Models.resnet18().transfer(head, 3, Rng.of(2));
            model.eval();
            Tensor x = pictures();
            assertThat(model.forward(model.features(x)).detach().toFloatArray())
                    .isEqualTo(model.forward(x).detach().toFloatArray());
        }
    }

    @Test
    void description_isTheHead() {
        for (var head :
                List.of(Head.fastai(), Head.linear(), Head.of(512, 128).norm().dropout(0.4))) {
            assertThat(Head.from(head.toMap())).isEqualTo(head);
        }
    }

    @Test
    void nonsense_isRefusedInASentence() {
        assertThatThrownBy(() -> Head.of(0)).hasMessageContaining("outputs");
        assertThatThrownBy(() -> Head.of(1, 1, 1, 1, 1, 1, 1, 1)).hasMessageContaining("layers");
        assertThatThrownBy(() -> Head.of(4).dropout(1)).hasMessageContaining("[0, 1)");
        Map<String, Object> map = new HashMap<>(Head.linear().toMap());
        map.remove("layers");
        assertThatThrownBy(() -> Head.from(map))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not complete");
        map.put("layers", List.of("none"));
        assertThatThrownBy(() -> Head.from(map)).isInstanceOf(IllegalArgumentException.class);
    }
}
