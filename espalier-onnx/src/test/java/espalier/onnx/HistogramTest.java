package espalier.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private static Histogram of(float... values) {
        var histogram = new Histogram();
        histogram.add(FloatBuffer.wrap(values));
        return histogram;
    }

    private static float[] numbers(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i - count / 10;
        }
        return values;
    }

    @Test
    void range_leavesTheShareOutAtEitherEnd() {
        var histogram = of(numbers(1000)); // -100 to 899

        assertThat(histogram.range(0)).containsExactly(-100, 899);
        assertThat(histogram.range(0.05)[0]).isCloseTo(-50, within(1f));
        assertThat(histogram.range(0.05)[1]).isCloseTo(850, within(1f));
    }

    @Test
    void valuesThatComeLaterAndAreLarger_widenItWithoutLosingAny() {
        var grown = of(1e-3f, -1e-3f);
        for (float value : numbers(1000)) {
            grown.add(FloatBuffer.wrap(new float[] {value}));
        }

        assertThat(grown.range(0.05)[0]).isCloseTo(-50, within(1f));
        assertThat(grown.range(0.05)[1]).isCloseTo(850, within(1f));
    }

    @Test
    void range_holdsZeroAndLeavesOutWhatIsNotFinite() {
        assertThat(of(3, 4, 5).range(0)).containsExactly(0, 5);
        assertThat(of(-3, -4, -5).range(0)).containsExactly(-5, 0);
        assertThat(of(1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)
                        .range(0))
                .containsExactly(0, 1);
        assertThat(of(0, 0).range(0)).containsExactly(0, 0);
    }
}
