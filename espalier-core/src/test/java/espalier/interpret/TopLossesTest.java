package espalier.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopLossesTest {
    private static final Predictions PETS = Predictions.of(
                    List.of("cat", "dog"),
                    new float[][] {{0.9f, 0.1f}, {0.6f, 0.4f}, {0.05f, 0.95f}, {0.45f, 0.55f}},
                    new int[] {0, 1, 0, 1})
            .items(List.of("a.jpg", "b.jpg", "c.jpg", "d.jpg"));

    @Test
    void largest_areSortedByLoss() {
        var largest = TopLosses.of(PETS).largest(3);
        assertThat(largest).extracting(TopLosses.Item::item).containsExactly("c.jpg", "b.jpg", "d.jpg");
        var first = largest.get(0);
        assertThat(first.predicted()).isEqualTo("dog");
        assertThat(first.actual()).isEqualTo("cat");
        assertThat(first.isRight()).isFalse();
        assertThat(first.index()).isEqualTo(2);
        assertThat(first.loss()).isCloseTo(-Math.log(0.05), within(1e-6));
        assertThat(first.probability()).isCloseTo(0.95, within(1e-6));
        assertThat(first.actualProbability()).isCloseTo(0.05, within(1e-6));
    }

    @Test
    void smallest_areSortedByLoss() {
        assertThat(TopLosses.of(PETS).smallest(2))
                .extracting(TopLosses.Item::item)
                .containsExactly("a.jpg", "d.jpg");
    }

    @Test
    void leastSure_areSortedByProbability() {
        assertThat(TopLosses.of(PETS).leastSure(9))
                .extracting(TopLosses.Item::item)
                .containsExactly("d.jpg", "b.jpg", "a.jpg", "c.jpg");
    }

    @Test
    void undefinedLoss_comesFirst() {
        var broken = PETS.losses(new double[] {1, 2, 3, Double.NaN});
        assertThat(TopLosses.of(broken).largest(1))
                .extracting(TopLosses.Item::item)
                .containsExactly("d.jpg");
        CurvesTest.assertFinite(TopLosses.of(broken).toMap(4));
    }

    @Test
    void labels_areJudgedByTheirLeastSureDecision() {
        var tags = Predictions.multiLabel(
                List.of("sky", "sea"),
                new float[][] {{0.9f, 0.3f}, {0.9f, 0.9f}},
                new boolean[][] {{true, true}, {true, true}});
        var item = TopLosses.of(tags).leastSure(1).get(0);
        assertThat(item.predicted()).isEqualTo("sky");
        assertThat(item.actual()).isEqualTo("sky, sea");
        assertThat(item.probability()).isCloseTo(0.7, within(1e-6));
        assertThat(item.actualProbability()).isCloseTo(0.3, within(1e-6));
    }

    @Test
    void plot_showsPicturesAndSaysWhichCannotBeRead() {
        var items = TopLosses.of(PETS).largest(4);
        var red = new BufferedImage(50, 30, BufferedImage.TYPE_INT_RGB);
        red.setRGB(25, 15, 0xff0000);
        var image = TopLosses.plot(items, name -> {
                    if (name.equals("b.jpg")) {
                        throw new IllegalStateException("truncated JPEG");
                    }
                    return red;
                })
                .image();
        assertThat(image.getWidth()).isEqualTo(2 * (16 + 2 * 216));
        assertThat(image.getHeight()).isEqualTo(2 * (16 + 2 * 274));
        assertThat(TopLosses.plot(items, name -> red).alternative())
                .isEqualTo("4 pictures with predicted and right class, 2 of them wrong");
    }
}
