package espalier.testing.plain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The budget of lines of a module: what does not fit into it is split by concern, or is listed with its reason. */
public interface SizeContract {
    /** So many files there are at least, with four methods each: a test that finds nothing proves nothing. */
    int files();

    /** Budgets of their own, by the path below {@code src/main/java}: the classes that users meet first stay short. */
    default Map<String, Integer> budgets() {
        return Map.of();
    }

    /** Files above their budget, each with its reason. */
    default Map<String, String> longFiles() {
        return Map.of();
    }

    /** Methods above the budget, as {@code FILE#METHOD}, each with its reason. */
    default Map<String, String> longMethods() {
        return Map.of();
    }

    @Test
    default void filesAndMethods_keepTheirBudget() {
        var budget = SizeBudget.of(budgets());
        assertThat(budget.files()).isGreaterThan(files());
        assertThat(budget.methods()).isGreaterThan(4 * files());
        assertThat(budget.longFiles())
                .as("files above their budget of lines, and exceptions that are still needed")
                .containsExactlyInAnyOrderElementsOf(longFiles().keySet());
        assertThat(budget.longMethods())
                .as("methods above their budget of lines, and exceptions that are still needed")
                .containsExactlyInAnyOrderElementsOf(longMethods().keySet());
    }
}
