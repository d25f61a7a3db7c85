package espalier.spark;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.SizeBudget;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The budget of lines: what does not fit into it is split by concern. */
class SizeTest {
    @Test
    void files_keepTheirBudget() {
        var budget = SizeBudget.of(Map.of("espalier/spark/EspalierModel.java", 200));
        assertThat(budget.files()).isGreaterThan(5);
        assertThat(budget.longFiles()).as("files above their budget of lines").isEmpty();
        assertThat(budget.longMethods())
                .as("methods above their budget of lines")
                .isEmpty();
    }
}
