package espalier.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.data.DataBlock;
import espalier.data.Loader;
import espalier.data.Splits;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.image.Transforms;
import espalier.tensor.Scope;
import espalier.testing.Colours;
import espalier.testing.NoLeaks;
import espalier.vision.Blocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class NormalizeTest {
    @TempDir
    Path folder;

    private Loader<Image> pictures(int batch) throws IOException {
        for (int i = 0; i < 22; i++) {
            String colour = i % 2 == 0 ? "red" : "blue";
            write(colour + "/" + i + ".jpg", Colours.jpeg(colour, i));
        }
        return DataBlock.of(Blocks.image(), Blocks.category())
                .split(Splits.random(0.2))
                .itemTransform(Transforms.randomResizedCrop(8).extra(0))
                .itemTransform(Transforms.trivialAugment())
                .batchSize(batch)
                .loaders(folder)
                .train();
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.write(folder.resolve(name), bytes);
    }

    /** All of them, the last of a smaller batch too, as they are without random steps. */
    @Test
    void fromData_hasTheMeansAndDeviationsOfAllTrainingPictures() throws IOException {
        var train = pictures(5);
        double[] sum = new double[3];
        double[] squares = new double[3];
        double count = 0;
        try (var batches = pictures(1).inOrder().epoch(0)) {
            while (batches.hasNext()) {
                try (var scope = Scope.open()) {
                    float[] levels = batches.next().x().contiguous().toFloatArray(); // [1, 3, 8, 8]
                    for (int i = 0; i < levels.length; i++) {
                        sum[i / 64] += levels[i];
                        squares[i / 64] += (double) levels[i] * levels[i];
                    }
                    count += 64;
                }
            }
        }
        assertThat(count).isEqualTo(64.0 * train.dataset().size());
        assertThat(train.dataset().size() % 5).isPositive();
        var normalize = Normalize.fromData(train);
        for (int c = 0; c < 3; c++) {
            double mean = sum[c] / count;
            assertThat(normalize.mean()[c]).isCloseTo(mean, within(1e-6));
            assertThat(normalize.std()[c]).isCloseTo(Math.sqrt(squares[c] / count - mean * mean), within(1e-6));
        }
        assertThat(Normalize.fromData(train).parameters()).isEqualTo(normalize.parameters());
    }

    @Test
    void pictureOfOneColour_hasNoDeviation() throws IOException {
        for (int i = 0; i < 8; i++) {
            write((i % 2 == 0 ? "grey/" : "black/") + i + ".png", ImageWriter.png(Image.of(8, 8, new byte[3 * 8 * 8])));
        }
        var train = DataBlock.of(Blocks.image(), Blocks.category())
                .split(Splits.random(0.2))
                .loaders(folder)
                .train();
        assertThatThrownBy(() -> Normalize.fromData(train))
                .hasMessageContaining("Maybe a channel of the data is the same");
    }
}
