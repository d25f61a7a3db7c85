package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.testing.plain.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageWriterTest {
    @Test
    void png_readBack_isTheSamePicture() {
        Image image = Pictures.synthetic(33, 21);
        assertThat(ImageReader.of().read(ImageWriter.png(image))).isEqualTo(image);
    }

    @Test
    void jpeg_readBack_isNearlyTheSamePicture() {
        Image image = Pictures.smooth(64, 48);
        assertThat(Pictures.meanDifference(ImageReader.of().read(ImageWriter.jpeg(image, 95)), image))
                .isLessThan(2);
        assertThatThrownBy(() -> ImageWriter.jpeg(image, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void write_choosesByExtension(@TempDir Path folder) throws IOException {
        Image image = Pictures.smooth(16, 16);
        ImageWriter.write(image, folder.resolve("new/a.png"));
        ImageWriter.write(image, folder.resolve("b.JPG"));
        assertThat(ImageHeader.read(folder.resolve("new/a.png")).type()).isEqualTo(ImageType.PNG);
        assertThat(ImageHeader.read(folder.resolve("b.JPG")).type()).isEqualTo(ImageType.JPEG);
        assertThatThrownBy(() -> ImageWriter.write(image, folder.resolve("c.tiff")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("c.tiff");
        assertThat(Files.exists(folder.resolve("c.tiff"))).isFalse();
    }
}
