package espalier.spark;

import static espalier.spark.LocalSpark.SESSION;
import static espalier.spark.LocalSpark.cell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.app.PictureOptions;
import espalier.app.TrainImage;
import espalier.format.ModelFile;
import espalier.format.RunOptions;
import espalier.testing.NoLeaks;
import espalier.train.FineTune;
import espalier.train.Precision;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith({NoLeaks.class, LocalSpark.class})
class SparkTrialsTest {
    @TempDir
    Path folder;

    private TrainImage job;

    @BeforeEach
    void makePictures() throws Exception {
        SparkTrainingTest.pictures(folder.resolve("pictures"));
        job = TrainImage.of(folder.resolve("pictures"), folder.resolve("none.safetensors"))
                .pictures(PictureOptions.standard().size(32).batchSize(18))
                .schedule(FineTune.of(0))
                .precision(Precision.FLOAT32);
    }

    @Test
    void grid_givesARowAndAModelForEachCombination() {
        var rows = TrainPictures.trials(SESSION, job, folder.resolve("models").toString())
                .orderBy("trial")
                .collectAsList();
        assertThat(rows)
                .extracting(row -> row.getJavaMap(row.fieldIndex("options")).get("lr"))
                .containsExactly("0.0005", "0.002");
        for (var row : rows) {
            var document = ModelFile.load(Path.of((String) cell(row, "model"))).document();
            assertThat(RunOptions.of(document).value("--lr", Double::valueOf))
                    .hasValue(Double.valueOf(String.valueOf(row.getJavaMap(1).get("lr"))));
            assertThat((double) cell(row, "valid_loss"))
                    .isEqualTo((double) document.history().get(0).get("valid_loss"));
            assertThat(row.getList(row.fieldIndex("history"))).hasSize(1);
            assertThat((String) cell(row, "error")).isNull();
        }
        assertThat((double) cell(rows.get(0), "valid_loss")).isNotEqualTo((double) cell(rows.get(1), "valid_loss"));
        assertThat(job.out()).doesNotExist();
    }

    @Test
    void trialThatFails_isARowWithItsReason() {
        var rows = SparkTrials.of(job.pictures(job.pictures().batchSize(18)))
                .option("lr", "1e30")
                .option("seed", "1", "2", "3")
                .random(SESSION, folder.resolve("models").toString(), 1, 5)
                .collectAsList();
        assertThat(rows).singleElement().satisfies(row -> {
            assertThat((String) cell(row, "error")).contains("training was stopped");
            assertThat((Object) cell(row, "model")).isNull();
        });
    }

    @Test
    void unknownOptions_areRefusedBeforeTheJob() {
        var trials = SparkTrials.of(job);
        assertThatThrownBy(() -> trials.option("learning", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no option learning to try, expected one like those");
        assertThatThrownBy(() -> trials.option("lr", "much")).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> trials.option("lr")).isInstanceOf(IllegalArgumentException.class);
    }
}
