package espalier.web.predict;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import espalier.format.ModelFile;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.predict.Predictor;
import espalier.testing.TinyModel;
import espalier.testing.plain.HostilePictures;
import espalier.web.Axe;
import espalier.web.Chromium;
import espalier.web.RunningServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
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
    @TempDir
    static Path folder;

    private static Chromium chromium;
    private static Predictor predictor;

    private final List<String> requests = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private RunningServer server;
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void launch() {
        chromium = Chromium.start();
        predictor = Predictor.load(TinyModel.write(folder.resolve("tiny.safetensors"), 1));
    }

    @AfterAll
    static void end() {
        chromium.close();
        predictor.close();
    }

    @BeforeEach
    void open() {
        server = PredictionServer.of(predictor).start(0);
        open(server.url(), 1280, 900, ColorScheme.LIGHT);
    }

    private void open(String url, int width, int height, ColorScheme scheme) {
        requests.clear();
        context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setColorScheme(scheme));
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

    private static byte[] tiff(Image picture) throws IOException {
        var bytes = new ByteArrayOutputStream();
        org.assertj.core.api.Assertions.assertThat(ImageIO.write(picture.toBufferedImage(), "tiff", bytes))
                .isTrue();
        return bytes.toByteArray();
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
        assertThat(result.locator(".bars progress")).hasCount(3);
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
            var result = results().nth(i);
            assertThat(result.locator(".name")).hasText("p" + i + ".png");
            assertShows(result, files.get(i).buffer);
        }
        assertThat(page.locator("#said")).containsText("p");
        var first = results().first();
        first.getByText("Where did it look?").click();
        assertThat(first.locator("button[aria-pressed=true]")).hasText("Show the picture");
        assertThat(first.locator("img")).hasAttribute("alt", "p0.png: bright where the model looked");
        first.getByText("Show the picture").click();
        assertThat(first.locator("img")).hasAttribute("alt", "p0.png");
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
        byte[] photo = HostilePictures.turned(ImageWriter.jpeg(HostilePictures.sideways(upright), 95), 6);
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
        tabTo(page.locator("#order"), 1);
        tabTo(page.locator("#filter"), 1);
        var enlarge = page.getByLabel("Enlarge keys.png");
        tabTo(enlarge, 3);
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog.large")).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog.large")).hasCount(0);
        assertThat(enlarge).isFocused();
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(results().first().locator("button[aria-pressed=true]")).isVisible();
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(results()).hasCount(0);
        assertThat(page.locator("#said")).hasText("keys.png removed");
        assertNothingStrange();
    }

    private void tabTo(Locator target, int steps) {
        for (int i = 0; i < steps; i++) {
            page.keyboard().press("Tab");
        }
        assertThat(target).isFocused();
    }

    @Test
    void S25_focus_staysWhileWorkingAndAfterRemoving() {
        var files = List.of(
                png("a.png", TinyModel.picture(1, 60, 60)),
                png("b.png", TinyModel.picture(2, 60, 60)),
                new FilePayload("c.png", "image/png", new byte[] {1, 2, 3}));
        page.locator("#choose").setInputFiles(files.toArray(FilePayload[]::new));
        assertThat(page.locator(".answer")).hasCount(2);
        var explain = results().nth(1).locator("button[aria-pressed]");
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
        assertThat(page.locator("#filter option")).hasCount(3);
        page.locator("#filter").selectOption("!");
        assertThat(results()).hasCount(2);
        page.locator("#filter").selectOption("");
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
        open(server.url(), 360, 800, ColorScheme.LIGHT);
        assertThat(page.getByLabel("This server asks for its token")).isVisible();
        assertNoViolation("without the token");
        assertFits(360);
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
        results().first().locator("button.frame").click();
        var all = page.locator("dialog .bars");
        assertThat(all.locator("dt")).hasCount(4);
        assertThat(all).containsText("{{7*7}}");
        assertThat(all).containsText("<script>");
        assertFits(360);
        page.getByText("Close").click();
        assertThat(page.title()).isEqualTo("Predictions");
        assertThat(page.locator("img")).hasCount(1);
        assertFits(360);
        assertNothingStrange();
    }

    @Test
    void S25_manyPictures_areSortedFilteredSavedAndThereAfterAReload() throws Exception {
        var files = IntStream.range(0, 12)
                .mapToObj(i -> png("p" + i + ".png", TinyModel.picture(i, 60, 60)))
                .toArray(FilePayload[]::new);
        page.locator("#choose").setInputFiles(files);
        assertThat(page.locator(".answer")).hasCount(12);
        assertThat(page.locator(".count")).hasText("12 pictures");
        var said =
                Arrays.stream(files).map(file -> predictor.predict(file.buffer)).toList();

        page.locator("#order").selectOption("least");
        var least = IntStream.range(0, 12)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> said.get(i).probability()))
                .map(i -> "p" + i + ".png")
                .toArray(String[]::new);
        assertThat(page.locator(".results .name")).hasText(least);
        page.locator("#order").selectOption("name");
        String label = said.get(0).label();
        page.locator("#filter").selectOption("=" + label);
        var ofLabel = IntStream.range(0, 12)
                .filter(i -> said.get(i).label().equals(label))
                .mapToObj(i -> "p" + i + ".png")
                .toArray(String[]::new);
        assertThat(page.locator(".results .name")).hasText(ofLabel);

        var download = page.waitForDownload(() -> page.getByText("Save as CSV").click());
        assertThat(download.suggestedFilename()).isEqualTo("predictions.csv");
        var rows = Files.readAllLines(download.path());
        assertThat(rows).hasSize(1 + ofLabel.length).first().isEqualTo("file,label,index,probability,error");
        assertThat(rows.get(1)).startsWith("p0.png," + label + "," + said.get(0).index() + ",0.");

        page.locator("#filter").selectOption("");
        page.locator("#order").selectOption("added");
        page.reload();
        assertThat(page.locator(".results .name"))
                .hasText(Arrays.stream(files).map(file -> file.name).toArray(String[]::new));
        assertThat(page.locator(".answer")).hasCount(12);
        assertThat((int) results().first().locator("img").evaluate("img => img.naturalWidth"))
                .isEqualTo(60);
        page.getByText("Remove all").click();
        page.reload();
        assertThat(page.getByText("Drop or paste pictures here")).isVisible();
        assertThat(results()).hasCount(0);
        assertNothingStrange();
    }

    @Test
    void S25_largeView_goesThroughThePicturesByArrows() {
        var files = IntStream.range(0, 3)
                .mapToObj(i -> png("p" + i + ".png", TinyModel.picture(i, 60, 60)))
                .toArray(FilePayload[]::new);
        page.locator("#choose").setInputFiles(files);
        assertThat(page.locator(".answer")).hasCount(3);
        page.getByLabel("Enlarge p1.png").click();
        var large = page.locator("dialog.large");
        assertThat(large.locator(".name")).hasText("p1.png");
        assertThat(large.locator(".bars progress")).hasCount(TinyModel.CLASSES.size());
        page.keyboard().press("ArrowRight");
        assertThat(large.locator(".name")).hasText("p2.png");
        page.keyboard().press("ArrowRight");
        assertThat(large.locator("header")).containsText("3 of 3");
        page.keyboard().press("ArrowLeft");
        page.keyboard().press("ArrowLeft");
        assertThat(large.locator(".name")).hasText("p0.png");
        large.getByText("Where did it look?").click();
        assertThat(large.locator("img")).hasAttribute("alt", "p0.png: bright where the model looked");
        Axe.assertNoViolation(page, "large view");
        large.getByText("Close").click();
        assertThat(large).hasCount(0);
        assertNothingStrange();
    }

    @Test
    void S25_whatTheBrowserCannotShow_isToldInWords() throws Exception {
        byte[] heic = "....ftypheic........".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        page.locator("#choose").setInputFiles(new FilePayload("IMG_1.HEIC", "image/heic", heic));
        assertThat(results().first().locator(".error"))
                .containsText("HEIC photo, which the server cannot read. Save it as JPEG");
        assertThat(results().first().locator(".unseen")).hasText("no preview");
        assertThat(page.locator("img")).hasCount(0);
        assertThat(requests.stream().filter(url -> url.contains("/api/predict")))
                .isEmpty();
        byte[] tiff = tiff(TinyModel.picture(1, 20, 20));
        page.locator("#choose").setInputFiles(new FilePayload("scan.tiff", "image/tiff", tiff));
        assertShows(results().first(), tiff);
        assertThat(results().first().locator(".unseen")).isVisible();
        assertNothingStrange();
    }

    @Test
    void S25_whatFailedByTheServer_isTriedAgainAtOnce() {
        int port = server.port();
        server.stop();
        var files = IntStream.range(0, 3)
                .mapToObj(i -> png("p" + i + ".png", TinyModel.picture(i, 60, 60)))
                .toArray(FilePayload[]::new);
        page.locator("#choose").setInputFiles(files);
        assertThat(page.locator(".results .error")).hasCount(3);
        server = PredictionServer.of(predictor).start(port);
        page.locator("#retry-all").click();
        assertThat(page.locator(".answer")).hasCount(3);
        assertThat(page.locator("#retry-all")).hasCount(0);
        assertThat(page.locator("#order")).isFocused();
    }

    @Test
    void page_isCalledWhatTheModelIsCalled() {
        var tiny = ModelFile.load(folder.resolve("tiny.safetensors"));
        var document =
                tiny.document().details(Map.of("title", "Bears <i>&</i> others", "description", "Which bear is it?"));
        ModelFile.save(folder.resolve("bears.safetensors"), document, tiny.tensors());
        server.stop();
        context.close();
        server = PredictionServer.of(folder.resolve("bears.safetensors")).start(0);
        open(server.url(), 360, 740, ColorScheme.LIGHT);
        assertThat(page.locator("h1")).hasText("Bears <i>&</i> others");
        assertThat(page.locator(".description")).hasText("Which bear is it?");
        assertThat(page).hasTitle("Bears <i>&</i> others");
        assertNoViolation("title and description");
    }

    private void assertNoViolation(String what) {
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            Axe.assertNoViolation(page, what + ", " + scheme);
        }
    }

    @Test
    void page_hasNoViolationOfAxe() {
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : new int[] {1280, 360}) {
                context.close();
                open(server.url(), width, 800, scheme);
                Axe.assertNoViolation(page, "empty, " + width + ", " + scheme);
                page.locator("#choose").setInputFiles(new FilePayload[] {
                    png("a.png", TinyModel.picture(1, 60, 60)),
                    png("b.png", TinyModel.picture(2, 60, 60)),
                    new FilePayload("bad.png", "image/png", new byte[] {1, 2, 3})
                });
                assertThat(page.locator(".answer")).hasCount(2);
                assertThat(page.locator(".results .error")).hasCount(1);
                Axe.assertNoViolation(page, "answers, " + width + ", " + scheme);
                assertFits(width);
            }
        }
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
            open(server.url(), narrow ? 360 : 1280, narrow ? 740 : 860, narrow ? ColorScheme.DARK : ColorScheme.LIGHT);
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
