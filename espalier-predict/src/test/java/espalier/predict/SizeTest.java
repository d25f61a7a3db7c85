package espalier.predict;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.SizeBudget;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The budget of lines that this module keeps. */
class SizeTest {
    /** Budgets of their own: the classes that users meet first stay short, the tensor may be longer. */
    private static final Map<String, Integer> FILES = Map.of("espalier/predict/Predictor.java", 200);

    private static SizeBudget budget;

    @BeforeAll
    static void parse() {
        budget = SizeBudget.of(FILES);
    }

    @Test
    void files_keepTheirBudget() {
        assertThat(budget.files()).isGreaterThan(50);
        assertThat(budget.longFiles()).as("files above their budget of lines").isEmpty();
    }

    @Test
    void methods_keepTheirBudget() {
        assertThat(budget.methods()).isGreaterThan(200);
        assertThat(budget.longMethods())
                .as("methods above their budget of lines")
                .isEmpty();
    }
}
