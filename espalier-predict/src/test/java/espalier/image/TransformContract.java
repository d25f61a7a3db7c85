package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.format.Transform;
import espalier.rng.Rng;
import espalier.testing.plain.Pictures;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What every transform of pictures keeps. */
final class TransformContract {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int[][] SIZES = {{1, 1}, {1, 300}, {300, 1}, {40, 30}, {31, 64}};

    private TransformContract() {}

    static void check(Transform<Image> transform) {
        for (int[] size : SIZES) {
            Image x = Pictures.synthetic(size[0], size[1]);
            Image before = Image.of(x.width(), x.height(), x.data().clone());
            for (boolean training : new boolean[] {true, false}) {
                Image once = transform.apply(x, training, Rng.of(7));
                assertThat(transform.apply(x, training, Rng.of(7)))
                        .as("the same generator gives the same picture")
                        .isEqualTo(once);
            }
            assertThat(x).as("the input is not changed").isEqualTo(before);
            var rng = Rng.of(3);
            long state = rng.state();
            Image valid = transform.apply(x, false, rng);
            assertThat(rng.state()).as("validation does not draw").isEqualTo(state);
            assertThat(transform.apply(x, false, Rng.of(99))).isEqualTo(valid);
        }
        var parameters = JSON.readValue(JSON.writeValueAsString(transform.parameters()), Map.class);
        @SuppressWarnings("unchecked")
        Transform<Image> again = Transforms.from(transform.name(), parameters);
        assertThat(again).as("name and parameters are enough").isEqualTo(transform);
        assertThat(Transforms.names()).contains(transform.name());
    }
}
