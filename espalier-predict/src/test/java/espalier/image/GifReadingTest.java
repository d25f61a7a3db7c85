package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.plain.Pictures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class GifReadingTest {
    @Test
    void screenThatTheFirstFrameLeavesFree_isWhite_withAWord() throws IOException {
        byte[] gif = Pictures.gif(new BufferedImage(8, 4, BufferedImage.TYPE_BYTE_BINARY));
        assertThat(ImageReader.of().decode(gif).warnings()).isEmpty();
        gif[6] = 10; // the screen's width
        var read = ImageReader.of().decode(gif);
        assertThat(read.image()).hasToString("Image 10x4");
        assertThat(read.image().level(8, 0, 0)).isEqualTo(255);
        assertThat(read.warnings()).singleElement().asString().contains("leaves a part of its screen free");
    }
}
