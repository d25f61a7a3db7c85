package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.rng.Rng;
import espalier.testing.plain.Golden;
import espalier.testing.plain.Pictures;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** RandAugment and TrivialAugment, and their operations; goldens from torchvision. */
class AutoAugmentTest {
    private static final int WIDTH = 17;
    private static final int HEIGHT = 12;

    private static Golden golden() {
        return Golden.load("image/auto_augment");
    }

    private static Image picture(String name) {
        var rough = Pictures.synthetic(WIDTH, HEIGHT);
        if (name.equals("rough")) {
            return rough;
        }
        if (name.equals("large")) {
            return Pictures.synthetic(40, 30, 0);
        }
        byte[] dull = rough.data().clone();
        for (int i = 0; i < dull.length; i++) {
            dull[i] = (byte) ((dull[i] & 0xff) / 4 + 60);
        }
        return Image.of(WIDTH, HEIGHT, dull);
    }

    private static PictureOperation operation(String name) {
        return PictureOperation.valueOf(name.toUpperCase(Locale.ROOT));
    }

    static Stream<JsonNode> cases() {
        return golden().value("/cases").valueStream();
    }

    /** A level may differ by one where float32 rounds otherwise, and a pixel where it lies in the middle of two. */
    @ParameterizedTest
    @MethodSource("cases")
    void operation_isTorchvisions(JsonNode one) {
        byte[] expected = Base64.getDecoder().decode(one.get("result").asString());
        byte[] actual = operation(one.get("operation").asString())
                .apply(
                        picture(one.get("picture").asString()),
                        one.get("magnitude").asDouble())
                .data();
        int others = 0;
        int pixels = 0;
        for (int i = 0; i < expected.length; i++) {
            int apart = Math.abs((expected[i] & 0xff) - (actual[i] & 0xff));
            others += apart == 1 ? 1 : 0;
            pixels += apart > 1 ? 1 : 0;
        }
        assertThat(pixels).as("levels that are others").isLessThanOrEqualTo(expected.length / 100);
        assertThat(others).as("levels one apart").isLessThanOrEqualTo(expected.length / 100);
    }

    @ParameterizedTest
    @EnumSource(PictureOperation.class)
    void strengths_areTorchvisions(PictureOperation operation) {
        String name = operation.name().toLowerCase(Locale.ROOT);
        check(golden().value("/tables/rand/" + name), RandAugment.strength(operation, WIDTH, HEIGHT));
        check(golden().value("/tables/trivial/" + name), TrivialAugment.strength(operation));
    }

    private static void check(JsonNode table, PictureOperation.Strength strength) {
        assertThat(strength.signed()).isEqualTo(table.get("signed").asBoolean());
        for (int i = 0; i < 31; i++) {
            assertThat(strength.magnitude().applyAsDouble(i))
                    .isCloseTo(table.get("magnitudes").get(i).asDouble(), within(1e-4));
        }
    }

    @Test
    void drawnMagnitudes_haveBothSigns() {
        var strength = RandAugment.strength(PictureOperation.ROTATE, WIDTH, HEIGHT);
        var rng = Rng.of(1);
        var drawn = new HashSet<Double>();
        for (int i = 0; i < 50; i++) {
            drawn.add(strength.draw(9, rng));
        }
        assertThat(drawn).containsExactlyInAnyOrder(9.0, -9.0);
    }

    /** What one trivial step does to a picture is what one of the operations at one of the strengths does to it. */
    @Test
    void trivial_drawsEveryOperation() {
        Image x = picture("rough");
        Set<PictureOperation> seen = EnumSet.noneOf(PictureOperation.class);
        for (int i = 0; i < 400; i++) {
            Image y = Transforms.trivialAugment().apply(x, true, Rng.of(i));
            for (var operation : PictureOperation.values()) {
                var strength = TrivialAugment.strength(operation);
                for (int s = 0; s < 31 && !seen.contains(operation); s++) {
                    double size = strength.magnitude().applyAsDouble(s);
                    if (operation.apply(x, size).equals(y)
                            || operation.apply(x, -size).equals(y)) {
                        seen.add(operation);
                    }
                }
            }
        }
        assertThat(seen).isEqualTo(EnumSet.allOf(PictureOperation.class));
    }

    @Test
    void randAugment_atNoStrengthStillInvertsOrEqualizes_andInValidationDoesNothing() {
        Image x = picture("dull");
        int same = 0;
        for (int i = 0; i < 100; i++) {
            same += Transforms.randAugment()
                            .magnitude(0)
                            .apply(x, true, Rng.of(i))
                            .equals(x)
                    ? 1
                    : 0;
            assertThat(Transforms.randAugment().magnitude(30).apply(x, false, Rng.of(i)))
                    .isSameAs(x);
        }
        assertThat(same).as("12 of 14 operations do nothing, twice: 0.73").isBetween(55, 90);
        assertThatThrownBy(() -> Transforms.randAugment().magnitude(31)).hasMessageContaining("received 2 and 31");
    }

    @Test
    void randomCrop_takesEveryPlaceOfTheMarginInTraining() {
        Image x = Pictures.synthetic(4, 4);
        var crop = Transforms.randomCrop(4).margin(1);
        var seen = new HashSet<Image>();
        for (int i = 0; i < 300; i++) {
            seen.add(crop.apply(x, true, Rng.of(i)));
        }
        var expected = new HashSet<Image>();
        for (int left = -1; left <= 1; left++) {
            for (int top = -1; top <= 1; top++) {
                expected.add(Padding.ZEROS.extend(x, new Region(left, top, 4, 4)));
            }
        }
        assertThat(seen).isEqualTo(expected);
        assertThat(crop.apply(x, false, Rng.of(0))).isEqualTo(x);
    }

    @Test
    void randomCrop_putsASmallerPictureAnywhere_andInTheMiddleInValidation() {
        Image x = Pictures.synthetic(2, 2);
        var crop = Transforms.randomCrop(4).padding(Padding.BORDER);
        var seen = new HashSet<Image>();
        for (int i = 0; i < 200; i++) {
            seen.add(crop.apply(x, true, Rng.of(i)));
        }
        assertThat(seen).hasSize(9);
        assertThat(crop.apply(x, false, Rng.of(0))).isEqualTo(Padding.BORDER.extend(x, new Region(-1, -1, 4, 4)));
    }
}
