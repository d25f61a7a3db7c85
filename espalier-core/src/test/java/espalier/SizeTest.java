package espalier;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.SizeBudget;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The budget of lines: what does not fit into it is split by concern, or is listed here with its reason. */
class SizeTest {
    /** Budgets of their own: the classes that users meet first stay short, the tensor may be longer. */
    private static final Map<String, Integer> FILES = Map.of(
            "espalier/train/Learner.java", 200,
            "espalier/data/DataBlock.java", 200,
            "espalier/tensor/Tensor.java", 600);

    /** Files above their budget, each with its reason. */
    private static final Map<String, String> LONG_FILES = Map.of(
            "espalier/train/Learner.java", "every choice and verb of training is a short method with its Javadoc",
            "espalier/text/Field.java", "every option of torchtext's is a short method with its Javadoc");

    /** Methods above the budget, as {@code FILE#METHOD}, each with its reason. */
    private static final Map<String, String> LONG_METHODS =
            Map.of("espalier/metric/Metrics.java#all", "the catalogue, a metric in each line");

    private static SizeBudget budget;

    @BeforeAll
    static void parse() {
        budget = SizeBudget.of(FILES);
    }

    @Test
    void files_keepTheirBudget() {
        assertThat(budget.files()).isGreaterThan(50);
        assertThat(budget.longFiles())
                .as("files above their budget of lines, and exceptions that are still needed")
                .containsExactlyInAnyOrderElementsOf(LONG_FILES.keySet());
    }

    @Test
    void methods_keepTheirBudget() {
        assertThat(budget.methods()).isGreaterThan(500);
        assertThat(budget.longMethods())
                .as("methods above their budget of lines, and exceptions that are still needed")
                .containsExactlyInAnyOrderElementsOf(LONG_METHODS.keySet());
    }
}
