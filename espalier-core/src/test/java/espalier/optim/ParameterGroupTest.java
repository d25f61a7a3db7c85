package espalier.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class ParameterGroupTest {
    @Test
    void group_takesTheOptimisersDefaultsUnlessTold() {
        var plain = ParameterGroup.of(List.of(Tensor.ones(1)));
        var chosen = ParameterGroup.of(List.of(Tensor.ones(1)))
                .momentum(0.5)
                .weightDecay(0)
                .lr(0.2);
        try (var adam = Optimizers.adam().weightDecay(0.3).create(List.of(plain, chosen))) {
            assertThat(plain.momentum()).isEqualTo(0.9);
            assertThat(plain.weightDecay()).isEqualTo(0.3);
            assertThat(plain.lr()).isEqualTo(1e-3);
            assertThat(chosen.momentum()).isEqualTo(0.5);
            assertThat(chosen.weightDecay()).isZero();
            assertThat(adam.groups()).containsExactly(plain, chosen);
        }
    }

    @Test
    void withoutDecay_keepsTheOptions() {
        var group =
                ParameterGroup.of(List.of(Tensor.ones(1))).lr(0.5).frozen(true).withoutDecay(List.of(Tensor.ones(2)));
        assertThat(group.parameters()).hasSize(2);
        assertThat(group.decays(0)).isTrue();
        assertThat(group.decays(1)).isFalse();
        assertThat(group.frozen()).isTrue();
        assertThat(group.lr()).isEqualTo(0.5);
    }

    @Test
    void numbers_mustMakeSense() {
        var group = ParameterGroup.of(List.of(Tensor.ones(1)));
        assertThatThrownBy(() -> group.lr(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> group.weightDecay(-1)).hasMessageContaining("weight decay");
    }
}
