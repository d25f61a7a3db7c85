package espalier.spark;

import static espalier.spark.LocalSpark.SESSION;
import static espalier.spark.LocalSpark.cell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.testing.NoLeaks;
import espalier.testing.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial's code does what the tutorial says. */
@ExtendWith({NoLeaks.class, LocalSpark.class})
class PredictPicturesTest {
    private static final int COUNT = 50;

    @TempDir
    Path folder;

    private String model;
    private String out;
    private String pictures;

    @BeforeEach
    void write() throws Exception {
        model = TinyModel.write(folder.resolve("dogs.safetensors"), 1).toString();
        out = folder.resolve("predictions").toString();
        pictures = folder + "/pictures/*.png";
        var paths = BadFiles.write(Files.createDirectory(folder.resolve("pictures")), COUNT);
        Files.write(
                folder.resolve("listing.txt"),
                paths.stream().map(Path::toString).toList());
    }

    @Test
    void listing_givesARowForEachLine() {
        PredictPictures.predictListing(
                SESSION, model, folder.resolve("listing.txt").toString(), out);
        assertThat(SESSION.read().parquet(out).count()).isEqualTo(COUNT);
        assertThat(PredictPictures.mistakes(SESSION, out).collectAsList())
                .extracting(row -> (String) cell(row, "error"))
                .containsExactly(
                        "1.6 gigapixels > 50.0 megapixels",
                        "empty file",
                        "no such file",
                        "not an image: text/plain",
                        "truncated PNG");
        assertThat(SESSION.read().parquet(out).columns())
                .containsExactly(
                        "path", "label", "index", "probability", "probabilities", "tags", "quantities", "error");
    }

    @Test
    void folder_givesARowForEachFileThatIsNotEmpty() {
        PredictPictures.predictFolder(SESSION, model, pictures, out);
        assertThat(SESSION.read().parquet(out).count()).isEqualTo(COUNT - 2);
    }

    @Test
    void pipelineAndSql_giveTheSameLabels() throws Exception {
        var files = SESSION.read().format("binaryFile").load(pictures);
        var pipeline =
                PredictPictures.pipeline(model, files, folder.resolve("saved").toString());
        var rows = pipeline.transform(files).orderBy("path").collectAsList();
        var queried =
                PredictPictures.sql(SESSION, model, pictures).orderBy("path").collectAsList();
        assertThat(rows)
                .hasSize(COUNT - 2)
                .extracting(row -> (String) cell(row, "label"))
                .containsExactlyElementsOf(queried.stream()
                        .map((Row row) -> (String) cell(row, "label"))
                        .toList());
        assertThat(rows)
                .filteredOn(row -> cell(row, "error") == null)
                .allSatisfy(row ->
                        assertThat((boolean) cell(row, "sure")).isEqualTo((double) cell(row, "probability") >= 0.9));
    }

    @Test
    void stream_predictsWhatIsThere() throws Exception {
        var query = PredictPictures.stream(
                SESSION, model, folder.resolve("pictures").toString(), out);
        query.processAllAvailable();
        query.stop();
        assertThat(SESSION.read().parquet(out).count()).isEqualTo(COUNT - 2);
    }

    @Test
    void main_needsThreeArguments() {
        assertThatThrownBy(() -> PredictPictures.main(new String[] {"a"}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected MODEL PICTURES OUT, received 1 arguments");
    }
}
