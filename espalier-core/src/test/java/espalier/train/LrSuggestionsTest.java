package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LrSuggestionsTest {
    @Test
    void valley_givesFastaisIndex() {
        assertThat(LrSuggestions.valley(new double[] {5, 5, 4, 3, 2, 1, 1.5, 9}))
                .hasValue(1);
        assertThat(LrSuggestions.valley(new double[] {3, 2.9, 2.8, 2.7, 2.5, 2.2, 1.8, 1.5, 1.3, 1.2, 1.25, 1.6, 4}))
                .hasValue(3);
    }

    @Test
    void T13_curveThatRunsAwayAtOnce_givesNoSuggestionAndNoError() {
        assertThat(LrSuggestions.of(new double[] {1e-7}, new double[] {Double.NaN}))
                .isEmpty();
        assertThat(LrSuggestions.of(new double[] {1e-7, 2e-7}, new double[] {1, 100}))
                .isEmpty();
    }
}
