package espalier.web.clean;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import espalier.app.CleanTexts;
import espalier.app.TextTable;
import espalier.app.TrainText;
import espalier.clean.Cleaner;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.web.Axe;
import espalier.web.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cleaner of texts in a real Chromium; what happened is looked up on the disk. */
@Tag("browser")
@Timeout(180)
class CleanTextPageTest {
    private static final String HOSTILE = "I love <img src=x onerror=alert(1)> \u202Ethis\u0007 مرحبا";

    @TempDir
    Path folder;

    /** Row 2 is hostile and has the wrong label, row 3 is a megabyte long. */
    private Path table() throws IOException {
        var rows = new StringBuilder("text,label\n" + HOSTILE + ",bad\n");
        rows.append("hate ").append("x".repeat(1_000_000)).append(" end,bad\n");
        for (int i = 0; i < 60; i++) {
            rows.append("I %s this %d,%s\n".formatted(i % 2 == 0 ? "love" : "hate", i, i % 2 == 0 ? "good" : "bad"));
        }
        return Files.writeString(folder.resolve("texts.csv"), rows);
    }

    @Test
    void texts_areRelabelledByKeyboard_onASmallScreen_intoANewTable() throws IOException {
        PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
        Path csv = table();
        Path file = folder.resolve("texts.safetensors");
        TrainText.of(TextTable.of(csv), file).run(Progress.NONE);
        var problems = new ArrayList<String>();
        try (var chromium = Chromium.start();
                var model = Predictor.load(file)) {
            var set = new CleanTexts(TextTable.of(csv)).set(model, Progress.NONE);
            var server = CleanServer.of(Cleaner.of(model, set, Progress.NONE)).start(0);
            try {
                var page = chromium.browser().newPage(new Browser.NewPageOptions().setViewportSize(360, 700));
                page.onDialog(dialog -> problems.add(dialog.message()));
                page.onPageError(problems::add);
                page.onConsoleMessage(message -> problems.add(message.text()));
                page.navigate(server.link());
                var first = page.locator(".card").first();
                assertThat(first).hasAttribute("data-file", "texts.csv line 2");
                assertThat(first.locator(".text"))
                        .hasText("I love <img src=x onerror=alert(1)> \\u202ethis\\u0007 مرحبا");
                assertThat(page.locator("#retrain")).hasCount(0);
                assertThat(page.locator(".hint").first()).containsText("Choose for each text");
                first.focus();
                page.keyboard().press("Enter");
                assertThat(page.locator("dialog .text")).containsText("<img src=x");
                page.keyboard().press("Escape");
                page.keyboard().press("2");
                assertThat(page.locator("[data-file='texts.csv line 2']")).hasAttribute("data-action", "relabel");
                var large = page.locator("[data-file='texts.csv line 3']");
                assertThat(large.locator(".text")).hasText("hate " + "x".repeat(995) + "...");
                large.focus();
                page.keyboard().press("Enter");
                assertThat(page.locator("dialog .text")).containsText("xxx end");
                assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                        .as("no wider than the screen")
                        .isLessThanOrEqualTo(360);
                page.keyboard().press("Escape");
                page.keyboard().press("d");
                page.keyboard().press("a");
                assertThat(page.locator("dialog")).containsText("A new table is written beside the old one");
                page.locator("#apply").press("Enter");
                assertThat(page.locator("dialog")).hasCount(0);
                var rows = TextTable.of(folder.resolve("texts.cleaned.csv")).read();
                assertThat(rows.texts()).hasSize(61);
                assertThat(rows.labels().get(0)).containsExactly("good");
                for (var scheme : ColorScheme.values()) {
                    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                    Axe.assertNoViolation(page, "the cleaner of texts, " + scheme);
                }
                page.locator("#journal").click();
                page.locator("#undo-all").click();
                assertThat(page.locator("[role=status]")).containsText("2 undone");
                assertThat(folder.resolve("texts.cleaned.csv")).doesNotExist();
                assertThat(page.locator("dialog")).containsText("Nothing that could be undone");
                page.close();
            } finally {
                server.stop();
            }
        }
        assertThat(problems).isEmpty();
    }
}
