package espalier.spark;

import static espalier.spark.LocalSpark.cell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.predict.Engines;
import espalier.predict.Predictor;
import espalier.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class StandaloneClusterTest {
    /** A multiple of 50, so that there are as many bad files of each kind; as many as {@code -Despalier.rows=100000} says. */
    private static final int ROWS = Integer.getInteger("espalier.rows", 1_000);

    private static final int MINUTES = 5 + ROWS / 10_000;

    @TempDir
    Path folder;

    /**
     * X01 and X05, and one row for each of very many, of which a tenth cannot be read: an executor is killed when a part of the job is done. Both unpack the natives into one cache, which is empty before.
     */
    @Test
    void X01_X05_executorKilledInTheMiddle_changesNoRow(TestReporter reporter) throws Exception {
        var paths = BadFiles.write(Files.createDirectory(folder.resolve("pictures")), ROWS);
        var listing = Files.write(
                folder.resolve("listing.txt"),
                paths.stream().map(Path::toString).toList());
        var model = TinyModel.write(folder.resolve("tiny.safetensors"), 1);
        var out = folder.resolve("out");
        var configuration = List.of(
                "spark.driver.host=127.0.0.1",
                "spark.ui.enabled=false",
                "spark.executor.cores=1",
                "spark.executor.memory=512m",
                "spark.executorEnv.ESPALIER_HOME=" + folder.resolve("home"),
                "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dorg.bytedeco.javacpp.cachedir="
                        + folder.resolve("natives"));
        try (var cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("spark")))) {
            var driver = cluster.submit(
                    PredictPictures.class, configuration, model.toString(), listing.toString(), out.toString());
            while (driver.isAlive() && committed(out) == 0) {
                Thread.sleep(50);
            }
            var executors = cluster.executors();
            assertThat(executors).as(Files.readString(cluster.log("driver"))).hasSize(2);
            executors.get(0).destroyForcibly();
            assertThat(driver.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
            assertThat(driver.exitValue())
                    .as(Files.readString(cluster.log("driver")))
                    .isZero();
            assertThat(cluster.log("driver")).content().contains("Lost executor");
        }
        var rows = LocalSpark.SESSION.read().parquet(out.toString()).collectAsList();
        Map<String, Long> errors = rows.stream()
                .map(row -> LocalSpark.<String>cell(row, "error"))
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(error -> error, TreeMap::new, Collectors.counting()));
        assertThat(errors).hasSize(BadFiles.KINDS);
        assertThat(errors.values()).containsOnly((long) ROWS / BadFiles.EACH / BadFiles.KINDS);
        double difference = assertSame(paths, model, Engines.LIBTORCH, rows);
        reporter.publishEntry(Map.of(
                "rows in",
                "" + ROWS,
                "rows out",
                "" + rows.size(),
                "errors",
                "" + errors,
                "difference",
                "" + difference));
    }

    /** How many tasks have finished. */
    private static long committed(Path out) throws IOException {
        Path attempt = out.resolve("_temporary").resolve("0");
        if (!Files.isDirectory(attempt)) {
            return 0;
        }
        try (var files = Files.list(attempt)) {
            return files.filter(file -> file.getFileName().toString().startsWith("task_"))
                    .count();
        }
    }

    /** One row for each path, and each says what a predictor says; the largest difference of a probability. */
    static double assertSame(List<Path> paths, Path model, String engine, List<Row> rows) {
        Map<String, Row> byPath = new HashMap<>();
        rows.forEach(row -> byPath.put(LocalSpark.<String>cell(row, "path").replaceFirst("^file:", ""), row));
        assertThat(rows).hasSize(paths.size());
        assertThat(byPath).hasSize(paths.size());
        double[] largest = new double[1];
        try (var predictor = Predictor.load(model, engine)) {
            predictor.predictAll(paths, answer -> {
                var row = byPath.get(answer.file().toString());
                assertThat((String) cell(row, "error")).isEqualTo(answer.error().orElse(null));
                answer.prediction().ifPresent(prediction -> {
                    assertThat((String) cell(row, "label")).isEqualTo(prediction.label());
                    double probability = cell(row, "probability");
                    assertThat(probability).isCloseTo(prediction.probability(), within(1e-5));
                    largest[0] = Math.max(largest[0], Math.abs(probability - prediction.probability()));
                });
            });
        }
        return largest[0];
    }
}
