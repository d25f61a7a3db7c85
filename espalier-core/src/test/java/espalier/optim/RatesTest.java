package espalier.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RatesTest {
    @Test
    void range_isGeometric() {
        assertThat(Rates.range(1e-4, 1e-2).forGroups(3))
                .containsExactly(new double[] {1e-4, 1e-3, 1e-2}, within(1e-12));
        assertThat(Rates.range(1e-4, 1e-2).forGroups(1)).containsExactly(1e-2);
    }

    @Test
    void upTo_givesATenthToAllButTheLast() {
        assertThat(Rates.upTo(1e-2).forGroups(3)).containsExactly(1e-3, 1e-3, 1e-2);
        assertThat(Rates.upTo(1e-2).forGroups(1)).containsExactly(1e-2);
    }

    @Test
    void one_isForAll() {
        assertThat(Rates.of(0.5).forGroups(2)).containsExactly(0.5, 0.5);
        assertThat(Rates.of(0.5).times(2).last()).isEqualTo(1);
    }

    @Test
    void list_mustHaveOneRateAGroup() {
        assertThat(Rates.list(1, 2).forGroups(2)).containsExactly(1, 2);
        assertThatThrownBy(() -> Rates.list(1, 2).forGroups(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 rates for 3 parameter groups");
        assertThatThrownBy(() -> Rates.of(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(Rates::list).isInstanceOf(IllegalArgumentException.class);
    }
}
