package espalier.spark;

import static espalier.spark.LocalSpark.cell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.testing.NoLeaks;
import espalier.testing.TinyModel;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith({NoLeaks.class, LocalSpark.class})
class SqlPredictionsTest {
    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void register() throws Exception {
        model = TinyModel.write(folder.resolve("tiny.safetensors"), 1);
        BadFiles.write(folder, 20);
        SqlPredictions.register(LocalSpark.SESSION, Map.of("tiny", model.toString()));
    }

    @Test
    void query_readsFilesAndGetsThePredictorsAnswers() {
        var rows = LocalSpark.SESSION
                .sql("SELECT path, p.label, p.probability, p.error FROM (SELECT path, espalier_predict('tiny', content)"
                        + " AS p FROM binaryFile.`" + folder + "/*.png`)")
                .collectAsList();
        assertThat(rows).hasSize(19); // Spark leaves out the empty one
        try (var predictor = Predictor.load(model)) {
            rows.forEach(row -> {
                var file = Path.of(URI.create(cell(row, "path")));
                var answer = predictor.predictAll(List.of(file)).get(0);
                assertThat((String) cell(row, "error")).isEqualTo(answer.error().orElse(null));
                assertThat((String) cell(row, "label"))
                        .isEqualTo(answer.prediction().map(Prediction::label).orElse(null));
            });
        }
        assertThat(rows).filteredOn(row -> cell(row, "error") != null).hasSize(1);
    }

    @Test
    void fieldsInSeveralPlaces_areComputedOnceARow() {
        var plan = LocalSpark.SESSION
                .sql("SELECT p.label, p.index FROM (SELECT espalier_predict('tiny', content) AS p FROM binaryFile.`"
                        + folder + "/*.png`) WHERE p.probability > 0.1")
                .queryExecution()
                .optimizedPlan()
                .toString();
        assertThat(plan.split("espalier_predict\\(", -1)).hasSize(2);
    }

    @Test
    void strings_arePathsAndUnknownModelsFailTheQuery() {
        var path = folder.resolve("000000.png");
        var row = LocalSpark.SESSION
                .sql("SELECT espalier_predict('tiny', '" + path + "').label AS label,"
                        + " espalier_predict('tiny', CAST(NULL AS STRING)).error AS error")
                .head();
        try (var predictor = Predictor.load(model)) {
            assertThat((String) cell(row, "label"))
                    .isEqualTo(predictor.predict(path).label());
        }
        assertThat((String) cell(row, "error")).isEqualTo("the input is null");
        assertThatThrownBy(() -> LocalSpark.SESSION
                        .sql("SELECT espalier_predict('big', 'a')")
                        .collect())
                .hasStackTraceContaining("there is no model big, expected one of [tiny]");
    }
}
