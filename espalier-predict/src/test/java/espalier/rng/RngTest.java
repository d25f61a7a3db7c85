package espalier.rng;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RngTest {
    @Test
    void sameSeed_givesSameNumbers() {
        assertThat(Rng.of(42).nextLong())
                .isEqualTo(Rng.of(42).nextLong())
                .isNotEqualTo(Rng.of(43).nextLong());
    }

    @Test
    void derive_dependsOnEveryKeyAndLeavesTheParentAlone() {
        var rng = Rng.of(1);
        long before = rng.state();
        assertThat(rng.derive(1, 2).nextLong()).isEqualTo(rng.derive(1, 2).nextLong());
        assertThat(rng.derive(1, 2).nextLong()).isNotEqualTo(rng.derive(2, 1).nextLong());
        assertThat(rng.state()).isEqualTo(before);
    }

    @Test
    void uniformAndNormal_haveTheirMoments() {
        var rng = Rng.of(7);
        int n = 100_000;
        assertThat(IntStream.range(0, n)
                        .mapToDouble(i -> rng.uniform())
                        .average()
                        .orElseThrow())
                .isCloseTo(0.5, within(0.005));
        double[] normals = IntStream.range(0, n).mapToDouble(i -> rng.normal()).toArray();
        assertThat(Arrays.stream(normals).average().orElseThrow()).isCloseTo(0, within(0.015));
        assertThat(Arrays.stream(normals).map(x -> x * x).average().orElseThrow())
                .isCloseTo(1, within(0.02));
    }

    @Test
    void nextInt_coversItsRangeEvenly() {
        var rng = Rng.of(3);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) {
            counts[rng.nextInt(7)]++;
        }
        assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThan(9_500);
        assertThatThrownBy(() -> rng.nextInt(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void permutation_holdsEachIndexOnce() {
        assertThat(Arrays.stream(Rng.of(9).permutation(50)).sorted())
                .containsExactly(IntStream.range(0, 50).boxed().toArray(Integer[]::new));
    }

    @Test
    void state_goesOnWhereItStopped() {
        var rng = Rng.of(5);
        rng.nextLong();
        assertThat(Rng.fromState(rng.state()).nextLong()).isEqualTo(rng.nextLong());
    }
}
