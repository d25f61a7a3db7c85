package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
    @TempDir
    Path folder;

    private Path data;
    private Path model;

    private void makeModel() {
        data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        model = PictureFiles.untrained(data, folder.resolve("colours.safetensors"));
    }

    @Test
    void bench_measuresEachEngineAndBatchWithAndWithoutDecoding() throws IOException {
        makeModel();
        Files.writeString(data.resolve("red/broken.png"), "no picture");

        var run = Run.of("bench", "" + model, "" + data, "--batch", "1,3", "--seconds", "0.05", "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        var seen = new ArrayList<String>();
        for (var row : run.json()) {
            seen.add(row.get("engine").asString() + " " + row.get("batch") + " " + row.get("decoding"));
            assertThat(row.get("precision").asString()).isEqualTo("float32");
            assertThat(row.get("threads").asInt())
                    .isEqualTo(Runtime.getRuntime().availableProcessors());
            assertThat(row.get("p50_ms").asDouble()).isPositive();
            assertThat(row.get("p99_ms").asDouble())
                    .isGreaterThanOrEqualTo(row.get("p50_ms").asDouble());
            assertThat(row.get("per_second").asDouble()).isPositive();
        }
        var expected = new ArrayList<String>();
        for (String engine : List.of("onnxruntime", "libtorch")) {
            for (String rest : List.of("1 false", "1 true", "3 false", "3 true", "8 true")) { // 8 pictures in all
                expected.add(engine + " " + rest);
            }
        }
        assertThat(seen).containsExactlyElementsOf(expected);
    }

    @Test
    void benchWithoutPictures_printsATableOfTheEngineAlone() {
        makeModel();

        var run = Run.of("bench", "" + model, "--engine", "libtorch", "--batch", "2", "--seconds", "0.02");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(2).allMatch(line -> line.length() <= 80);
        assertThat(run.out()).startsWith("engine").contains("p50 ms", "\nlibtorch");
    }

    @Test
    void benchOfTexts_takesTheRowsOfATable() throws IOException {
        Path table = Files.writeString(
                folder.resolve("t.csv"), "text,label\n" + "I love it,good\nI hate it,bad\n".repeat(20));
        String texts = folder.resolve("texts.safetensors").toString();
        assertThat(Run.of("train", "text", "" + table, "--out", texts).exitCode())
                .isZero();

        var run = Run.of("bench", texts, "" + table, "--batch", "4", "--seconds", "0.02", "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json()).hasSize(1);
        assertThat(run.json().get(0).get("engine").asString()).isEqualTo("espalier, plain Java");
    }

    @Test
    void whatCannotBeMeasured_isSaid() throws IOException {
        makeModel();
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertThat(Run.of("bench", "" + model, "" + empty, "--engine", "libtorch")
                        .exitCode())
                .isEqualTo(65);
        assertThat(Run.of("bench", "" + model, "--engine", "abacus").exitCode()).isEqualTo(2);
        assertThat(Run.of("bench", "" + model, "--batch", "0").exitCode()).isEqualTo(2);
        assertThat(Run.of("bench", "" + folder.resolve("none")).exitCode()).isEqualTo(66);
    }
}
