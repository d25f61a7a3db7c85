package espalier.web;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.SizeBudget;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The budget of lines: what does not fit into it is split by concern. */
class SizeTest {
    /** The classes that users meet first stay short. */
    private static final Map<String, Integer> FILES = Map.of("espalier/web/predict/PredictionServer.java", 200);

    @Test
    void files_keepTheirBudget() {
        var budget = SizeBudget.of(FILES);
        assertThat(budget.files()).isGreaterThan(10);
        assertThat(budget.longFiles()).as("files above their budget of lines").isEmpty();
        assertThat(budget.longMethods())
                .as("methods above their budget of lines")
                .isEmpty();
    }
}
