package espalier.spark;

import static espalier.spark.LocalSpark.SESSION;
import static espalier.spark.LocalSpark.cell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.predict.Predictor;
import espalier.testing.NoLeaks;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith({NoLeaks.class, LocalSpark.class})
class PredictTextsTest {
    private static final int COUNT = 60;

    @TempDir
    Path folder;

    private Path model;
    private String out;

    @BeforeEach
    void write() {
        model = TinyTexts.linear(folder.resolve("texts.safetensors"));
        out = folder.resolve("predictions").toString();
    }

    @Test
    void linesMarksAndMissingTexts_areReadFromCsv() throws Exception {
        Path table = TinyTexts.table(folder.resolve("rows.csv"), COUNT, ',');
        PredictTexts.predict(SESSION, model.toString(), table.toString(), "text", out);
        assertThat(SESSION.read().parquet(out).columns()).startsWith("id", "text", "label", "predicted_label");
        assertSame(SESSION.read().parquet(out).collectAsList(), COUNT, model);
    }

    @Test
    void network_readsTabs() throws Exception {
        var network = TinyTexts.network(folder.resolve("texts.onnx"));
        Path table = TinyTexts.table(folder.resolve("rows.tsv"), COUNT, '\t');
        PredictTexts.predict(SESSION, network.toString(), table.toString(), "text", out);
        assertSame(SESSION.read().parquet(out).collectAsList(), COUNT, network);
    }

    @Test
    void parquet_isReadAsItIs() throws Exception {
        Path table = TinyTexts.table(folder.resolve("rows.csv"), COUNT, ',');
        String rows = folder.resolve("rows.parquet").toString();
        PredictTexts.csv(SESSION, table.toString()).write().parquet(rows);
        PredictTexts.predict(SESSION, model.toString(), rows, "text", out);
        assertSame(SESSION.read().parquet(out).collectAsList(), COUNT, model);
    }

    @Test
    void wrongArgumentsAndColumns_areNamed() throws Exception {
        assertThatThrownBy(() -> PredictTexts.main(new String[] {"a"}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected MODEL ROWS COLUMN PREDICTIONS, received 1 arguments");
        String table = TinyTexts.table(folder.resolve("rows.csv"), COUNT, ',').toString();
        assertThatThrownBy(() -> PredictTexts.predict(SESSION, model.toString(), table, "tweet", out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no column tweet among id, text, label");
        assertThat(Path.of(out)).doesNotExist();
    }

    /** One row for each of the table's, and each says what a predictor says. */
    static void assertSame(List<Row> rows, int count, Path model) {
        assertThat(rows).hasSize(count).extracting(row -> cell(row, "id")).doesNotHaveDuplicates();
        try (var predictor = Predictor.load(model)) {
            for (Row row : rows) {
                String id = cell(row, "id");
                String text = TinyTexts.TEXTS.get(Integer.parseInt(String.valueOf(id)) % TinyTexts.TEXTS.size());
                if (text.isEmpty()) {
                    assertThat((String) cell(row, "predicted_error")).isEqualTo("the input is null");
                    assertThat((String) cell(row, "predicted_label")).isNull();
                    continue;
                }
                var expected = predictor.predictText(text);
                assertThat((String) cell(row, "text")).isEqualTo(text);
                assertThat((String) cell(row, "predicted_error")).isNull();
                assertThat((String) cell(row, "predicted_label")).isEqualTo(expected.label());
                assertThat((double) cell(row, "predicted_probability")).isCloseTo(expected.probability(), within(1e-5));
            }
        }
    }
}
