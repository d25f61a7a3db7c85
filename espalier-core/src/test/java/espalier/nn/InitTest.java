package espalier.nn;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.rng.Rng;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class InitTest {
    private static final int IN = 64 * 9;
    private static final int OUT = 128 * 9;

    private static Tensor drawn(Init init) {
        return init.apply(Tensor.zeros(128, 64, 3, 3), Rng.of(7));
    }

    private static Offset<Double> percent(double of) {
        return within(0.02 * of);
    }

    @Test
    void kaiming_hasTheStandardDeviationOfItsFan() {
        double in = Math.sqrt(2.0 / IN);
        assertThat(drawn(Init.kaimingNormal()).std(0).item()).isCloseTo(in, percent(in));
        double out = Math.sqrt(2.0 / OUT);
        assertThat(drawn(Init.kaimingNormal().fanOut()).std(0).item()).isCloseTo(out, percent(out));
        assertThat(drawn(Init.kaimingUniform()).std(0).item()).isCloseTo(in, percent(in));
        assertThat(drawn(Init.kaimingUniform()).max().item()).isCloseTo(Math.sqrt(6.0 / IN), percent(in));
        assertThat(drawn(Init.kaimingNormal().gain(1)).std(0).item()).isCloseTo(Math.sqrt(1.0 / IN), percent(in));
    }

    @Test
    void xavier_hasTheStandardDeviationOfBothFans() {
        double std = Math.sqrt(2.0 / (IN + OUT));
        assertThat(drawn(Init.xavierNormal()).std(0).item()).isCloseTo(std, percent(std));
        assertThat(drawn(Init.xavierUniform()).std(0).item()).isCloseTo(std, percent(std));
        assertThat(drawn(Init.xavierUniform()).max().item()).isCloseTo(Math.sqrt(6.0 / (IN + OUT)), percent(std));
    }

    @Test
    void truncatedNormal_hasNoTail() {
        Tensor values = drawn(Init.truncatedNormal(0.02));
        assertThat(values.abs().max().item()).isLessThanOrEqualTo(0.04 + 1e-8);
        assertThat(values.std(0).item()).isCloseTo(0.02 * 0.8796, percent(0.02)); // of the truncated distribution
    }

    @Test
    void orthogonal_hasOrthonormalRows() {
        Tensor w = Init.orthogonal().apply(Tensor.zeros(4, 3, 2), Rng.of(1)).reshape(4, 6);
        assertThat(w.matmul(w.t())).isCloseTo(Tensor.eye(4), 1e-5);
    }

    @Test
    void simpleKinds_areWhatTheySay() {
        assertThat(drawn(Init.constant(0.5)).min().item()).isEqualTo(0.5);
        assertThat(drawn(Init.normal(3, 0.1)).mean().item()).isCloseTo(3, within(0.01));
        assertThat(drawn(Init.uniform(-2, -1)).max().item()).isLessThan(-1);
    }

    @Test
    void fans_needAMatrix() {
        assertThatThrownBy(() -> Init.kaimingNormal().apply(Tensor.zeros(3), Rng.of(0)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("bias");
    }

    @Test
    void defaultsOfLayers_arePyTorchs() {
        double bound = 1 / Math.sqrt(IN);
        assertThat(Conv2d.of(64, 128, 3).weight().max().item()).isCloseTo(bound, percent(bound));
        assertThat(Linear.of(400, 300).parameters().get("weight").max().item()).isCloseTo(0.05, percent(0.05));
        assertThat(Embedding.of(300, 40).parameters().get("weight").std(0).item())
                .isCloseTo(1, percent(1));
        assertThat(Lstm.of(20, 400).parameters().get("weight_hh_l0").max().item())
                .isCloseTo(0.05, percent(0.05));
    }
}
