package espalier.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotsTest {
    private static final double[] LRS = IntStream.range(0, 50)
            .mapToDouble(i -> 1e-6 * Math.pow(10, i / 8.0))
            .toArray();

    @Test
    void lrFinder_showsTheCurveAndADotForEachSuggestion() {
        double[] losses = IntStream.range(0, 50).mapToDouble(i -> 3 - i * 0.05).toArray();
        var with = Plots.lrFinder(LRS, losses, Map.of("valley", 1e-3)).image();
        var without = Plots.lrFinder(LRS, losses, Map.of()).image();
        assertThat(count(with, Theme.LIGHT.series(0))).isGreaterThan(500);
        assertThat(count(with, Theme.LIGHT.series(1))).isGreaterThan(50);
        assertThat(count(without, Theme.LIGHT.series(1))).isZero();
    }

    /** With few pictures the lowest loss may be among the first: the rest of the curve must be there all the same. */
    @Test
    void lrFinder_withNoisyEarlyLosses_drawsTheWholeCurve() {
        double[] losses = IntStream.range(0, 50)
                .mapToDouble(i -> i == 3 ? 0.2 : i < 3 ? 0.3 : i < 45 ? 0.9 - i * 0.01 : i)
                .toArray();
        var image = Plots.lrFinder(LRS, losses, Map.of()).image();
        int half = image.getWidth() / 2;
        var right = image.getSubimage(half, 0, image.getWidth() - half, image.getHeight());
        assertThat(count(right, Theme.LIGHT.series(0))).isGreaterThan(200);
    }

    @Test
    void lrFinder_marksTheMinimumAndTheTenthOfItThatIsSuggested() {
        double[] losses = IntStream.range(0, 50)
                .mapToDouble(i -> Math.abs(30 - i) * 0.1 + 1)
                .toArray();
        var both = Plots.lrFinder(LRS, losses, Map.of("minimum", LRS[30] / 10)).image();
        assertThat(count(both, Theme.LIGHT.series(1))).as("a tenth of the rate").isGreaterThan(50);
        assertThat(count(both, Theme.LIGHT.series(2)))
                .as("where the loss is lowest")
                .isGreaterThan(50);
    }

    @Test
    void lrFinder_survivesLossesThatExplode() {
        double[] losses = IntStream.range(0, 50)
                .mapToDouble(i -> i < 40 ? 3 - i * 0.05 : Math.pow(10, i))
                .toArray();
        losses[48] = Double.POSITIVE_INFINITY;
        losses[49] = Double.NaN;
        assertThat(count(Plots.lrFinder(LRS, losses, Map.of()).image(), Theme.LIGHT.series(0)))
                .isGreaterThan(500);
        assertThatThrownBy(() -> Plots.lrFinder(LRS, new double[3], Map.of()))
                .hasMessageContaining("50 learning rates");
    }

    @Test
    void history_showsEachLossAndMetric() {
        var curves = curves(5);
        var losses = Plots.losses(curves).image();
        assertThat(count(losses, Theme.LIGHT.series(0))).isGreaterThan(300);
        assertThat(count(losses, Theme.LIGHT.series(1))).isGreaterThan(300);
        assertThat(Plots.metrics(curves).alternative()).contains("5 epochs").contains("error_rate, f1");
        assertThat(count(Plots.metrics(curves).image(), Theme.LIGHT.series(1))).isGreaterThan(100);
    }

    @Test
    void plots_ofNothingAreEmptyNotErrors() {
        assertThat(Plots.losses(new TrainingCurves(List.of())).image().getWidth())
                .isPositive();
        assertThat(Plots.roc(Map.of()).image().getWidth()).isPositive();
        assertThat(ConfusionMatrix.of(List.of(), new int[0], new int[0])
                        .plot()
                        .image()
                        .getWidth())
                .isPositive();
        assertThat(TopLosses.plot(List.of(), name -> new BufferedImage(1, 1, 1))
                        .image()
                        .getWidth())
                .isPositive();
    }

    @Test
    void plots_ofManyClassesShowTheWorst() {
        var curves = new LinkedHashMap<String, RocCurve>();
        for (int c = 0; c < 100; c++) {
            curves.put(
                    "a class with the same long beginning " + c,
                    RocCurve.of(
                            new double[] {0.1, 0.2, 0.3, 0.4}, new boolean[] {c % 2 == 0, true, c % 3 == 0, false}));
        }
        assertThat(Plots.roc(curves).image().getWidth()).isPositive();
    }

    @Test
    void save_writesAPng(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("new/roc.png");
        var predictions = InterpretGoldens.predictions(InterpretGoldens.single(), "five");
        Plots.roc(RocCurve.all(predictions)).save(file);
        assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(1240);
        assertThat(Plots.precisionRecall(PrecisionRecallCurve.all(predictions)).png(Theme.DARK))
                .startsWith(0x89, 'P', 'N', 'G');
        assertThat(Plots.calibration(Calibration.of(predictions)).alternative()).contains("calibration error");
        assertThat(Plots.thresholds(ThresholdCurve.of(predictions)).alternative())
                .contains("F1 is best");
    }

    @Test
    void text_canBeReadOnItsGround() {
        for (Theme theme : Theme.values()) {
            for (Color ground : List.of(theme.ground(), theme.surface())) {
                assertThat(Theme.contrast(theme.ink(), ground)).isGreaterThan(7);
                assertThat(Theme.contrast(theme.muted(), ground)).isGreaterThan(4.5);
                assertThat(Theme.contrast(theme.right(), ground)).isGreaterThan(4.5);
                assertThat(Theme.contrast(theme.wrong(), ground)).isGreaterThan(4.5);
            }
            for (int i = 0; i <= 100; i++) {
                for (boolean diagonal : new boolean[] {true, false}) {
                    Color cell = theme.cell(i / 100.0, diagonal);
                    assertThat(Theme.contrast(Theme.inkOn(cell), cell)).isGreaterThan(4.5);
                }
            }
            for (int i = 0; i < 8; i++) {
                assertThat(Theme.contrast(theme.series(i), theme.ground())).isGreaterThan(2.9);
            }
        }
    }

    static TrainingCurves curves(int epochs) {
        return new TrainingCurves(IntStream.range(0, epochs)
                .mapToObj(i -> new TrainingCurves.Epoch(
                        i,
                        i == 1 ? Double.NaN : 1.0 / (i + 1),
                        0.3 + 0.8 / (i + 1),
                        new LinkedHashMap<>(Map.of("error_rate", 0.5 / (i + 1), "f1", 1 - 0.5 / (i + 1)))))
                .map(epoch -> new TrainingCurves.Epoch(
                        epoch.number(), epoch.trainLoss(), epoch.validLoss(), new java.util.TreeMap<>(epoch.metrics())))
                .toList());
    }

    private static long count(BufferedImage image, Color colour) {
        return IntStream.of(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .filter(pixel -> pixel == colour.getRGB())
                .count();
    }
}
