package espalier.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import espalier.interpret.HtmlReport;
import espalier.interpret.Predictions;
import espalier.interpret.TrainingCurves;
import espalier.report.Rejected;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report on a model in a real browser. */
@Tag("browser")
class ReportBrowserTest {
    private static final String ALL_SHOWN =
            "Array.from(document.images).every(picture => picture.complete && picture.naturalWidth > 0)";

    private static void write(Path file) throws IOException {
        var predictions = Predictions.of(
                        List.of("cat", "dog"),
                        new float[][] {{0.9f, 0.1f}, {0.7f, 0.3f}, {0.4f, 0.6f}, {0.2f, 0.8f}},
                        new int[] {0, 1, 1, 0})
                .items(List.of("a.png", "b.png", "c.png", "d.png"));
        HtmlReport.of(predictions)
                .title("Cats and dogs")
                .modelCard(Map.of("architecture", "resnet18"))
                .history(new TrainingCurves(List.of(
                        new TrainingCurves.Epoch(1, 0.7, 0.6, Map.of("error_rate", 0.3)),
                        new TrainingCurves.Epoch(2, 0.5, 0.4, Map.of("error_rate", 0.2)))))
                .rejected(List.of(new Rejected("broken.png", "truncated PNG")))
                .pictures(ReportBrowserTest::picture)
                .overlays(name -> Optional.of(picture(name)))
                .write(file);
    }

    private static BufferedImage picture(String name) {
        var image = new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 60; x++) {
            for (int y = 0; y < 40; y++) {
                image.setRGB(x, y, Color.HSBtoRGB(name.hashCode() % 7 / 7f, x / 60f, y / 40f));
            }
        }
        return image;
    }

    @Test
    void report_isWholeWithoutScrolling_andHasNoViolationOfAxe(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.html");
        write(file);
        try (var chromium = Chromium.start()) {
            for (boolean narrow : new boolean[] {false, true}) {
                var context = chromium.browser()
                        .newContext(new Browser.NewContextOptions()
                                .setViewportSize(narrow ? 360 : 1280, 600)
                                .setColorScheme(narrow ? ColorScheme.DARK : ColorScheme.LIGHT));
                Page page = context.newPage();
                page.navigate(file.toUri().toString());
                assertThat((Boolean) page.evaluate(ALL_SHOWN)).isTrue();
                assertThat((int) page.evaluate("document.images.length")).isGreaterThan(10);
                Axe.assertNoViolation(page, narrow ? "report, 360, dark" : "report, 1280, light");
                assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
                        .isLessThanOrEqualTo(narrow ? 360 : 1280);
                String shots = System.getProperty("espalier.screenshots", "");
                if (!shots.isBlank()) {
                    page.screenshot(new Page.ScreenshotOptions()
                            .setPath(Path.of(shots, narrow ? "report-360.png" : "report.png"))
                            .setFullPage(true));
                }
                context.close();
            }
        }
    }
}
