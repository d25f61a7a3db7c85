package espalier.vision.augment;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.rng.Rng;
import espalier.tensor.Functional.Padding;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(NoLeaks.class)
class GeometryTest {
    private static final Golden GOLDEN = Golden.load("augment/geometry");

    /** Nearest sampling and corners not aligned are options of fastai's that Espalier leaves out. */
    static List<String> cases() {
        return GOLDEN.cases().stream()
                .filter(name -> !name.equals("rotate_nearest") && !name.equals("rotate_edges"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void composed_isFastai(String name) {
        JsonNode options = GOLDEN.value("/cases/" + name);
        String input = options.get("input").asString();
        Tensor x = Tensor.of(GOLDEN.floats(input), GOLDEN.shape(input));
        var maps = new ArrayList<double[]>();
        for (int i = 0; i < x.size(0); i++) {
            maps.add(map(options, x, i).matrix());
        }
        var padding = Padding.valueOf(options.get("padding").asString().toUpperCase(Locale.ROOT));
        var target = new Sampling.Target(
                options.get("size").get(0).asInt(), options.get("size").get(1).asInt(), padding);
        Tensor y = Sampling.sample(x, maps, target);
        assertThat(y).isCloseTo(Tensor.of(GOLDEN.floats(name + "/y"), GOLDEN.shape(name + "/y")), 2e-5);
        if (options.has("shrinks_first")) {
            assertThat(Sampling.shrinks(maps.get(0), 24, 26, target))
                    .isEqualTo(options.get("shrinks_first").asBoolean());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void affinePart_isFastai(String name) {
        JsonNode options = GOLDEN.value("/cases/" + name);
        long[] shape = GOLDEN.shape(options.get("input").asString());
        double[] expected = GOLDEN.doubles(name + "/mat");
        for (int item = 0; item < shape[0]; item++) {
            var map = CoordinateMap.of((int) shape[2], (int) shape[3]);
            for (JsonNode part : options.get("transforms")) {
                if (!part.get("name").asString().equals("warp")) {
                    add(part, item, map);
                }
            }
            double[] matrix = map.matrix();
            for (int i = 0; i < 6; i++) {
                assertThat(matrix[i]).isCloseTo(expected[6 * item + i], within(1e-6));
            }
        }
    }

    private static CoordinateMap map(JsonNode options, Tensor x, int item) {
        var map = CoordinateMap.of((int) x.size(2), (int) x.size(3));
        options.get("transforms").forEach(part -> add(part, item, map));
        return map;
    }

    private static void add(JsonNode part, int item, CoordinateMap map) {
        switch (part.get("name").asString()) {
            case "flip" -> map.affine(1 - 2 * draw(part, "draw", item), 0, 0, 0, 1, 0);
            case "dihedral" -> Dihedral.add((int) draw(part, "draw", item), map);
            case "rotate" -> Rotate.add(draw(part, "draw", item), map);
            case "zoom" ->
                Zoom.add(draw(part, "draw", item), draw(part, "draw_x", item), draw(part, "draw_y", item), map);
            case "warp" -> Warp.add(draw(part, "draw_x", item), draw(part, "draw_y", item), map);
            default -> throw new AssertionError(part);
        }
    }

    private static double draw(JsonNode part, String name, int item) {
        JsonNode draws = part.get(name);
        return draws.isArray() ? draws.get(item).asDouble() : draws.asDouble();
    }

    @Test
    void flip_isExactAndHappensToHalf() {
        Tensor x = Tensor.rand(Rng.of(1), 400, 3, 4, 5);
        Tensor y = Augmentations.flip().apply(x, true, Draws.rngs(7, 400));
        Tensor mirrored = x.flip(3);
        int flipped = 0;
        for (int i = 0; i < 400; i++) {
            boolean changed = y.select(0, i).sub(x.select(0, i)).abs().max().item() > 1e-5;
            flipped += changed ? 1 : 0;
            assertThat(y.select(0, i)).isCloseTo((changed ? mirrored : x).select(0, i), 1e-5);
        }
        assertThat(flipped).isBetween(160, 240);
    }

    @Test
    void dihedral_givesEachSymmetry() {
        Tensor x = Tensor.rand(Rng.of(1), 1, 1, 5, 5);
        var symmetries = List.of(
                x,
                x.flip(3),
                x.flip(2),
                x.transpose(2, 3),
                x.flip(2, 3),
                x.transpose(2, 3).flip(3),
                x.transpose(2, 3).flip(2),
                x.transpose(2, 3).flip(2, 3));
        for (int i = 0; i < 8; i++) {
            var map = CoordinateMap.of(5, 5);
            Dihedral.add(i, map);
            Tensor y = Sampling.sample(x, List.of(map.matrix()), new Sampling.Target(5, 5, Padding.ZEROS));
            long same = symmetries.stream()
                    .filter(s -> s.sub(y).abs().max().item() < 1e-5)
                    .count();
            assertThat(same).isEqualTo(1);
        }
    }

    @Test
    void draws_keepRangesAndProbabilities() {
        int n = 4000;
        int turned = 0;
        int enlarged = 0;
        int warped = 0;
        for (Rng rng : Draws.rngs(3, n)) {
            var rotation = CoordinateMap.of(10, 10);
            new Rotate(20, 0.75).draw(rng, rotation);
            double degrees = Math.toDegrees(Math.atan2(rotation.matrix()[1], rotation.matrix()[0]));
            assertThat(degrees).isBetween(-20.0001, 20.0001);
            turned += degrees == 0 ? 0 : 1;
            var zoom = CoordinateMap.of(10, 10);
            new Zoom(1, 1.1, 0.75).draw(rng, zoom);
            double[] m = zoom.matrix();
            assertThat(m[0]).isBetween(1 / 1.1, 1.0);
            assertThat(Math.abs(m[2])).isLessThanOrEqualTo(1 - m[0] + 1e-12);
            enlarged += m[0] == 1 ? 0 : 1;
            var warp = CoordinateMap.of(10, 10);
            new Warp(0.4, 0.75).draw(rng, warp);
            warped += Math.abs(warp.matrix()[7]) + Math.abs(warp.matrix()[6]) < 1e-12 ? 0 : 1;
        }
        assertThat(turned / (double) n).isCloseTo(0.75, within(0.03));
        assertThat(enlarged / (double) n).isCloseTo(0.75, within(0.03));
        assertThat(warped / (double) n).isCloseTo(1 - 0.25 * 0.25, within(0.02));
    }

    @Test
    void warp_takesTrapeziumToSquare() {
        var map = CoordinateMap.of(9, 9);
        Warp.add(0.2, 0.1, map);
        double[] m = map.matrix();
        double depth = -1.1 * m[6] - 1.2 * m[7] + m[8];
        assertThat((-1.1 * m[0] - 1.2 * m[1] + m[2]) / depth).isCloseTo(-1, within(1e-12));
        assertThat((-1.1 * m[3] - 1.2 * m[4] + m[5]) / depth).isCloseTo(-1, within(1e-12));
    }

    @Test
    void randomSquare_showsAPartOfThePicture() {
        Tensor x = Tensor.arange(0, 80).to(espalier.format.DType.FLOAT32).reshape(1, 1, 8, 10);
        Tensor still = Augmentation.of(new RandomSquare(0.5)).size(8).apply(x, false, Draws.rngs(1, 1));
        assertThat(still).isCloseTo(x.narrow(3, 1, 8), 1e-4);
        for (Rng rng : Draws.rngs(5, 30)) {
            var map = CoordinateMap.of(8, 10);
            new RandomSquare(0.3).draw(rng, map);
            double[] m = map.matrix();
            double across = m[0] * 9 / 7;
            assertThat(m[0] * 9).as("a square in pixels").isCloseTo(m[4] * 7, within(1e-9));
            assertThat(across).isLessThanOrEqualTo(1 + 1e-9);
            assertThat(Math.abs(m[2]) + m[0]).isLessThanOrEqualTo(1 + 1e-9);
            assertThat(Math.abs(m[5]) + m[4]).isLessThanOrEqualTo(1 + 1e-9);
        }
    }
}
