package espalier.web.predict;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import espalier.model.Predictor;
import espalier.vision.image.HostilePictures;
import espalier.vision.image.Image;
import espalier.vision.image.ImageWriter;
import espalier.web.RunningServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The prediction page in a real browser. */
@Tag("browser")
@Timeout(180)
class PageTest {
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run");

    @TempDir
    static Path folder;

    private static Playwright playwright;
    private static Browser browser;
    private static Predictor predictor;

    private final List<String> requests = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private RunningServer server;
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void launch() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                        .setArgs(ARGUMENTS));
        predictor = Predictor.load(TinyModel.write(folder.resolve("tiny.safetensors"), 1));
    }

    @AfterAll
    static void end() {
        playwright.close();
        predictor.close();
    }

    @BeforeEach
    void open() {
        server = PredictionServer.of(predictor).start(0);
        open(server.url(), 1280, 900, ColorScheme.LIGHT);
    }

    private void open(String url, int width, int height, ColorScheme scheme) {
        requests.clear();
        context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(scheme));
        page = context.newPage();
        page.onRequest(request -> requests.add(request.url()));
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate(url);
        assertThat(page.getByText("Drop or paste pictures here")).isVisible();
    }

    @AfterEach
    void close() {
        context.close();
        server.stop();
    }

    private static FilePayload png(String name, Image picture) {
        return new FilePayload(name, "image/png", ImageWriter.png(picture));
    }

    private Locator results() {
        return page.locator(".results > li");
    }

    /** What the page must show for a file. */
    private void assertShows(Locator result, byte[] file) {
        var expected = predictor.predict(file);
        assertThat(result.locator(".answer .label")).hasText(expected.label());
        assertThat(result.locator(".answer span"))
                .hasText(String.format(Locale.ROOT, "%.1f %%", 100 * expected.probability()));
        assertThat(result.locator("progress")).hasCount(TinyModel.CLASSES.size());
    }

    private void assertNothingStrange() {
        assertThat(requests).allMatch(url -> url.startsWith(server.url()) || url.startsWith("blob:" + server.url()));
        assertThat(complaints).isEmpty();
    }

    @Test
    void S25_severalPictures_areChosenPredictedAndExplained() {
        var pictures =
                List.of(TinyModel.picture(1, 300, 200), TinyModel.picture(2, 200, 300), TinyModel.picture(3, 64, 64));
        var files = pictures.stream()
                .map(picture -> png("p" + pictures.indexOf(picture) + ".png", picture))
                .toList();
        page.locator("#choose").setInputFiles(files.toArray(FilePayload[]::new));
        assertThat(results()).hasCount(3);
        for (int i = 0; i < 3; i++) {
            var result = results().nth(2 - i); // the newest is above
            assertThat(result.locator(".name")).hasText("p" + i + ".png");
            assertShows(result, files.get(i).buffer);
        }
        assertThat(page.locator("#said")).containsText("p");
        var first = results().first();
        first.getByText("Where did it look?").click();
        assertThat(first.locator("button[aria-pressed=true]")).hasText("Show the picture");
        assertThat(first.locator("img")).hasAttribute("alt", "p2.png: bright where the model looked");
        first.getByText("Show the picture").click();
        assertThat(first.locator("img")).hasAttribute("alt", "p2.png");
        page.getByText("Remove all").click();
        assertThat(results()).hasCount(0);
        assertNothingStrange();
    }

    @Test
    void S25_droppedAndPastedPictures_arePredicted() {
        byte[] file = ImageWriter.png(TinyModel.picture(4, 80, 60));
        String give = "([text, kind]) => { const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));"
                + " const data = new DataTransfer(); data.items.add(new File([bytes], kind + '.png', {type: 'image/png'}));"
                + " const target = kind === 'drop' ? document.querySelector('.drop') : document;"
                + " target.dispatchEvent(kind === 'drop'"
                + " ? new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})"
                + " : new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }";
        for (String kind : List.of("drop", "paste")) {
            page.evaluate(give, List.of(Base64.getEncoder().encodeToString(file), kind));
            assertThat(results().first().locator(".name")).hasText(kind + ".png");
            assertShows(results().first(), file);
        }
        assertThat(page.locator("#camera")).hasAttribute("capture", "environment");
        assertNothingStrange();
    }

    @Test
    void S25_turnedPhoto_isPredictedAndShownUpright() {
        Image upright = TinyModel.picture(5, 300, 200);
        byte[] photo = HostilePictures.turned(ImageWriter.jpeg(HostilePictures.stored(upright, 6), 95), 6);
        page.locator("#choose").setInputFiles(new FilePayload("photo.jpg", "image/jpeg", photo));
        assertShows(results().first(), photo);
        assertThat(results().first().locator("img").evaluate("img => img.naturalWidth + 'x' + img.naturalHeight"))
                .isEqualTo("300x200");
        assertNothingStrange();
    }

    @Test
    void S25_photoOf20Megabytes_isPredicted() {
        // Noise does not compress: 2,570 x 2,570 pixels of it take nearly 20 MB.
        byte[] pixels = new byte[2_570 * 2_570 * 3];
        new Random(1).nextBytes(pixels);
        byte[] large = ImageWriter.png(Image.of(2_570, 2_570, pixels));
        assertThat(large.length).isBetween(19_000_000, 20_000_000);
        page.locator("#choose").setInputFiles(new FilePayload("large.png", "image/png", large));
        assertThat(results().first().locator(".answer"))
                .isVisible(new com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions()
                        .setTimeout(60_000));
        assertShows(results().first(), large);
        page.locator("#choose")
                .setInputFiles(new FilePayload("larger.png", "image/png", java.util.Arrays.copyOf(large, 20_000_001)));
        assertThat(results().first().locator(".error")).containsText("20 MB");
        assertNothingStrange();
    }

    @Test
    void S25_keyboardAlone_reachesEverything() {
        byte[] file = ImageWriter.png(TinyModel.picture(6, 60, 60));
        // Chromium hands over its dialog only once it has been told to, which a first listener does in good time.
        page.onFileChooser(dialog -> {});
        page.keyboard().press("Tab");
        assertThat(page.locator("#choose")).isFocused();
        var chooser = page.waitForFileChooser(() -> page.keyboard().press("Enter"));
        chooser.setFiles(new FilePayload("keys.png", "image/png", file));
        assertShows(results().first(), file);
        page.keyboard().press("Tab");
        assertThat(page.locator("#camera")).isFocused();
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(results().first().locator("button[aria-pressed=true]")).isVisible();
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(results()).hasCount(0);
        assertThat(page.locator("#said")).hasText("keys.png removed");
        assertNothingStrange();
    }

    @Test
    void S25_focus_staysWhileWorkingAndAfterRemoving() {
        var files = List.of(
                png("a.png", TinyModel.picture(1, 60, 60)),
                png("b.png", TinyModel.picture(2, 60, 60)),
                new FilePayload("c.png", "image/png", new byte[] {1, 2, 3}));
        page.locator("#choose").setInputFiles(files.toArray(FilePayload[]::new));
        assertThat(page.locator(".answer")).hasCount(2);
        var explain = results().nth(1).locator("button[aria-pressed]"); // the newest is above
        explain.focus();
        page.keyboard().press("Enter");
        assertThat(explain).hasText("Show the picture");
        assertThat(explain).isFocused();
        results().nth(1).getByText("Remove").focus();
        page.keyboard().press("Enter");
        assertThat(results()).hasCount(2);
        assertThat(page.locator("#said")).hasText("b.png removed");
        assertThat(results().last().getByText("Remove")).isFocused();
        page.keyboard().press("Enter");
        assertThat(results()).hasCount(1);
        assertThat(results().first().getByText("Remove")).isFocused();
        page.keyboard().press("Enter");
        assertThat(results()).hasCount(0);
        assertThat(page.locator("#choose")).isFocused();
    }

    @Test
    void S25_filesThatAreNoPictures_areSentOnce() throws Exception {
        Path models = Files.createDirectories(folder.resolve("two"));
        TinyModel.write(models.resolve("one.safetensors"), 1);
        TinyModel.write(models.resolve("two.safetensors"), 2);
        server.stop();
        context.close();
        server = PredictionServer.of(models).start(0);
        open(server.url(), 1280, 900, ColorScheme.LIGHT);
        var files = List.of(
                png("good.png", TinyModel.picture(1, 60, 60)),
                new FilePayload("bad.png", "image/png", new byte[] {1, 2, 3}),
                new FilePayload("large.png", "image/png", new byte[20_000_001]));
        page.locator("#choose").setInputFiles(files.toArray(FilePayload[]::new));
        assertThat(page.locator(".answer")).hasCount(1);
        assertThat(page.locator(".results .error")).hasCount(2);
        assertThat(page.getByText("Try again")).hasCount(0);
        assertThat(requests.stream().filter(url -> url.contains("/api/predict")))
                .hasSize(2);
        page.getByLabel("Model").selectOption("two");
        assertThat(page.locator(".about")).containsText("two:");
        assertThat(page.locator(".answer")).hasCount(1);
        assertThat(page.locator(".results .error")).hasCount(2);
        assertThat(requests.stream().filter(url -> url.contains("/api/predict")))
                .hasSize(3);
        assertThat(requests.stream().filter(url -> url.contains("model=two") && url.contains("/api/predict")))
                .hasSize(1);
    }

    @Test
    void S25_serverStopped_isSaidAndTriedAgain() {
        int port = server.port();
        server.stop();
        byte[] file = ImageWriter.png(TinyModel.picture(7, 60, 60));
        page.locator("#choose").setInputFiles(new FilePayload("a.png", "image/png", file));
        assertThat(page.locator("#problem")).containsText("The server does not answer");
        server = PredictionServer.of(predictor).start(port);
        results().first().getByText("Try again").click();
        assertThat(results().first().locator("article")).isFocused();
        assertShows(results().first(), file);
        assertThat(page.locator("#problem")).hasCount(0);
    }

    @Test
    void S25_badFile_isExplained() {
        page.locator("#choose").setInputFiles(new FilePayload("bad.png", "image/png", new byte[] {1, 2, 3}));
        assertThat(results().first().locator(".error")).containsText("cannot be read as a picture");
    }

    @Test
    void S23_token_isAskedForAndKept() {
        String token = "0123456789abcdef";
        server.stop();
        context.close();
        server = PredictionServer.of(predictor).token(token).start(0);
        open(server.url(), 800, 800, ColorScheme.LIGHT);
        page.getByLabel("This server asks for its token").fill(token);
        page.getByText("Continue").click();
        byte[] file = ImageWriter.png(TinyModel.picture(8, 60, 60));
        page.locator("#choose").setInputFiles(new FilePayload("a.png", "image/png", file));
        assertShows(results().first(), file);
        context.close();
        complaints.clear();
        open(server.link(), 800, 800, ColorScheme.LIGHT);
        page.locator("#choose").setInputFiles(new FilePayload("a.png", "image/png", file));
        assertShows(results().first(), file);
        assertThat(page.url()).as("the address is clean").doesNotContain(token);
        assertThat(requests).noneMatch(url -> url.contains(token));
        assertNothingStrange();
    }

    @Test
    void M13_hostileNames_areTextOnly() throws Exception {
        var classes = List.of(
                "<script>document.title='owned'</script>",
                "\"><img src=x onerror=\"document.title='owned'\">",
                "{{7*7}}",
                "x".repeat(1000));
        Path file = TinyModel.write(folder.resolve("hostile.safetensors"), 1, classes, List.of());
        server.stop();
        context.close();
        server = PredictionServer.of(file).start(0);
        open(server.url(), 360, 740, ColorScheme.LIGHT);
        String name = "\"><img src=x onerror=alert(1)>.png";
        page.locator("#choose").setInputFiles(png(name, TinyModel.picture(1, 60, 60)));
        assertThat(results().first().locator(".name")).hasText(name);
        assertThat(results().first().locator("dt")).hasCount(4);
        assertThat(results().first().locator("dl")).containsText("{{7*7}}");
        assertThat(results().first().locator("dl")).containsText("<script>");
        assertThat(page.title()).isEqualTo("Predictions");
        assertThat(page.locator("img")).hasCount(1);
        assertFits(360);
        assertNothingStrange();
    }

    private void assertFits(int width) {
        assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
    }

    @Test
    void S25_narrowAndDark_isReadable() {
        context.close();
        open(server.url(), 360, 740, ColorScheme.DARK);
        page.locator("#choose")
                .setInputFiles(png(
                        "a-rather-long-name-of-a-file-from-a-phone-20260101_123456.png", TinyModel.picture(1, 60, 60)));
        assertThat(results().first().locator(".answer")).isVisible();
        assertFits(360);
        String background = (String) page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
        assertThat(background).matches("rgb\\((\\d|[1-4]\\d), .*");
        assertNothingStrange();
    }

    @Test
    void page_isPictured() throws Exception {
        // The model and pictures of the documentation: -Despalier.pictured=MODEL -Despalier.pictures=FOLDER
        Path model = Path.of(System.getProperty(
                "espalier.pictured", folder.resolve("tiny.safetensors").toString()));
        String pictures = System.getProperty("espalier.pictures", "");
        Path out = pictures.isEmpty() ? folder : Path.of("..", "docs", "images");
        Files.createDirectories(out);
        var files = new ArrayList<FilePayload>();
        if (pictures.isEmpty()) {
            files.add(png("a.png", TinyModel.picture(1, 60, 60)));
        } else {
            try (var inside = Files.list(Path.of(pictures))) {
                for (Path file : inside.sorted().toList()) {
                    files.add(new FilePayload(file.getFileName().toString(), "image/png", Files.readAllBytes(file)));
                }
            }
        }
        server.stop();
        context.close();
        server = PredictionServer.of(model).start(0);
        for (boolean narrow : List.of(false, true)) {
            open(server.url(), narrow ? 360 : 1000, narrow ? 740 : 860, narrow ? ColorScheme.DARK : ColorScheme.LIGHT);
            page.locator("#choose").setInputFiles(files.toArray(FilePayload[]::new));
            assertThat(page.locator(".answer")).hasCount(files.size());
            results().first().getByText("Where did it look?").click();
            assertThat(page.locator("button[aria-pressed=true]")).hasCount(1);
            Path picture = out.resolve(narrow ? "serve-360.png" : "serve.png");
            page.screenshot(new Page.ScreenshotOptions().setPath(picture));
            assertThat(Files.size(picture)).isBetween(10_000L, 300_000L);
            context.close();
        }
        open(server.url(), 360, 740, ColorScheme.LIGHT);
    }
}
