package espalier.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.loss.Losses;
import espalier.tensor.Scope;
import espalier.testing.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class NumberTargetTest {
    @Test
    void labels_becomeNumbersInTheirOrder() {
        try (var scope = Scope.open()) {
            var y = Targets.numbers("x", "y").collate(List.of(List.of("1.5", "-2"), List.of("0", "1e3")));
            assertThat(y.shape().sizes()).containsExactly(2, 2);
            assertThat(y.toFloatArray()).containsExactly(1.5f, -2, 0, 1000);
        }
    }

    /** Population deviation, as numpy's std and scikit-learn's StandardScaler. */
    @Test
    void output_hasMeanAndDeviationOfTheTrainingLabels() {
        var target = Targets.numbers("age").fit(List.of(List.of("1"), List.of("2"), List.of("6")));
        try (var output = target.output().orElseThrow();
                var scope = Scope.open()) {
            var state = output.stateDict();
            assertThat(state.get("mean").toFloatArray()).containsExactly(3);
            assertThat(state.get("std").toFloatArray()[0]).isCloseTo(2.1602469f, within(1e-6f));
        }
    }

    @Test
    void labelsOfAnotherForm_areNamed() {
        var target = Targets.numbers("age");
        assertThat(target.malformed(List.of("7.25"))).isEmpty();
        assertThat(target.malformed(List.of("old"))).contains("its age, old, is no finite number");
        assertThat(target.malformed(List.of("NaN"))).contains("its age, NaN, is no finite number");
        assertThat(target.malformed(List.of(""))).contains("has no age");
        assertThat(target.malformed(List.of("1", "2"))).contains("has 2 numbers, not 1");
    }

    @Test
    void constantLabels_areAProblem() {
        var target = Targets.numbers("age", "height").fit(List.of(List.of("1", "5"), List.of("2", "5")));
        assertThat(target.problem())
                .contains("all training items have the same height, 5.0. Maybe it is another column");
        assertThat(Targets.numbers("age")
                        .fit(List.of(List.of("1"), List.of("2")))
                        .problem())
                .isEmpty();
    }

    @Test
    void lossOfClasses_isRefused() {
        assertThatThrownBy(() -> Targets.numbers("age").loss(Losses.crossEntropy()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("received cross_entropy")
                .hasMessageContaining("Losses.huber()");
        assertThatThrownBy(Targets::numbers).hasMessageContaining("different names of quantities");
        assertThatThrownBy(() -> Targets.numbers("a", "a")).hasMessageContaining("received [a, a]");
    }
}
