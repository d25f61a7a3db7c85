package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.testing.plain.Pictures;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class ImageTest {
    @Test
    void of_wrongLength_isRefused() {
        assertThatThrownBy(() -> Image.of(4, 3, new byte[12]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("36 bytes, received 12");
        assertThatThrownBy(() -> Image.of(0, 3, new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bufferedImage_roundTrip_keepsPixels() {
        Image image = Pictures.synthetic(13, 7);
        assertThat(Image.from(image.toBufferedImage())).isEqualTo(image);
    }

    @Test
    void from_transparent_isOverWhite() {
        var source = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        source.setRGB(0, 0, 0x00123456);
        source.setRGB(1, 0, 0x80000000);
        Image image = Image.from(source);
        assertThat(image.data()).containsExactly(255, 255, 255, 127, 127, 127);
    }

    @Test
    void flip_exchangesLeftAndRight() {
        Image image = Pictures.synthetic(5, 4);
        Image flipped = image.flip();
        for (int x = 0; x < 5; x++) {
            assertThat(flipped.level(x, 2, 1)).isEqualTo(image.level(4 - x, 2, 1));
        }
        assertThat(flipped.flip()).isEqualTo(image);
    }

    @Test
    void grayscale_isLuma() {
        Image image = Image.of(2, 1, new byte[] {(byte) 255, 0, 0, 10, 20, 30});
        assertThat(image.grayscale().data()).containsExactly(76, 76, 76, 18, 18, 18);
    }

    @Test
    void crop_outside_isRefused() {
        Image image = Pictures.synthetic(5, 4);
        assertThat(image.crop(1, 2, 3, 2).level(0, 0, 2)).isEqualTo(image.level(1, 2, 2));
        assertThatThrownBy(() -> image.crop(3, 0, 3, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5x4");
    }

    @Test
    void equals_comparesSizeAndPixels() {
        assertThat(Pictures.synthetic(6, 2)).isNotEqualTo(Pictures.synthetic(2, 6));
        assertThat(Pictures.synthetic(6, 2)).hasSameHashCodeAs(Pictures.synthetic(6, 2));
    }
}
