package espalier.web.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import espalier.optim.Rates;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;
import espalier.web.Axe;
import espalier.web.Chromium;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("browser")
@Timeout(240)
class MonitorBrowserTest {
    private static final int WAIT_MILLIS = 60_000;

    @TempDir
    Path folder;

    private final CompletableFuture<String> link = new CompletableFuture<>();
    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

    /** A training of its own thread that takes a quarter of a second a batch until it is stopped. */
    private Thread train() {
        var thread = new Thread(() -> {
            try (var learner = TinyTraining.learner(folder.resolve("data"), 12)) {
                learner.callback(TrainingMonitor.of(link::complete).saveTo(folder.resolve("now.safetensors")));
                learner.callback(new Callback() {
                    @Override
                    public void afterBatch(Fit fit, Step step) {
                        try {
                            Thread.sleep(250);
                        } catch (InterruptedException late) {
                            Thread.currentThread().interrupt();
                        }
                    }
                });
                learner.fitOneCycle(200, Rates.of(1e-3));
                interrupted.complete(learner.wasInterrupted());
            } catch (Exception failure) {
                link.completeExceptionally(failure);
                interrupted.completeExceptionally(failure);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void page_followsTheTrainingSavesAndStops() throws Exception {
        var training = train();
        var complaints = Collections.synchronizedList(new ArrayList<String>());
        String address = link.get(60, TimeUnit.SECONDS);
        String site = address.substring(0, address.indexOf("/#"));
        try (var chromium = Chromium.start()) {
            Page page = chromium.browser().newPage();
            page.setDefaultTimeout(WAIT_MILLIS);
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complaints.add(message.text());
                }
            });
            page.onPageError(complaints::add);
            page.onRequest(request -> {
                if (!request.url().startsWith(site) && !request.url().startsWith("blob:")) {
                    complaints.add("asked for " + request.url());
                }
            });
            page.navigate(address);
            assertThat(page.url()).as("the token leaves the address").doesNotContain("token");
            var shown = PlaywrightAssertions.assertThat(page.locator("tbody tr").nth(1));
            shown.isVisible(new com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions()
                    .setTimeout(WAIT_MILLIS));
            assertThat(page.locator("canvas").count()).isEqualTo(2);
            assertThat(page.locator("#status").textContent()).contains("batch");
            page.locator(".batch img").waitFor();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Save the model"))
                    .click();
            page.getByText("Saved ").waitFor();
            assertThat(folder.resolve("now.safetensors")).isNotEmptyFile();
            String shots = System.getProperty("espalier.screenshots", "");
            if (!shots.isBlank()) {
                page.screenshot(new Page.ScreenshotOptions()
                        .setPath(Path.of(shots, "monitor.png"))
                        .setFullPage(true));
            }
            Axe.assertNoViolation(page, "a training");
            page.setViewportSize(360, 740);
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            Axe.assertNoViolation(page, "a training, 360, dark");
            assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                    .as("fits a phone")
                    .isLessThanOrEqualTo(360);
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Stop"))
                    .click();
            page.getByText("The training was stopped: interrupted.").waitFor();
            assertThat(interrupted.get(60, TimeUnit.SECONDS)).isTrue();
            assertThat(complaints).filteredOn(text -> !comesOfTheEnd(text)).isEmpty();
        }
        training.join(TimeUnit.SECONDS.toMillis(60));
        assertThat(training.isAlive()).isFalse();
    }

    /** The server ends with the training: what the page asks for in that moment is cut off, or refused by a 503. */
    private static boolean comesOfTheEnd(String complaint) {
        return Stream.of("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "with a status of 503 (")
                .anyMatch(complaint::contains);
    }
}
