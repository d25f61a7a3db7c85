package espalier.collect;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.image.Image;
import espalier.image.ImageReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileTypeTest {
    /** What a download may keep is what the reader takes. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp", "tif"})
    void pictureThatIsRead_isAPicture(String ending, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("picture." + ending);
        assertThat(ImageIO.write(Image.of(4, 3, new byte[36]).toBufferedImage(), ending, file.toFile()))
                .isTrue();
        assertThat(ImageReader.of().read(file).width()).isEqualTo(4);
        assertThat(FileType.of(file).isPicture()).isTrue();
        assertThat(FileType.of(file).fits(file.toString())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'<!doctype html><html>', HTML",
        "'{\"error\": 404}', JSON",
        "'%PDF-1.7', PDF",
        "'hello', TEXT",
        "'<?xml version=\"1.0\"?><svg/>', SVG"
    })
    void whatIsNone_isCalledByItsName(String content, FileType expected, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("picture.jpg"), content);
        assertThat(FileType.of(file)).isEqualTo(expected);
        assertThat(FileType.of(content.getBytes(StandardCharsets.UTF_8)).isPicture())
                .isFalse();
    }
}
