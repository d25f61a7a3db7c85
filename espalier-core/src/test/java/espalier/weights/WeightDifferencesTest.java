package espalier.weights;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightDifferencesTest {
    private static final Shape SHAPE = Shape.of(2, 3);

    @Test
    void M08_equalNamesAndShapes_haveNone() {
        var differences =
                WeightDifferences.of(Map.of("a", SHAPE, "bn.num_batches_tracked", Shape.of()), Map.of("a", SHAPE));
        assertThat(differences.isEmpty()).isTrue();
    }

    @Test
    void M08_missingUnexpectedTransposed_areListed() {
        var differences = WeightDifferences.of(
                Map.of("a", SHAPE, "b", SHAPE, "c", SHAPE), Map.of("a", Shape.of(3, 2), "c", SHAPE, "d", SHAPE));
        assertThat(differences.missing()).containsExactly("b [2, 3]");
        assertThat(differences.unexpected()).containsExactly("d [2, 3]");
        assertThat(differences.mismatched()).containsExactly("a: expected [2, 3], received [3, 2] (transposed)");
        assertThat(differences.message())
                .startsWith("1 missing, 1 unexpected, 1 mismatched tensors\n  missing: b [2, 3]\n")
                .contains("Maybe the file is of another architecture.");
    }

    @Test
    void M08_otherClassCount_isGuessed() {
        var differences = WeightDifferences.of(Map.of("fc.weight", SHAPE), Map.of("fc.weight", Shape.of(5, 3)));
        assertThat(differences.message()).contains("another number of classes");
    }

    @Test
    void M08_longLists_areCut() {
        Map<String, Shape> many = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
            many.put("layer" + i, SHAPE);
        }
        var differences = WeightDifferences.of(many, Map.of());
        assertThat(differences.missing()).hasSize(100);
        assertThat(differences.message().lines()).hasSize(13);
        assertThat(differences.message()).contains("and 90 more missing");
    }
}
