package espalier.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.report.Rejected;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
    private static final Predictions FIVE = InterpretGoldens.predictions(InterpretGoldens.single(), "five");

    @Test
    void report_holdsAllSectionsInOneFile(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("report.html");
        HtmlReport.of(FIVE)
                .title("Letters")
                .history(PlotsTest.curves(3))
                .modelCard(Map.of("architecture", "resnet18"))
                .rejected(List.of(new Rejected("broken/x.jpg", "truncated JPEG")))
                .pictures(name -> picture(30, 20, name.hashCode()))
                .write(file);
        String html = Files.readString(file);
        assertThat(html)
                .contains(
                        "<h1>Letters</h1>",
                        "resnet18",
                        "broken/x.jpg",
                        "truncated JPEG",
                        "Confusion matrix",
                        "Normalised");
        assertThat(html)
                .contains("Largest losses", "Least sure", "Smallest losses", "Most confused", "validation loss");
        assertThat(count(html, "data:image/jpeg;base64,"))
                .as("22 mistakes, 12 unsure, 12 easy")
                .isEqualTo(46);
        assertThat(count(html, "data:image/png;base64,")).isEqualTo(10);
    }

    @Test
    void report_asksNobodyForAnything() {
        String html = HtmlReport.of(FIVE).history(PlotsTest.curves(2)).html();
        assertThat(html).contains("default-src 'none'");
        assertThat(html).doesNotContainPattern("(?i)<(script|link|iframe|object|embed|form)\\b");
        assertThat(html)
                .doesNotContainPattern("(?i)\\s(on\\w+|href)\\s*=")
                .doesNotContainPattern("(?i)https?:|url\\(|@import");
        assertThat(Pattern.compile("(src|srcset)=\"([^\"]{0,10})").matcher(html).results())
                .isNotEmpty()
                .allMatch(found -> found.group(2).startsWith("data:image"));
    }

    @Test
    void M13_hostileNames_areEscapedEverywhere() {
        String evil = "<script>alert(1)</script>{{7*7}}${7*7}\"'`&\u202e";
        var curves = new TrainingCurves(List.of(
                new TrainingCurves.Epoch(0, 1, 1, Map.of(evil, 0.5)), new TrainingCurves.Epoch(1, 1, 1, Map.of())));
        var single = Predictions.of(List.of(evil, "b"), new float[][] {{0.2f, 0.8f}, {0.9f, 0.1f}}, new int[] {0, 1})
                .items(List.of(evil, "x/" + evil));
        var tags = Predictions.multiLabel(
                List.of(evil, "b"), new float[][] {{0.2f, 0.8f}}, new boolean[][] {{true, false}});
        for (Predictions predictions : List.of(single, tags)) {
            String html = HtmlReport.of(predictions)
                    .title(evil)
                    .modelCard(Map.of(evil, evil))
                    .history(curves)
                    .rejected(List.of(new Rejected(evil, evil)))
                    .pictures(name -> {
                        throw new IllegalStateException(evil);
                    })
                    .html();
            assertThat(html).doesNotContain("<script", "{{", "${", "\u202e", "alert(1)</script");
            assertThat(html).contains("&#60;script&#62;");
            // between tags, no attribute that this package did not write
            assertThat(Pattern.compile("<img[^>]*>").matcher(html).results())
                    .allMatch(img -> img.group().matches("<img (?:width|src)[^<>`{$]*>"));
        }
    }

    @Test
    void M13_hugeNamesAndManyClasses_areBounded() {
        String huge = "x".repeat(10_000_000);
        var classes = IntStream.range(0, 1_000_000)
                .mapToObj(i -> i == 3 ? huge : "c" + i)
                .toList();
        float[][] probabilities = new float[2][1_000_000];
        probabilities[0][3] = 1;
        probabilities[1][5] = 1;
        String html = HtmlReport.of(Predictions.of(classes, probabilities, new int[] {5, 3}))
                .html();
        assertThat(html.length()).isLessThan(1_000_000);
        assertThat(html).contains("The 200 of 1000000 with lowest F1", "of 1000000 classes with most errors");
    }

    @Test
    void report_onAThousandPicturesStaysBelowFiveMegabytes() {
        int count = 1000;
        var random = new Random(7);
        float[][] probabilities = new float[count][2];
        int[] targets = new int[count];
        for (int i = 0; i < count; i++) {
            probabilities[i][0] = random.nextFloat();
            probabilities[i][1] = 1 - probabilities[i][0];
            targets[i] = random.nextInt(2);
        }
        // noise is what JPEG shrinks least
        var noise = picture(300, 300, 1);
        String html = HtmlReport.of(Predictions.of(List.of("a", "b"), probabilities, targets))
                .topLosses(1000)
                .history(PlotsTest.curves(10))
                .pictures(name -> noise)
                .html();
        assertThat(html.length()).isLessThan(5_000_000);
        assertThat(html).contains("left out to keep this page small");
    }

    /** A picture that waits for the reader to scroll to it is missing on paper and in a screenshot. */
    @Test
    void pictures_doNotWaitForScrolling() {
        String html = HtmlReport.of(FIVE).pictures(name -> picture(8, 8, 1)).html();
        assertThat(html).contains("data:image/jpeg").doesNotContain("loading=");
    }

    @Test
    void largestLosses_areMistakes_unlessAllAreWanted() {
        var two = Predictions.of(
                        List.of("a", "b"), new float[][] {{0.6f, 0.4f}, {0.2f, 0.8f}, {0.4f, 0.6f}}, new int[] {0, 0, 1
                        })
                .items(List.of("barely.png", "wrong.png", "hardly.png"));
        assertThat(largest(HtmlReport.of(two).topLosses(3)))
                .contains("wrong.png")
                .doesNotContain("barely.png");
        assertThat(largest(HtmlReport.of(two).topLosses(3).includeRight())).contains("wrong.png", "barely.png");
        var right = Predictions.of(List.of("a", "b"), new float[][] {{0.6f, 0.4f}}, new int[] {0});
        assertThat(largest(HtmlReport.of(right))).contains("No prediction is wrong");
    }

    private static String largest(HtmlReport report) {
        return report.html().replaceAll("(?s).*<h2 id=\"largest\">(.*?)</section>.*", "$1");
    }

    @Test
    void calibration_saysHowManyEachBinHolds() {
        var predictions = Predictions.of(
                List.of("a", "b"), new float[][] {{0.9f, 0.1f}, {0.87f, 0.13f}, {0.4f, 0.6f}}, new int[] {0, 1, 1});
        assertThat(HtmlReport.of(predictions).html())
                .contains("<th scope=\"row\">80 to 90 %</th><td>2</td><td>" + Names.percent(0.885) + "</td><td>"
                        + Names.percent(0.5) + "</td>")
                .contains("<th scope=\"row\">0 to 10 %</th><td>0</td><td>\u2013</td><td>\u2013</td>");
    }

    @Test
    void pictures_thatCannotBeReadAreReplacedByTheReason() {
        String html = HtmlReport.of(FIVE)
                .topLosses(2)
                .pictures(name -> {
                    throw new IllegalStateException("gone since");
                })
                .html();
        assertThat(html).contains("cannot be read: gone since");
    }

    @Test
    void overlays_standBesideTheLargestLosses() {
        String html = HtmlReport.of(FIVE)
                .topLosses(2)
                .pictures(name -> picture(8, 8, 1))
                .overlays(name -> Optional.of(picture(8, 8, 2)))
                .html();
        assertThat(count(html, "what the model looked at")).isEqualTo(2);
    }

    @Test
    void overlays_ofNothing_saySo() {
        String html = HtmlReport.of(FIVE)
                .topLosses(2)
                .pictures(name -> picture(8, 8, 1))
                .overlays(name -> Optional.empty())
                .html();
        assertThat(html).contains("no region spoke for ").doesNotContain("what the model looked at\"");
    }

    @Test
    void page_canBeReadWithoutSeeingIt() {
        String html = HtmlReport.of(FIVE)
                .history(PlotsTest.curves(2))
                .pictures(name -> picture(9, 9, 0))
                .html();
        assertThat(html).contains("<html lang=\"en\">", "<main>", "<h1>");
        assertThat(Pattern.compile("<img[^>]*>").matcher(html).results())
                .allMatch(img -> img.group().matches("(?s).* alt=\"[^\"]+\".*"));
        assertThat(Pattern.compile("<th[ >][^>]*").matcher(html).results())
                .allMatch(th -> th.group().contains("scope="));
        assertThat(count(html, "<table")).isEqualTo(count(html, "</table>"));
        assertThat(count(html, "<section")).isEqualTo(count(html, "</section>"));
    }

    @Test
    void report_ofLabelsJudgesEachLabel() {
        String html =
                HtmlReport.of(InterpretGoldens.labels(InterpretGoldens.multi())).html();
        assertThat(html)
                .contains("rightly given", "samples avg", "every label right")
                .doesNotContain("Most confused");
    }

    @Test
    void report_ofNoItemsIsWritten() {
        String html = HtmlReport.of(Predictions.of(List.of("a", "b"), new float[0][], new int[0]))
                .html();
        assertThat(html).contains("</html>");
    }

    @Test
    void figures_areReadyForJson() {
        for (Predictions predictions : List.of(
                FIVE,
                InterpretGoldens.labels(InterpretGoldens.multi()),
                Predictions.of(List.of("a"), new float[0][], new int[0]))) {
            CurvesTest.assertFinite(Interpretation.of(predictions).toMap());
        }
        assertThat(Interpretation.of(FIVE).toMap())
                .containsKeys("items", "mean_loss", "report", "confusion", "curves", "calibration", "top_losses");
        assertThat(new tools.jackson.databind.json.JsonMapper()
                        .writeValueAsString(Interpretation.of(FIVE).toMap()))
                .startsWith("{\"items\":50,");
    }

    private static int count(String html, String what) {
        return html.split(Pattern.quote(what), -1).length - 1;
    }

    private static BufferedImage picture(int width, int height, int seed) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var random = new Random(seed);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, random.nextInt());
        }
        return image;
    }
}
