package espalier.spark;

import static espalier.spark.LocalSpark.SESSION;
import static espalier.spark.LocalSpark.cell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.app.Evaluate;
import espalier.report.Progress;
import espalier.testing.NoLeaks;
import espalier.testing.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The cluster's figures are those of one machine. */
@ExtendWith({NoLeaks.class, LocalSpark.class})
class SparkEvaluationTest {
    @TempDir
    Path folder;

    /** Forty pictures of the model's classes, ten of each; one is broken, and one is of a class that it does not know. */
    private Path write() throws Exception {
        Path root = folder.resolve("pictures");
        var files = TinyModel.pictures(40);
        for (int i = 0; i < files.size(); i++) {
            Path label = Files.createDirectories(root.resolve(TinyModel.CLASSES.get(i % TinyModel.CLASSES.size())));
            Files.write(label.resolve(i + ".png"), files.get(i));
        }
        Files.writeString(root.resolve(TinyModel.CLASSES.get(0)).resolve("broken.png"), "no picture");
        Files.createDirectory(root.resolve("unknown"));
        Files.write(root.resolve("unknown/x.png"), files.get(0));
        return root;
    }

    @Test
    void metricsAndConfusion_areThoseOfOneMachine() throws Exception {
        Path root = write();
        Path model = TinyModel.write(folder.resolve("tiny.safetensors"), 1);
        var expected = Evaluate.of(model, root).run(Progress.NONE);
        var evaluation = PredictPictures.evaluation(SESSION, model.toString(), root + "/*/*.png");
        var metrics = evaluation.metrics().head();
        assertThat((long) cell(metrics, "n")).isEqualTo(expected.n()).isEqualTo(40);
        assertThat((long) cell(metrics, "rejected")).isEqualTo(2);
        assertThat((double) cell(metrics, "accuracy"))
                .isCloseTo(expected.metrics().get("accuracy"), within(1e-9));
        assertThat((double) cell(metrics, "error_rate"))
                .isCloseTo(expected.metrics().get("error_rate"), within(1e-9));
        assertThat((double) cell(metrics, "loss")).isCloseTo(expected.loss(), within(1e-4));
        List<Row> confusion = evaluation.confusion().collectAsList();
        assertThat(confusion.stream().mapToLong(row -> row.<Long>getAs("count")).sum())
                .isEqualTo(40);
        long right = confusion.stream()
                .filter(row -> row.getAs("truth").equals(row.getAs("label")))
                .mapToLong(row -> row.<Long>getAs("count"))
                .sum();
        assertThat(right / 40.0).isCloseTo(expected.metrics().get("accuracy"), within(1e-9));
        assertThat(evaluation.classes().collectAsList()).allSatisfy(row -> {
            long hits = confusion.stream()
                    .filter(pair -> pair.getAs("truth").equals(row.getAs("class"))
                            && pair.getAs("label").equals(row.getAs("class")))
                    .mapToLong(pair -> pair.<Long>getAs("count"))
                    .sum();
            long support = row.<Long>getAs("support");
            assertThat(support).isEqualTo(10);
            assertThat((double) cell(row, "recall")).isCloseTo(hits / 10.0, within(1e-9));
        });
    }

    @Test
    void whatIsNoPrediction_isRefused() {
        Dataset<Row> rows = SESSION.range(3).toDF("truth");
        assertThatThrownBy(() -> SparkEvaluation.of(rows, "truth", folder.resolve("any")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no column label among truth");
    }
}
