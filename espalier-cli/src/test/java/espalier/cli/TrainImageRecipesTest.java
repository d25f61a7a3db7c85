package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.format.ModelFile;
import espalier.predict.Predictor;
import espalier.vision.model.Head;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class TrainImageRecipesTest {
    @TempDir
    private Path folder;

    private Run train(Path data, Path out, String options) {
        var words = new ArrayList<>(List.of("train", "image", data.toString(), "--out", out.toString(), "--json"));
        words.addAll(List.of(("--size 32 --batch-size 8 " + options).split(" ")));
        return Run.of(words.toArray(String[]::new));
    }

    /** Losses to four decimals: matrix products round by where their operands lie in memory. */
    private static String figures(JsonNode json) {
        var text = new StringBuilder();
        json.get("history")
                .forEach(row -> text.append(row.get("phase"))
                        .append(" %.4f".formatted(row.get("train_loss").asDouble()))
                        .append(" %.4f".formatted(row.get("valid_loss").asDouble()))
                        .append(row.get("metrics")));
        return text.toString();
    }

    @Test
    void budget_findsALinearHeadAndSaysWhy() {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 14);
        Path out = folder.resolve("m.safetensors");
        var run = train(data, out, "--budget 2m --valid 0.4");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("the body has seen", "(mirrored)", "five-fold cross-validation", "done: ", "wrong");
        var history = run.json().get("history");
        assertThat(history.get(0).get("phase").asString()).isEqualTo("head");
        assertThat(history.get(0).get("metrics").get("error_rate").asDouble()).isLessThan(0.1);
        assertThat(ModelFile.inspect(out).architecture().options())
                .isEqualTo(Map.of("head", Head.linear().pool(Head.Pool.CONCAT).toMap()));
        try (var model = Predictor.load(out)) {
            assertThat(model.predict(data.resolve("red/3.png")).label()).isEqualTo("red");
            assertThat(model.predict(data.resolve("blue/3.png")).label()).isEqualTo("blue");
        }
        var again = train(data, out, "--budget 2m --valid 0.4");
        assertThat(figures(again.json())).isEqualTo(figures(run.json()));
    }

    @Test
    void frozenBody_trainsAHeadOfOnesOwnOnUnevenClasses() {
        Path data = folder.resolve("data");
        for (int i = 0; i < 24; i++) {
            PictureFiles.png(data.resolve("train/red/" + i + ".png"), new Color(220, 10 * i, 20));
            PictureFiles.png(data.resolve("valid/red/" + i + ".png"), new Color(200, 10 * i, 40));
        }
        for (int i = 0; i < 8; i++) {
            PictureFiles.png(data.resolve("train/blue/" + i + ".png"), new Color(10 * i, 20, 220));
            PictureFiles.png(data.resolve("valid/blue/" + i + ".png"), new Color(10 * i, 40, 200));
        }
        Path out = folder.resolve("m.safetensors");
        var run = train(
                data,
                out,
                "--freeze body --head 16,8 --dropout 0.1 --head-norm --epochs 4 --schedule constant --lr 5e-3"
                        + " --optimizer radam --save-best valid_loss --class-weights balanced --sampler balanced");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .contains(
                        "uneven: blue 8, red 24",
                        "weighs in the loss: blue 2.00, red 0.67",
                        "an epoch has about: blue 16, red 16");
        var history = run.json().get("history");
        assertThat(history.size()).isEqualTo(4);
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 4; i++) {
            assertThat(history.get(i).get("phase").asString()).isEqualTo("frozen");
            best = Math.min(best, history.get(i).get("valid_loss").asDouble());
        }
        assertThat(((Number) ModelFile.inspect(out).metrics().get("valid_loss")).doubleValue())
                .isEqualTo(best);
        var head = Head.of(16, 8).norm().dropout(0.1);
        assertThat(ModelFile.inspect(out).architecture().options()).isEqualTo(Map.of("head", head.toMap()));
        try (var model = Predictor.load(out)) {
            assertThat(model.predict(data.resolve("valid/red/3.png")).label()).isEqualTo("red");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --budget 30                     | 30s, 2m or 1h
            --budget 0s                     | a second or more
            --schedule cosy                 | cosy
            --views none                    | plain, mirrored
            --dropout 0.4                   | --head 512,128
            --head 512,x                    | numbers such as 512,128
            --head 16 --budget 1m           | --head cannot be given
            --class-weights red             | cat=2,dog=1
            --class-weights green=2         | no class green
            --group-pattern [0-9            | no regular expression
            --sampler 3                     | one number for all classes
            --optimizer adamant             | no optimiser "adamant"
            --save-best beauty --epochs 0   | there is no metric
            """)
    void nonsense_isRefusedInASentence(String options, String said) {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 3);
        Path out = folder.resolve("m.safetensors");
        var run = train(data, out, options);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.err()).contains(said).doesNotContain("\tat ");
        assertThat(out).doesNotExist();
    }
}
