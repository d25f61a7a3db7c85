package espalier.vision.augment;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(NoLeaks.class)
class LightingTest {
    private static final Golden GOLDEN = Golden.load("augment/lighting");

    static List<String> cases() {
        return GOLDEN.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void composed_isFastai(String name) {
        Tensor y = Tensor.of(GOLDEN.floats("x"), GOLDEN.shape("x"));
        var tones = new ArrayList<Tone>();
        for (int i = 0; i < y.size(0); i++) {
            var tone = new Tone();
            for (JsonNode part : GOLDEN.value("/cases/" + name + "/transforms")) {
                double draw = part.get("draw").get(i).asDouble();
                switch (part.get("name").asString()) {
                    case "brightness" -> tone.brightness(draw);
                    case "contrast" -> tone.contrast(draw);
                    case "saturation" -> tone.saturation(draw);
                    case "hue" -> y.select(0, i).copy_(Hue.turn(y.select(0, i), draw));
                    default -> throw new AssertionError(part);
                }
            }
            tones.add(tone);
        }
        assertThat(Relighting.light_(y, tones)).isCloseTo(GOLDEN.doubles(name + "/y"), 2e-6);
    }

    @Test
    void numbers_areFastais() {
        var brightness = new Tone().brightness(0.6);
        var contrast = new Tone().contrast(1.2);
        Tensor x = Tensor.of(new float[] {0.2f, 0.5f, 0.8f}, 1, 1, 1, 3);
        assertThat(Relighting.light_(x.copy(), List.of(brightness)))
                .isCloseTo(new double[] {0.272727, 0.6, 0.857143}, 1e-6);
        assertThat(Relighting.light_(x.copy(), List.of(contrast)))
                .isCloseTo(new double[] {0.159286, 0.5, 0.840714}, 1e-6);
    }

    @Test
    void draws_keepRangesAndProbabilities() {
        int n = 4000;
        int lit = 0;
        int contrasted = 0;
        double logs = 0;
        for (Rng rng : Draws.rngs(3, n)) {
            var brightness = new Tone();
            new Brightness(0.4, 0.75).draw(rng, brightness);
            double level = 1 / (1 + Math.exp(-brightness.shift()));
            assertThat(level).isBetween(0.3 - 1e-9, 0.7 + 1e-9);
            lit += brightness.neutral() ? 0 : 1;
            var contrast = new Tone();
            new Contrast(0.4, 0.75).draw(rng, contrast);
            assertThat(contrast.own()).isBetween(0.6 - 1e-9, 1 / 0.6 + 1e-9);
            contrasted += contrast.neutral() ? 0 : 1;
            logs += Math.log(contrast.own());
        }
        assertThat(lit / (double) n).isCloseTo(0.75, within(0.03));
        assertThat(contrasted / (double) n).isCloseTo(0.75, within(0.03));
        assertThat(logs / n).as("no drift of contrast").isCloseTo(0, within(0.02));
    }

    @Test
    void standardLight_movesTheMeanLittle() {
        Tensor x = Tensor.rand(Rng.of(1), 200, 3, 8, 8);
        Tensor y = Augmentations.standard().mult(2).apply(x, true, Draws.rngs(9, 200));
        assertThat(y.mean().item()).isCloseTo(x.mean().item(), within(0.02));
        assertThat(y.min().item()).isGreaterThanOrEqualTo(0);
        assertThat(y.max().item()).isLessThanOrEqualTo(1);
    }

    @Test
    void hue_fullTurnIsNoneAndThirdExchangesChannels() {
        Tensor x = Tensor.rand(Rng.of(1), 3, 4, 4);
        assertThat(Hue.turn(x, 1)).isCloseTo(x, 1e-5);
        Tensor third = Hue.turn(x, 1 / 3.0);
        assertThat(third.select(0, 1)).isCloseTo(x.select(0, 0), 1e-5);
        assertThat(third.select(0, 2)).isCloseTo(x.select(0, 1), 1e-5);
    }

    @Test
    void hue_ofGrey_changesNothing() {
        Tensor x = Tensor.full(0.3, 2, 3, 4, 4);
        assertThat(Augmentations.hue().p(1).apply(x, true, Draws.rngs(1, 2))).isCloseTo(x, 1e-6);
    }

    @Test
    void randomErasing_coversOneRectangleWithinLimits() {
        Tensor x = Tensor.full(2, 60, 3, 20, 30);
        Tensor y = Augmentations.randomErasing().p(1).area(0.1, 0.3).apply(x, true, Draws.rngs(2, 60));
        for (int i = 0; i < 60; i++) {
            double share =
                    y.select(0, i).select(0, 0).lt(1.5).to(x.dtype()).mean().item();
            assertThat(share).isBetween(0.03, 0.36);
        }
        assertThat(Augmentations.randomErasing().apply(x, false, Draws.rngs(2, 60)))
                .isCloseTo(x, 0);
        Tensor half = Augmentations.cutout().apply(x, true, Draws.rngs(2, 60));
        double covered = half.select(1, 0).lt(1).to(x.dtype()).mean().item();
        assertThat(covered).isCloseTo(0.125, within(0.06));
        assertThat(half.min().item()).isCloseTo(0.449, within(1e-6));
    }

    @Test
    void tooMuchLight_isRefused() {
        assertThatThrownBy(() -> Augmentations.standard().mult(5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxLighting")
                .hasMessageContaining("Maybe");
    }
}
