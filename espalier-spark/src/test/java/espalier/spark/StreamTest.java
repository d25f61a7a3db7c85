package espalier.spark;

import static espalier.spark.LocalSpark.cell;
import static org.assertj.core.api.Assertions.assertThat;

import espalier.predict.Engines;
import espalier.testing.NoLeaks;
import espalier.testing.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith({NoLeaks.class, LocalSpark.class})
class StreamTest {
    @TempDir
    Path folder;

    @Test
    void folder_isPredictedAsFilesArriveEachOnce() throws Exception {
        TinyModel.write(folder.resolve("tiny.safetensors"), 1);
        var in = Files.createDirectory(folder.resolve("in"));
        BadFiles.write(in, 20);
        var binary = LocalSpark.SESSION.read().format("binaryFile");
        var pictures = LocalSpark.SESSION
                .readStream()
                .format("binaryFile")
                .schema(binary.load(in.toString()).schema())
                .load(in.toString());
        var query = EspalierModel.of(folder.resolve("tiny.safetensors").toString())
                .setEngine(Engines.LIBTORCH)
                .transform(pictures.coalesce(1))
                .drop("content")
                .writeStream()
                .format("memory")
                .queryName("predicted")
                .start();
        query.processAllAvailable();
        var first = LocalSpark.SESSION.table("predicted").collectAsList();
        assertThat(first).hasSize(19); // Spark leaves out the empty one
        assertThat(first).filteredOn(row -> cell(row, "error") != null).hasSize(1);
        Files.write(in.resolve("later.png"), TinyModel.pictures(1).get(0));
        query.processAllAvailable();
        query.stop();
        assertThat(LocalSpark.SESSION.table("predicted").collectAsList())
                .hasSize(20)
                .containsAll(first);
    }
}
