package espalier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.predict.Predictor;
import espalier.vision.model.Models;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanetTest {
    private static final int TRAIN = 40;

    @TempDir
    private Path folder;

    /** Blue is water, the rest is land; bright is clear. */
    private static void picture(Path file, boolean water, boolean clear) throws IOException {
        var image = new BufferedImage(48, 48, BufferedImage.TYPE_INT_RGB);
        var g = image.createGraphics();
        int level = clear ? 230 : 70;
        g.setColor(water ? new Color(10, 20, level) : new Color(level, level / 2, 10));
        g.fillRect(0, 0, 48, 48);
        g.dispose();
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "jpg", file.toFile());
    }

    private static String tags(int i) {
        return (i % 2 == 0 ? "water" : "land") + (i % 3 == 0 ? " clear" : "");
    }

    @Test
    @Tag("slow")
    void tutorial_leadsToASubmission() throws IOException {
        var rows = new ArrayList<>(List.of("image_name,tags"));
        for (int i = 0; i < TRAIN; i++) {
            picture(folder.resolve("train-jpg/train_" + i + ".jpg"), i % 2 == 0, i % 3 == 0);
            rows.add("train_" + i + "," + tags(i));
        }
        var sample = new ArrayList<>(List.of("image_name,tags"));
        for (int i = 0; i < 6; i++) {
            picture(folder.resolve("test-jpg/test_" + i + ".jpg"), i % 2 == 0, i % 3 == 0);
            sample.add("test_" + i + ",primary clear");
        }
        Path table = Files.write(folder.resolve("train.csv"), rows);
        Path out = Files.createDirectories(folder.resolve("out"));
        var planet = new Planet(table, folder.resolve("train-jpg"), out, Models.efficientNetLite0(), 2);

        var history = planet.small(32);
        assertThat(history.epochs()).hasSize(4);
        assertThat(history.last().orElseThrow().metrics()).containsOnlyKeys("accuracy_multi", "f2");
        var result = planet.large(48, folder.resolve("test-jpg"), Files.write(folder.resolve("sample.csv"), sample));
        assertThat(result.rows()).isEqualTo(6);
        assertThat(Files.readAllLines(out.resolve("submission.csv")))
                .hasSize(7)
                .first()
                .isEqualTo("image_name,tags");
        assertThat(out.resolve("stage-1")).isNotEmptyFile();
        assertThat(out.resolve("batch.png")).isNotEmptyFile();
        try (var predictor = Predictor.load(out.resolve("planet.safetensors"))) {
            assertThat(predictor.document().thresholds()).hasSize(1);
            assertThat(predictor.classes()).containsExactly("clear", "land", "water");
        }
    }
}
