package espalier.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.image.ImageWriter;
import espalier.image.Resample;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
    /** A copy as people make them: turned, halved, JPEG 40, cropped by 5 %, mirrored. */
    static Image altered(Image image, int kind) {
        int width = image.width();
        int height = image.height();
        return switch (kind % 5) {
            case 0 -> quarterTurn(image);
            case 1 -> Resample.of(width / 2, height / 2).apply(image);
            case 2 -> ImageReader.of().read(ImageWriter.jpeg(image, 40));
            case 3 -> cropped(image, kind);
            default -> image.flip();
        };
    }

    /** 5 % off each axis: at a corner, or around. */
    private static Image cropped(Image image, int kind) {
        int x = image.width() / 20;
        int y = image.height() / 20;
        return kind % 2 == 0
                ? image.crop(x, 0, image.width() - x, image.height() - y)
                : image.crop(x / 2, y / 2, image.width() - x, image.height() - y);
    }

    private static Image quarterTurn(Image image) {
        int width = image.height();
        int height = image.width();
        byte[] data = new byte[image.data().length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(image.data(), 3 * (x * height + height - 1 - y), data, 3 * (y * width + x), 3);
            }
        }
        return Image.of(width, height, data);
    }

    private static void check(List<Image> originals, int planted, int least, int mostFalse) {
        var prints = new ArrayList<Fingerprint>();
        originals.forEach(image -> prints.add(Fingerprint.of(image)));
        var natural = new HashSet<>(Duplicates.of().pairs(prints));
        for (int i = 0; i < planted; i++) {
            prints.add(Fingerprint.of(altered(originals.get(i), i)));
        }
        var pairs = Duplicates.of().pairs(prints);
        long found = pairs.stream()
                .filter(pair -> pair.second() - originals.size() == pair.first())
                .count();
        assertThat(found).as("planted copies found").isGreaterThanOrEqualTo(least);
        long others = pairs.stream()
                .filter(pair -> pair.second() - originals.size() != pair.first())
                .filter(pair -> natural.stream()
                        .noneMatch(known -> pair.first() == known.first() || pair.first() == known.second()))
                .count();
        assertThat(others).as("others called alike").isLessThanOrEqualTo(mostFalse);
        assertThat(natural.size()).as("copies among the originals themselves").isLessThanOrEqualTo(mostFalse);
    }

    @Test
    void D25_copiesOfDrawings_areFoundInEveryForm() {
        var originals = new ArrayList<Image>();
        for (int i = 0; i < 100; i++) {
            originals.add(Image.from(Pictures.draw(i, 120 + i % 7 * 10, 90 + i % 5 * 12)));
        }
        check(originals, 50, 49, 0);
    }

    @Test
    @Tag("real")
    void D25_hundredCopiesInAThousandPhotographs_areFound() throws IOException {
        String set = System.getProperty("espalier.shared", "");
        Path shared = Path.of(set.isBlank() ? "../../shared" : set).resolve("data");
        var originals = new ArrayList<Image>();
        for (String folder : List.of("tagged-photos/images", "dogs-vs-cats/cat", "dogs-vs-cats/dog")) {
            try (var files = Files.list(shared.resolve(folder))) {
                files.sorted()
                        .limit(900 - originals.size())
                        .map(ImageReader.of().shortSide(192)::read)
                        .forEach(originals::add);
            }
        }
        assertThat(originals).hasSize(900);
        check(originals, 100, 95, 5);
    }

    @Test
    void variants_areTheEightPositions() {
        var image = Image.from(Pictures.draw(5, 96, 96));
        var print = Fingerprint.of(image);
        var seen = new HashSet<Integer>();
        Image turned = image;
        for (int mirrored = 0; mirrored < 2; mirrored++) {
            for (int quarter = 0; quarter < 4; quarter++) {
                var other = Fingerprint.of(turned);
                int best = -1;
                for (int variant = 0; variant < 8; variant++) {
                    int packed = print.distance(other, variant);
                    if ((packed >> 8) + (packed & 255) <= 4) {
                        best = variant;
                    }
                }
                assertThat(best).as("position " + quarter + "/" + mirrored).isNotNegative();
                assertThat(Alignment.of(print.grey(0), other.grey(best))).isGreaterThan(0.99);
                seen.add(best);
                turned = quarterTurn(turned);
            }
            turned = turned.flip();
        }
        assertThat(seen).hasSize(8);
    }

    @Test
    void blankPictures_areNotAlike() {
        var white = new BufferedImage(50, 50, BufferedImage.TYPE_INT_RGB);
        var graphics = white.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 50, 50);
        graphics.dispose();
        var print = Fingerprint.of(Image.from(white));
        assertThat(print.isBlank()).isTrue();
        assertThat(Fingerprint.of(Image.from(Pictures.draw(1, 50, 50))).isBlank())
                .isFalse();
        assertThat(Duplicates.of().pairs(List.of(print, print))).isEmpty();
    }

    @Test
    void groups_joinWhatHangsTogether() {
        var pairs = List.of(
                new Duplicates.Pair(4, 7, 1),
                new Duplicates.Pair(1, 2, 1),
                new Duplicates.Pair(2, 7, 1),
                new Duplicates.Pair(0, 9, 1));
        assertThat(Duplicates.groups(pairs)).containsExactly(List.of(0, 9), List.of(1, 2, 4, 7));
    }

    @Test
    void similarity_outOfRange_isRefused() {
        assertThatThrownBy(() -> Duplicates.of().similarity(93))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("per cent");
    }
}
