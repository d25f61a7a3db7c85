package espalier.web.predict;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import espalier.predict.Predictor;
import espalier.text.LabelledTexts;
import espalier.text.LinearLearner;
import espalier.web.Axe;
import espalier.web.Chromium;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of a model of texts in a real browser. */
@Tag("browser")
@Timeout(180)
class TextPageTest {
    @TempDir
    Path folder;

    private Predictor trained() {
        var texts = IntStream.range(0, 40)
                .mapToObj(i -> (i % 2 == 0 ? "I love this " : "I hate this ") + i)
                .toList();
        var labels = IntStream.range(0, 40)
                .mapToObj(i -> i % 2 == 0 ? "good" : "<b>bad</b>")
                .toList();
        var file = folder.resolve("texts.safetensors");
        LinearLearner.standard()
                .fit(LabelledTexts.of(texts, labels))
                .classifier()
                .export(file);
        return Predictor.load(file);
    }

    /** A megabyte with markup and control characters, from right to left, sent and looked at by keys alone at 360 pixels. */
    @Test
    void aMegabyte_isShownAsText_andTheKeyboardGoesOn() {
        String hostile =
                "<script>alert(1)</script> I hate this \u0001\u0007\u001b[31m \u202Eevil\u2066 مرحبا بالعالم שלום ";
        String text = hostile + "x\u00E9 <b>".repeat(200_000);
        assertThat(text.length()).isGreaterThan(1_000_000);
        var complaints = new ArrayList<String>();
        try (var chromium = Chromium.start();
                var predictor = trained()) {
            var server = PredictionServer.of(predictor).start(0);
            try {
                var page = chromium.browser().newPage(new Browser.NewPageOptions().setViewportSize(360, 700));
                page.onDialog(dialog -> complaints.add(dialog.message()));
                page.onConsoleMessage(message -> complaints.add(message.text()));
                page.onPageError(complaints::add);
                page.navigate(server.url());
                page.locator("#text").fill(text);
                page.locator("#text").focus();
                page.keyboard().press("Control+Enter");
                assertThat(page.locator(".texts .label")).hasText("<b>bad</b>");
                var shown = page.locator(".texts blockquote");
                assertThat((String) shown.evaluate("it => it.textContent")).isEqualTo(text);
                assertThat((Integer) shown.evaluate("it => it.childElementCount"))
                        .as("no element is made of it")
                        .isZero();
                assertThat((Integer) shown.evaluate("it => it.offsetHeight"))
                        .as("it scrolls in its place")
                        .isLessThan(700);
                assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                        .isLessThanOrEqualTo(360);
                shown.focus();
                page.keyboard().press("Tab");
                page.keyboard().press("Enter");
                assertThat(page.locator("ul.ngrams li").first()).isVisible();
                page.locator("#text").focus();
                page.keyboard().type("مرحبا love");
                page.keyboard().press("Tab");
                page.keyboard().press("Enter");
                assertThat(page.locator(".texts blockquote")).hasCount(2);
                assertThat(page.locator(".texts .label").first()).hasText("good");
                assertThat((String) page.locator(".texts blockquote")
                                .first()
                                .evaluate("it => getComputedStyle(it).direction"))
                        .as("written from the right")
                        .isEqualTo("rtl");
            } finally {
                server.stop();
            }
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void numbers_areShownWithTheirNames_andExplained() throws Exception {
        var texts = IntStream.range(0, 60)
                .mapToObj(i -> (i % 2 == 0 ? "great thing " : "awful thing ") + i)
                .toList();
        float[][] values = IntStream.range(0, 60)
                .mapToObj(i -> new float[] {i % 2 == 0 ? 5 : 1})
                .toArray(float[][]::new);
        var file = folder.resolve("stars.safetensors");
        LinearLearner.standard()
                .fit(LabelledTexts.quantities(List.of("<b>stars"), texts, values))
                .classifier()
                .export(file);
        var complaints = new ArrayList<String>();
        try (var chromium = Chromium.start();
                var predictor = Predictor.load(file)) {
            var server = PredictionServer.of(predictor).start(0);
            try {
                var reply = new Client(server.url())
                        .post(
                                "/api/predict",
                                "application/json",
                                "{\"text\": \"great\"}".getBytes(StandardCharsets.UTF_8))
                        .json();
                assertThat(reply.at("/values/<b>stars").asDouble()).isBetween(3.5, 6.0);
                assertThat(reply.has("label")).isFalse();
                var page = chromium.browser().newPage(new Browser.NewPageOptions().setViewportSize(360, 700));
                page.onConsoleMessage(message -> complaints.add(message.text()));
                page.onPageError(complaints::add);
                page.navigate(server.url());
                page.locator("#text").fill("a great thing");
                page.locator("#predict").click();
                assertThat(page.locator(".texts .label")).hasText(Pattern.compile("<b>stars [345]\\.[0-9]+"));
                page.locator(".texts button:has-text('Why?')").click();
                assertThat(page.locator("ul.ngrams li.for").first()).isVisible();
                Axe.assertNoViolation(page, "numbers of a text");
            } finally {
                server.stop();
            }
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void hostileText_isShownAsText_onASmallScreen_byKeyboard() {
        String hostile = "<img src=x onerror=alert(1)> I hate \u202Ethis " + "x".repeat(500);
        var complaints = new ArrayList<String>();
        try (var predictor = trained();
                var playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                var browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(Path.of("/usr/bin/chromium"))
                                .setArgs(List.of("--no-sandbox", "--disable-gpu")))) {
            var server = PredictionServer.of(predictor).start(0);
            try {
                var page = browser.newPage(new Browser.NewPageOptions().setViewportSize(360, 700));
                page.onDialog(dialog -> complaints.add(dialog.message()));
                page.onConsoleMessage(message -> complaints.add(message.text()));
                page.navigate(server.url());
                page.locator("#text").fill(hostile);
                page.locator("#text").press("Control+Enter");
                assertThat(page.locator(".texts .label")).hasText("<b>bad</b>");
                assertThat(page.locator(".texts blockquote")).hasText(hostile);
                page.locator(".texts button:has-text('Why?')").click();
                assertThat(page.locator("ul.ngrams li").first()).isVisible();
                assertThat(page.locator("#text")).hasValue("");
                int wide = (Integer) page.evaluate("document.documentElement.scrollWidth");
                assertThat(wide).isLessThanOrEqualTo(360);
                assertThat(page.locator("#choose").count()).isZero();
                for (var scheme : ColorScheme.values()) {
                    for (int width : new int[] {360, 1280}) {
                        page.setViewportSize(width, 700);
                        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                        Axe.assertNoViolation(page, "a text, " + width + ", " + scheme);
                    }
                }
                var shots = System.getProperty("espalier.screenshots", "");
                if (!shots.isEmpty()) {
                    page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(shots, "texts.png")));
                    page.setViewportSize(360, 740);
                    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
                    page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(shots, "texts-360.png")));
                }
            } finally {
                server.stop();
            }
        }
        assertThat(complaints).isEmpty();
    }
}
