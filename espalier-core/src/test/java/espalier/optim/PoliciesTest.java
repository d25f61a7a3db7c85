package espalier.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.testing.plain.Golden;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final Golden GOLDEN = Golden.load("kit/policies");
    private static final int EPOCHS = 10;

    /** Each batch's rate, as the training loop computes it. */
    private static double[] rates(Policy policy, int batches) {
        double[] rates = new double[batches];
        Arrays.setAll(rates, i -> policy.lr(0.1, EPOCHS).at((double) i / batches));
        return rates;
    }

    @Test
    void rates_ofEachBatchEqualPyTorchs() {
        var cases = GOLDEN.value("/batches").propertyNames();
        assertThat(cases).hasSizeGreaterThan(7);
        for (String text : cases) {
            double[] expected = Golden.doubles(GOLDEN.value("/batches").get(text));
            assertThat(rates(Policies.parse(text), expected.length)).as(text).containsExactly(expected, within(1e-8));
        }
    }

    @Test
    void rates_ofEachEpochEqualPyTorchs() {
        for (String text : GOLDEN.value("/epochs").propertyNames()) {
            double[] expected = Golden.doubles(GOLDEN.value("/epochs").get(text));
            double[] rates = rates(Policies.parse(text), 4 * EPOCHS);
            for (int i = 0; i < rates.length; i++) {
                assertThat(rates[i]).as("%s, batch %s", text, i).isCloseTo(expected[i / 4], within(1e-9));
            }
        }
    }

    @Test
    void plateau_lowersTheRateWhenPyTorchDoes() {
        double[] losses = GOLDEN.doublesAt("/losses");
        for (String text : GOLDEN.value("/plateau").propertyNames()) {
            double[] expected = Golden.doubles(GOLDEN.value("/plateau").get(text));
            for (int epoch = 0; epoch < losses.length; epoch++) {
                double factor = Policies.parse(text).factor(Arrays.copyOf(losses, epoch));
                assertThat(0.1 * factor).as("%s, epoch %s", text, epoch).isCloseTo(expected[epoch], within(1e-12));
            }
        }
    }

    @Test
    void plateau_countsEpochsWithoutALossAsNoBetter() {
        assertThat(Policies.plateau().patience(1).factor(Double.NaN, Double.NaN))
                .isCloseTo(0.1, within(1e-12));
    }

    @Test
    void text_isReadAsTheSamePolicy() {
        for (Policy policy : Policies.all()) {
            assertThat(Policies.parse(policy.name())).isEqualTo(policy);
            assertThat(Policies.parse(policy.text())).isEqualTo(policy);
            assertThat(Policies.parse(policy.warmUp(1.5).text())).isEqualTo(policy.warmUp(1.5));
        }
        assertThat(Policies.parse("multi-step:at=2/4.5,factor=0.5"))
                .isEqualTo(Policies.multiStep().at(2, 4.5).factor(0.5))
                .returns("multi-step:factor=0.5,at=2/4.5", Policy::text);
        assertThat(Policies.parse("one-cycle:pct_start=0.3,momenta=0.9/0.8/0.9"))
                .isEqualTo(Policies.oneCycle().pctStart(0.3).momenta(0.9, 0.8, 0.9));
    }

    @Test
    void all_isAlphabeticalWithoutDoubles() {
        assertThat(Policies.all().stream().map(Policy::name).toList())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void momentum_isOnlyOneCyclesAndWaitsForItAfterAWarmUp() {
        assertThat(Policies.cosine().momentum(3)).isEmpty();
        var momentum = Policies.oneCycle().warmUp(1).momentum(4).orElseThrow();
        assertThat(momentum.at(0.1)).isEqualTo(0.95);
        assertThat(momentum.at(0.25 + 0.75 * 0.25)).isCloseTo(0.85, within(1e-9));
    }

    @Test
    void warmUp_longerThanTheCycleClimbsAllTheTime() {
        var lr = Policies.constant().warmUp(9).lr(1, 3);
        assertThat(lr.at(0)).isCloseTo(0.01, within(1e-12));
        assertThat(lr.at(1)).isEqualTo(1);
    }

    @Test
    void whatIsNotKnown_isNamed() {
        assertThatThrownBy(() -> Policies.parse("cosin"))
                .hasMessageContaining("no schedule \"cosin\"")
                .hasMessageContaining("constant, cosine");
        assertThatThrownBy(() -> Policies.parse("step:gamma=2"))
                .hasMessageContaining("no number \"gamma\"")
                .hasMessageContaining("every, factor");
        assertThatThrownBy(() -> Policies.parse("step:every"))
                .hasMessageContaining("\"every\" is no number")
                .hasMessageContaining("Maybe");
        assertThatThrownBy(() -> Policies.parse("step:every=a")).hasMessageContaining("every=a");
        assertThatThrownBy(() -> Policies.parse("plateau:factor=2")).hasMessageContaining("(0, 1)");
        assertThatThrownBy(() -> Policies.parse("exponential:end=0")).hasMessageContaining("above 0");
        assertThatThrownBy(() -> Policies.parse("one-cycle:momenta=1")).hasMessageContaining("three momenta");
        assertThatThrownBy(() -> Policies.cosine().warmUp(0)).hasMessageContaining("warm-up");
    }
}
