package espalier.nn;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class FlopsTest {
    @Test
    void count_isThatOfTheFormulas() {
        assertThat(Flops.of(Linear.of(30, 20), 7, 30)).isEqualTo(7 * 30 * 20);
        // [1, 8, 5, 5]: 25 positions, 8 channels out, 4 / 2 channels in each group, 3 by 3
        assertThat(Flops.of(Conv2d.of(4, 8, 3).padding(1).stride(2).groups(2), 1, 4, 10, 10))
                .isEqualTo(25 * 8 * 2 * 9);
        var model = Sequential.of(Conv2d.of(3, 4, 3), BatchNorm2d.of(4), ReLU.of(), Flatten.of(), Linear.of(16, 2));
        assertThat(Flops.of(model, 1, 3, 4, 4)).isEqualTo(4 * 4 * 27 + 16 * 2);
        assertThat(model.isTraining()).isTrue();
    }
}
