package espalier.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.nn.AdaptiveAvgPool2d;
import espalier.nn.Conv2d;
import espalier.nn.Flatten;
import espalier.nn.Linear;
import espalier.nn.MaxPool2d;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class GradCamTest {
    private static final Golden GOLDEN = Golden.load("interpret");

    private final Module body = Sequential.of(
            Conv2d.of(2, 3, 3).padding(1),
            ReLU.of(),
            MaxPool2d.of(2),
            Conv2d.of(3, 4, 3).padding(1),
            ReLU.of());
    private final Module head = Sequential.of(AdaptiveAvgPool2d.of(1), Flatten.of(), Linear.of(4, 2));
    private final Module model = Sequential.of(body, head);

    GradCamTest() {
        try (var scope = Scope.open()) {
            var values = new HashMap<String, Tensor>();
            for (String name : GOLDEN.names("grad_cam/param/")) {
                values.put(name, tensor("grad_cam/param/" + name));
            }
            model.loadStateDict(values);
        }
        model.eval();
    }

    @Test
    void heat_equalsPyTorchs() {
        try (var scope = Scope.open();
                var off = Grad.off()) {
            Tensor x = tensor("grad_cam/x");
            for (int c = 0; c < 2; c++) {
                var heats = GradCam.of(body, head).heats(x, c);
                float[] expected = GOLDEN.floats("grad_cam/class" + c);
                int i = 0;
                for (HeatMap heat : heats) {
                    for (float[] row : heat.values()) {
                        for (float value : row) {
                            assertThat(value).isCloseTo(expected[i++], within(1e-5f));
                        }
                    }
                }
                assertThat(i).isEqualTo(expected.length);
            }
        }
        assertThat(model.parameters().values()).allMatch(p -> p.grad().isEmpty());
        model.close();
    }

    @Test
    void mistakes_areNamed() {
        try (var scope = Scope.open()) {
            Tensor x = tensor("grad_cam/x");
            assertThatThrownBy(() -> GradCam.of(body, head).heat(x, 0)).hasMessageContaining("one picture");
            assertThatThrownBy(() -> GradCam.of(body, head).heats(x, 2)).hasMessageContaining("no class 2");
            assertThatThrownBy(() -> GradCam.of(model, head).heats(x, 0)).hasMessageContaining("feature maps");
            model.train();
            assertThatThrownBy(() -> GradCam.of(body, head).heats(x, 0)).hasMessageContaining("eval()");
        }
        model.close();
    }

    @Test
    void overlay_isBrightestWhereTheHeatIs() {
        var heat = new HeatMap(new float[][] {{0, 0}, {0, 2}});
        var grey = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        var over = heat.overlay(grey);
        assertThat(new Color(over.getRGB(0, 0))).isEqualTo(Color.BLACK);
        assertThat(new Color(over.getRGB(39, 39)).getRed()).isGreaterThan(150);
        assertThat(heat.at(0.5, 0.5)).isCloseTo(0.5, within(1e-9));
        assertThat(heat.at(0.75, 0.75)).isEqualTo(2);
        var nothing = new HeatMap(new float[][] {{0}}).overlay(grey);
        assertThat(new Color(nothing.getRGB(20, 20))).isEqualTo(Color.BLACK);
        model.close();
    }

    private static Tensor tensor(String name) {
        return Tensor.of(GOLDEN.floats(name), GOLDEN.shape(name));
    }
}
