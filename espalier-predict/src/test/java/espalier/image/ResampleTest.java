package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.testing.plain.Golden;
import espalier.testing.plain.Pictures;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ResampleTest {
    static Stream<JsonNode> resizes() {
        return Golden.load("image/resize").value("/cases").valueStream();
    }

    @ParameterizedTest
    @MethodSource("resizes")
    void apply_equalsPillowBitForBit(JsonNode expected) {
        Image source = Pictures.synthetic(
                expected.at("/from/0").asInt(), expected.at("/from/1").asInt());
        var kind = Interpolation.valueOf(expected.get("filter").asString().toUpperCase(Locale.ROOT));
        var resample = Resample.of(
                        expected.at("/to/0").asInt(), expected.at("/to/1").asInt())
                .interpolation(kind);
        JsonNode box = expected.get("box");
        if (!box.isNull()) {
            resample = resample.box(new Resample.Box(
                    box.get(0).asDouble(),
                    box.get(1).asDouble(),
                    box.get(2).asDouble(),
                    box.get(3).asDouble()));
        }
        Image result = resample.apply(source);
        JsonNode row = expected.at("/result/first_row");
        for (int i = 0; i < row.size(); i++) {
            assertThat(result.data()[i] & 0xff)
                    .as("sample %d", i)
                    .isEqualTo(row.get(i).asInt());
        }
        assertThat(Pictures.crc(result)).isEqualTo(expected.at("/result/crc").asLong());
    }

    @Test
    void crop_equalsCuttingFirst() {
        Image source = Pictures.synthetic(61, 47);
        var region = new Region(5, 7, 40, 30);
        Image cut = source.crop(5, 7, 40, 30);
        assertThat(Resample.of(16, 12).crop(region).apply(source))
                .isEqualTo(Resample.of(16, 12).apply(cut));
        assertThat(Resample.of(40, 30).crop(region).apply(source)).isEqualTo(cut);
    }

    @Test
    void padding_equalsExtendingFirst() {
        Image source = Pictures.synthetic(21, 17);
        for (var padding : Padding.values()) {
            for (var region :
                    new Region[] {new Region(-40, -3, 100, 20), new Region(5, -30, 10, 70), new Region(-2, -2, 30, 30)
                    }) {
                Image padded = padding.extend(source, region);
                assertThat(Resample.of(12, 9).crop(region).padding(padding).apply(source))
                        .isEqualTo(Resample.of(12, 9).apply(padded));
                assertThat(Resample.of(region.width(), region.height())
                                .crop(region)
                                .padding(padding)
                                .apply(source))
                        .isEqualTo(padded);
            }
        }
    }

    @Test
    void window_equalsCuttingAfterwards() {
        Image source = Pictures.synthetic(61, 47);
        for (var kind : Interpolation.values()) {
            for (int size : new int[] {8, 24, 100}) {
                var whole = Resample.of(size, size).interpolation(kind);
                Image cut = whole.apply(source).crop(size / 8, size / 4, size / 2, size / 2);
                assertThat(whole.window(new Region(size / 8, size / 4, size / 2, size / 2))
                                .apply(source))
                        .isEqualTo(cut);
            }
        }
    }

    @Test
    void apply_everyScale_keepsAFlatPictureFlat() {
        byte[] data = new byte[37 * 23 * 3];
        Arrays.fill(data, (byte) 201);
        Image flat = Image.of(37, 23, data);
        for (int size = 1; size < 120; size++) {
            for (var kind : Interpolation.values()) {
                Image result = Resample.of(size, 121 - size).interpolation(kind).apply(flat);
                for (byte level : result.data()) {
                    assertThat(level & 0xff).isEqualTo(201);
                }
            }
        }
    }

    @Test
    void apply_sameSize_givesTheSamePixels() {
        Image source = Pictures.synthetic(20, 10);
        assertThat(Resample.of(20, 10).apply(source)).isEqualTo(source);
    }

    @Test
    void apply_cropOutside_isRefused() {
        assertThatThrownBy(() -> Resample.of(4, 4).crop(new Region(1, 0, 8, 8)).apply(Pictures.synthetic(8, 8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8x8")
                .hasMessageContaining("Maybe");
    }
}
