package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BmpReadingTest {
    private static final ImageReader READER = ImageReader.of();
    private static final int COLOURS = 4;
    private static final int PIXELS_AT = 54 + 4 * COLOURS;
    private static final Image EXPECTED = READER.read(bmp());

    /** Eight bits a pixel, four wide and two high, of black, red, green and blue; with run lengths if those are given. */
    private static byte[] bmp(int... runs) {
        int[] plain = {0, 1, 2, 3, 3, 2, 1, 0};
        int[] data = runs.length == 0 ? plain : runs;
        var file = ByteBuffer.allocate(PIXELS_AT + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(PIXELS_AT);
        file.putInt(40).putInt(4).putInt(2).putShort((short) 1).putShort((short) 8);
        file.putInt(runs.length == 0 ? 0 : 1)
                .putInt(data.length)
                .putInt(0)
                .putInt(0)
                .putInt(COLOURS)
                .putInt(COLOURS);
        file.putInt(0).putInt(0xff0000).putInt(0xff00).putInt(0xff);
        for (int value : data) {
            file.put((byte) value);
        }
        return file.array();
    }

    private static void put(byte[] bmp, int at, int value) {
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    }

    @Test
    void plainFile_isRead() {
        byte[] top = {0, 0, (byte) 0xff, 0, (byte) 0xff, 0, (byte) 0xff, 0, 0, 0, 0, 0};
        assertThat(Arrays.copyOf(EXPECTED.data(), 12)).isEqualTo(top);
        assertThat(READER.decode(bmp()).warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 44, 66, 125, 200})
    void headerOfASizeThatNoVersionHas_isDamaged(int size) {
        byte[] bmp = bmp();
        put(bmp, 14, size);
        assertThat(ImageReaderTest.reason(bmp)).startsWith("damaged BMP: header of ");
    }

    /** Some writers give the palette's place for that of the pixels, or a wrong number of colours. */
    @ParameterizedTest
    @ValueSource(ints = {0, 20, 54})
    void pixelsThatWouldLieWithinTheHeader_comeAfterThePalette(int stated) {
        byte[] bmp = bmp();
        put(bmp, 10, stated);
        assertThat(READER.read(bmp)).isEqualTo(EXPECTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 0, 300, -5})
    void numberOfColoursThatIsWrong_doesNotDarkenThePicture(int stated) {
        byte[] bmp = bmp();
        put(bmp, 46, stated);
        assertThat(READER.read(bmp)).isEqualTo(EXPECTED);
    }

    @Test
    void runsThatDoNotKeepToTheRows_areToldOf() {
        byte[] sound = bmp(1, 0, 1, 1, 1, 2, 1, 3, 0, 0, 1, 3, 1, 2, 1, 1, 1, 0, 0, 1);
        assertThat(READER.read(sound)).isEqualTo(EXPECTED);
        assertThat(READER.decode(sound).warnings()).isEmpty();
        byte[] lost = bmp(1, 0, 1, 1, 1, 2, 1, 3, 1, 3, 1, 2, 1, 1, 1, 0, 1, 1, 0, 0, 4, 2, 0, 1);
        assertThat(READER.decode(lost).warnings()).containsExactly("a BMP whose runs do not fit its rows");
        byte[] more = bmp(4, 1, 0, 0, 4, 2, 0, 0, 4, 3, 0, 0, 4, 0, 0, 1);
        assertThat(READER.decode(more).warnings()).containsExactly("a BMP whose runs do not fit its rows");
    }

    @Test
    void fileWithMoreBytesThanItStates_isToldOf() {
        assertThat(READER.decode(Arrays.copyOf(bmp(), bmp().length + 2)).warnings())
                .isEmpty();
        assertThat(READER.decode(Arrays.copyOf(bmp(), bmp().length + 40)).warnings())
                .containsExactly("a BMP that is longer than it says");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 255})
    void alphaOfZeroEverywhere_isIgnoredWithAWord(int alpha) {
        int at = 14 + 56;
        var file = ByteBuffer.allocate(at + 4).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'B').put((byte) 'M').putInt(at + 4).putInt(0).putInt(at);
        file.putInt(56)
                .putInt(1)
                .putInt(1)
                .putShort((short) 1)
                .putShort((short) 32)
                .putInt(3);
        file.putInt(4).putInt(0).putInt(0).putInt(0).putInt(0);
        file.putInt(0xff0000).putInt(0xff00).putInt(0xff).putInt(0xff000000).putInt(alpha << 24 | 0x102030);
        var read = READER.decode(file.array());
        assertThat(read.image().data()).containsExactly(0x10, 0x20, 0x30);
        assertThat(read.warnings().toString().contains("alpha is 0 everywhere")).isEqualTo(alpha == 0);
    }
}
