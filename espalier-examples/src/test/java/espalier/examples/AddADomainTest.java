package espalier.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.testing.NoLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class AddADomainTest {
    private static final Path IRISES = Path.of("../samples/iris/iris.csv");

    @Test
    void tableOfNumbers_trainsExportsLoadsAndPredicts(@TempDir Path folder) throws IOException {
        var model = folder.resolve("irises.safetensors");

        var last = AddADomain.train(IRISES, model);

        assertThat(last.metrics().get("accuracy").orElseThrow())
                .isGreaterThan(0.9); // of 25; scikit-learn's logistic regression has 0.92 there
        try (var predictor = Predictor.load(model)) {
            assertThat(predictor.classes()).containsExactly("setosa", "versicolor", "virginica");
            int right = 0;
            var rows = Files.readAllLines(IRISES).stream().skip(1).toList();
            for (String row : rows) {
                int end = row.lastIndexOf(',');
                right += predictor.predictText(row.substring(0, end)).label().equals(row.substring(end + 1)) ? 1 : 0;
            }
            assertThat(right).isGreaterThan(138).isLessThanOrEqualTo(rows.size());
            assertThatThrownBy(() -> predictor.predictText("5.1,3.5"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("takes 4 numbers");
            assertThatThrownBy(() -> predictor.predictText("5.1,3.5,1.4,setosa"))
                    .hasMessageContaining("\"setosa\" is no number");
        }
    }

    /** A recipe is short, or the seams are wrong. */
    @Test
    void domain_takesAtMostThreeHundredLines() throws IOException {
        assertThat(Files.readAllLines(Path.of("src/main/java/espalier/examples/AddADomain.java")))
                .hasSizeLessThanOrEqualTo(300);
    }
}
