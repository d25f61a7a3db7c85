package espalier.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.testing.plain.Golden;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfusionMatrixTest {
    @ParameterizedTest
    @ValueSource(strings = {"binary", "ties", "absent", "five"})
    void counts_equalScikitLearns(String name) {
        var golden = InterpretGoldens.single();
        var matrix = ConfusionMatrix.of(InterpretGoldens.predictions(golden, name));
        for (int a = 0; a < matrix.classes().size(); a++) {
            String row = "/" + a;
            assertThat(matrix.counts()[a]).isEqualTo(golden.longsAt("/cases/" + name + "/confusion" + row));
            assertThat(matrix.normalised()[a])
                    .usingComparatorWithPrecision(1e-8)
                    .containsExactly(golden.doublesAt("/cases/" + name + "/normalised" + row));
        }
        assertThat(matrix.accuracy())
                .isCloseTo(
                        golden.value("/cases/" + name + "/report/by_policy/0.0/accuracy")
                                .asDouble(),
                        within(1e-8));
    }

    @Test
    void mostConfused_equalsTheCountedOrder() {
        var golden = Golden.load("interpret");
        long[] targets = golden.longs("report/target");
        var predictions = Predictions.of(
                golden.stringsAt("/report/labels"),
                InterpretGoldens.rows(golden.floats("report/probabilities"), targets.length),
                IntStream.range(0, targets.length).map(i -> (int) targets[i]).toArray());
        var expected = golden.value("/report/most_confused");
        var found = ConfusionMatrix.of(predictions).mostConfused(2);
        assertThat(found).hasSize(expected.size());
        for (int i = 0; i < found.size(); i++) {
            var row = expected.get(i);
            assertThat(found.get(i))
                    .isEqualTo(new ConfusionMatrix.Confusion(
                            row.get(0).asString(),
                            row.get(1).asString(),
                            row.get(2).asLong()));
        }
    }

    @Test
    void mostConfused_leavesOutTheDiagonalAndWhatIsRarer() {
        var matrix = ConfusionMatrix.of(
                List.of("a", "b", "c"), new int[] {0, 0, 0, 1, 1, 2, 2, 2}, new int[] {0, 1, 1, 0, 1, 0, 2, 2});
        assertThat(matrix.mostConfused(2)).containsExactly(new ConfusionMatrix.Confusion("a", "b", 2));
        assertThat(matrix.mostConfused(1))
                .extracting(ConfusionMatrix.Confusion::toString)
                .containsExactly("a called b: 2", "b called a: 1", "c called a: 1");
    }

    @Test
    void text_fitsATerminal() {
        var matrix = ConfusionMatrix.of(List.of("cat", "dog"), new int[] {0, 0, 1}, new int[] {0, 1, 1});
        assertThat(matrix.text()).isEqualTo("""
                actual  predicted
                        cat  dog
                cat       1    1
                dog       .    1
                """);
        assertThat(squares(10).text().lines()).hasSize(12).allMatch(line -> line.length() <= 100);
        assertThat(squares(60).text().lines()).hasSize(43);
    }

    @Test
    void longNames_thatDifferInTheMiddle_stayDifferent() {
        String name = "a very long name of a class, %s, that ends like its sister";
        var classes = List.of(name.formatted("first"), name.formatted("second"), name.formatted("third"));
        var matrix = ConfusionMatrix.of(classes, new int[] {0, 1, 2}, new int[] {1, 1, 0});
        var sides =
                matrix.text().lines().skip(2).map(line -> line.substring(0, 24)).toList();
        assertThat(sides).hasSize(3).doesNotHaveDuplicates();
        assertThat(Names.distinct(classes, 26))
                .doesNotHaveDuplicates()
                .allSatisfy(shown -> assertThat(shown.length()).isLessThanOrEqualTo(26));
        assertThat(Names.distinct(List.of("dog", "dog", "cat"), 26)).containsExactly("dog", "dog 2", "cat");
    }

    @Test
    void text_cannotSteerATerminal() {
        var matrix = ConfusionMatrix.of(List.of("\u001b[31mred\u202e", "dog"), new int[] {0}, new int[] {1});
        assertThat(matrix.text())
                .doesNotContain("\u001b")
                .doesNotContain("\u202e")
                .contains("red");
    }

    @Test
    void worst_keepsTheClassesWithMostErrors() {
        var matrix = ConfusionMatrix.of(
                List.of("a", "b", "c", "d"), new int[] {0, 1, 1, 3, 3, 2}, new int[] {0, 3, 3, 1, 3, 2});
        var part = matrix.worst(2);
        assertThat(part.classes()).containsExactly("b", "d");
        assertThat(part.counts()).isDeepEqualTo(new long[][] {{0, 2}, {1, 1}});
    }

    @Test
    void matrix_ofVeryManyClassesStaysSmall() {
        var classes = IntStream.range(0, 1_000_000).mapToObj(i -> "c" + i).toList();
        var matrix = ConfusionMatrix.of(classes, new int[] {5, 999_999}, new int[] {5, 7});
        assertThat(matrix.mostConfused(1)).containsExactly(new ConfusionMatrix.Confusion("c999999", "c7", 1));
        assertThat(matrix.toMap()).doesNotContainKey("counts");
        assertThat(matrix.text().lines().count()).isLessThan(50);
        assertThat(matrix.plot().image().getWidth()).isLessThan(5000);
    }

    @Test
    void plot_writesAPictureThatIsLargeEnoughForThirtyClasses(@TempDir Path dir) throws Exception {
        Path png = dir.resolve("confusion.png");
        squares(30).plot(png);
        BufferedImage image = ImageIO.read(png.toFile());
        // cells of 30 points at two pixels a point hold three digits
        assertThat(image.getWidth()).isBetween(30 * 60, 2600);
        assertThat(image.getHeight()).isBetween(30 * 60, 2600);
    }

    /** The accuracy of the classes with most errors is not the accuracy. */
    @Test
    void plot_ofManyClasses_statesTheAccuracyOfAll_andShowsTheOthersAsOne() {
        int n = 100;
        int[] actual = IntStream.range(0, 4 * n).map(i -> i % n).toArray();
        int[] predicted = IntStream.range(0, 4 * n)
                .map(i -> i % n < 80 && i < n ? (i + 1) % 80 : i % n)
                .toArray();
        var classes = IntStream.range(0, n).mapToObj(i -> "c" + i).toList();
        var matrix = ConfusionMatrix.of(classes, actual, predicted);
        assertThat(matrix.plot().alternative()).contains("400 items in 100 classes, accuracy 80");
        var shown = matrix.withOthers(60);
        assertThat(shown.classes()).hasSize(61).last().isEqualTo("others (40)");
        assertThat(shown.total()).isEqualTo(400);
        assertThat(IntStream.range(0, 61).mapToLong(c -> shown.count(60, c)).sum())
                .isEqualTo(160);
        assertThat(IntStream.range(0, 61).mapToDouble(c -> shown.share(60, c)).sum())
                .isCloseTo(1, within(1e-9));
        assertThat(matrix.withOthers(100)).isSameAs(matrix);
        assertThat(matrix.plot().image().getWidth()).isBetween(2000, 5000);
    }

    @Test
    void plot_coloursRightAndWrongCells() {
        var matrix = ConfusionMatrix.of(List.of("a", "b"), new int[] {0, 1}, new int[] {0, 0});
        var image = matrix.plot().image();
        assertThat(count(image, Theme.LIGHT.cell(1, true).getRGB())).isGreaterThan(5000);
        assertThat(count(image, Theme.LIGHT.cell(1, false).getRGB())).isGreaterThan(5000);
    }

    @Test
    void shares_areInTheMap_theText_andAPlotOfTheirOwn() {
        var matrix = ConfusionMatrix.of(List.of("a", "b", "c"), new int[] {0, 0, 0, 0, 1}, new int[] {0, 0, 0, 1, 0});
        assertThat(matrix.toMap().get("normalised"))
                .isEqualTo(List.of(List.of(0.75, 0.25, 0.0), List.of(1.0, 0.0, 0.0), List.of(0.0, 0.0, 0.0)));
        assertThat(matrix.normalisedText()).isEqualTo("""
                        actual  predicted, percent of the row
                                   a     b     c
                        a        75%   25%     .
                        b       100%     .     .
                        c          .     .     .
                        """);
        var counts = matrix.plot().image();
        var shares = matrix.normalisedPlot().image();
        assertThat(shares.getWidth()).isEqualTo(counts.getWidth());
        assertThat(java.util.Arrays.equals(
                        shares.getRGB(0, 0, shares.getWidth(), shares.getHeight(), null, 0, shares.getWidth()),
                        counts.getRGB(0, 0, shares.getWidth(), shares.getHeight(), null, 0, shares.getWidth())))
                .isFalse();
    }

    @Test
    void sharesOfAPart_areOfWholeRows() {
        // 41 classes, four items each: one of c39 is called c40, all others are right.
        var names = IntStream.range(0, 41).mapToObj(i -> "c" + i).toList();
        int[] actual = IntStream.range(0, 164).map(i -> i / 4).toArray();
        int[] predicted = IntStream.range(0, 164)
                .map(i -> i % 4 == 0 && i / 4 == 39 ? 40 : i / 4)
                .toArray();
        var text = ConfusionMatrix.of(names, actual, predicted).normalisedText();
        assertThat(text.lines().filter(line -> line.contains("c39")).findFirst().orElseThrow())
                .contains("75%");
        assertThat(text).endsWith("(the 40 of 41 classes with most errors)\n");
    }

    @Test
    void numbers_ofActualAndPredictedMustAgree() {
        assertThatThrownBy(() -> ConfusionMatrix.of(List.of("a"), new int[1], new int[2]))
                .hasMessageContaining("expected as many");
    }

    private static ConfusionMatrix squares(int classes) {
        var names = IntStream.range(0, classes).mapToObj(i -> "class-name-" + i).toList();
        int[] actual =
                IntStream.range(0, classes * classes).map(i -> i / classes).toArray();
        int[] predicted = IntStream.range(0, classes * classes)
                .map(i -> i % 7 == 0 ? i % classes : i / classes)
                .toArray();
        return ConfusionMatrix.of(names, actual, predicted);
    }

    private static long count(BufferedImage image, int rgb) {
        return IntStream.of(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .filter(pixel -> pixel == rgb)
                .count();
    }
}
