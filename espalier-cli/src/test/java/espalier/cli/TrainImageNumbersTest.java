package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quantities of pictures in a table, from training to prediction. */
class TrainImageNumbersTest {
    @TempDir
    private Path folder;

    private Path data;
    private Path csv;
    private Path out;

    /** The brighter a picture, the heavier: 1000 to 4900. */
    @BeforeEach
    void makeData() throws IOException {
        data = folder.resolve("data");
        csv = folder.resolve("weights.csv");
        out = folder.resolve("m.safetensors");
        var rows = new StringBuilder("picture,weight,is_valid\n");
        for (int i = 0; i < 40; i++) {
            int light = 40 + 5 * i;
            PictureFiles.png(data.resolve(i + ".png"), new Color(light, light, 90));
            rows.append(String.format(Locale.ROOT, "%d.png,%d,%d%n", i, 1000 + 100 * i, i % 5 == 0 ? 1 : 0));
        }
        Files.writeString(csv, rows);
    }

    private Run train(String target) {
        return Run.of(
                "train",
                "image",
                data.toString(),
                "--csv",
                csv.toString(),
                "--target",
                target,
                "--size",
                "32",
                "--batch-size",
                "8",
                "--epochs",
                "3",
                "--min-scale",
                "0.5",
                "--out",
                out.toString(),
                "--json");
    }

    @Test
    void quantities_areTrainedJudgedAndPredicted() {
        var trained = train("weight");
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        assertThat(trained.err()).contains("32 training and 8 validation pictures with weight");
        var judged = Run.of(
                "evaluate", out.toString(), data.toString(), "--csv", csv.toString(), "--split", "valid", "--json");
        assertThat(judged.exitCode()).as(judged.err()).isZero();
        assertThat(judged.json().get("n").asInt()).isEqualTo(8);
        double mae = judged.json().at("/metrics/mae").asDouble();
        assertThat(mae).isLessThan(1000); // the mean weight is wrong by 1000
        assertThat(mae).isCloseTo(last(trained), within(1.0));
        var said = Run.of("predict", out.toString(), data.resolve("39.png").toString(), "--json");
        double heavy = said.json().at("/0/values/weight").asDouble();
        var other = Run.of("predict", out.toString(), data.resolve("0.png").toString(), "--csv");
        assertThat(other.out()).startsWith("file,weight,error\n");
        double light = Double.parseDouble(other.out().split("\n")[1].split(",")[1]);
        assertThat(heavy).isGreaterThan(light);
        assertThat(Run.of("predict", out.toString(), data.resolve("0.png").toString())
                        .out())
                .startsWith("weight ");
        var interpreted = Run.of(
                "interpret",
                out.toString(),
                data.toString(),
                "--csv",
                csv.toString(),
                "--out",
                folder.resolve("r.html").toString());
        assertThat(interpreted.exitCode()).isNotZero();
        assertThat(interpreted.err()).contains("the model says quantities").doesNotContain("\tat ");
    }

    private static double last(Run run) {
        var history = run.json().get("history");
        return history.get(history.size() - 1).at("/metrics/mae").asDouble();
    }

    @Test
    void columnThatIsNotThere_isNamedWithThoseThatAre() {
        var run = train("size");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.BAD_DATA);
        assertThat(run.err()).contains("has no column size", "0 picture, 1 weight, 2 is_valid");
        assertThat(out).doesNotExist();
    }

    @Test
    void words_areNotNumbers() throws IOException {
        Files.writeString(csv, "picture,weight\n0.png,heavy\n1.png,light\n2.png,light\n");
        var run = train("weight");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.BAD_DATA);
        assertThat(run.err()).contains("its weight, heavy, is no finite number");
    }
}
