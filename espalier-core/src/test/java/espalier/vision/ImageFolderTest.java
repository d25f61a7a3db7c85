package espalier.vision;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.DType;
import espalier.image.Transforms;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class ImageFolderTest {
    @TempDir
    Path root;

    private void write(String name, int rgb) throws IOException {
        var picture = new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 6; x++) {
            for (int y = 0; y < 4; y++) {
                picture.setRGB(x, y, rgb);
            }
        }
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(picture, "png", file.toFile());
    }

    @Test
    void folders_areClassesInAlphabeticalOrder() throws IOException {
        write("dogs/b.png", 0xff0000);
        write("cats/a.png", 0x0000ff);
        write("dogs/a.png", 0x00ff00);
        Files.writeString(root.resolve("dogs/notes.txt"), "no picture");
        var folder = ImageFolder.of(root);
        assertThat(folder.classes()).containsExactly("cats", "dogs");
        assertThat(folder.size()).isEqualTo(3);
        assertThat(folder.labels()).containsExactly(0, 1, 1);
        assertThat(folder.get(2).x()).hasShape(3, 4, 6);
        assertThat(folder.get(2).x().mean(1, 2)).isCloseTo(new double[] {1, 0, 0}, 0);
        assertThat(folder.get(2).y().item()).isEqualTo(1);
        assertThat(folder.transform(Transforms.resize(2)).get(0).x()).hasShape(3, 2, 2);
        assertThat(ImageFolder.of(root, file -> file.endsWith("a.png")).size()).isEqualTo(2);
        assertThatThrownBy(() -> ImageFolder.of(root.resolve("dogs")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Maybe");
    }

    @Test
    void pictures_becomeTensorsAndPicturesAgain() {
        var x = Tensor.rand(Rng.of(1), 3, 5, 7);
        var levels = x.mul(255).round();
        assertThat(Pictures.tensor(Pictures.toImage(x)).mul(255)).isCloseTo(levels, 1e-4);
        assertThat(Pictures.tensor(Pictures.toImage(levels.to(DType.UINT8))).mul(255))
                .isCloseTo(levels, 1e-4);
        var grey = Tensor.of(new float[][] {{-1, 0.5f}, {1, 2}});
        var picture = Pictures.toImage(grey);
        assertThat(picture.getRGB(1, 0)).isEqualTo(0xff808080);
        assertThat(picture.getRGB(1, 1)).isEqualTo(0xffffffff);
        assertThatThrownBy(() -> Pictures.toImage(Tensor.ones(1, 3, 4, 4)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("select(0, 0)");
    }
}
