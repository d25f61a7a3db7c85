package espalier.web.clean;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.KeyboardModifier;
import espalier.app.Retrain;
import espalier.clean.Cleaner;
import espalier.predict.Predictor;
import espalier.testing.Colours;
import espalier.web.Axe;
import espalier.web.Chromium;
import espalier.web.RunningServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real Chromium; what happened is looked up on the disk. */
@Tag("browser")
class CleanPageTest {
    private static Chromium chromium;

    @TempDir
    Path folder;

    private final Predictor model = Colours.predictor();
    private final List<String> problems = new ArrayList<>();
    private final List<String> strangers = new ArrayList<>();
    private ColourSet data;
    private RunningServer server;
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void open() {
        PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
        chromium = Chromium.start();
    }

    @AfterAll
    static void close() {
        chromium.close();
    }

    @BeforeEach
    void start() throws IOException {
        data = ColourSet.in(folder.resolve("pets"));
        context = chromium.browser().newContext(new Browser.NewContextOptions().setViewportSize(1200, 900));
        serve();
        page = tab();
    }

    @AfterEach
    void stop() {
        context.close();
        server.stop();
        model.close();
        assertThat(problems).as("what the browser complained of").isEmpty();
        assertThat(strangers).as("requests to elsewhere").isEmpty();
    }

    private void serve() throws IOException {
        server = CleanServer.of(Cleaner.of(model, data.root())).start(0);
    }

    private Page tab() {
        Page tab = context.newPage();
        tab.setDefaultTimeout(30_000);
        tab.onPageError(problems::add);
        tab.onConsoleMessage(message -> {
            // The browser tells of every answer that is no success.
            boolean expected = message.text().contains("409") || message.text().contains("401");
            if (message.type().equals("error") && !expected) {
                problems.add(message.text());
            }
        });
        tab.onRequest(request -> {
            boolean own = request.url().startsWith("http://127.0.0.1:")
                    || request.url().startsWith("blob:");
            if (!own) {
                strangers.add(request.url());
            }
        });
        tab.navigate(server.link());
        assertThat(tab.locator(".card").first()).isVisible();
        return tab;
    }

    private static Locator card(Page tab, String file) {
        return tab.locator(".card[data-file=\"" + file + "\"]");
    }

    private static void press(Page tab, String file, String button) {
        card(tab, file)
                .getByText(button, new Locator.GetByTextOptions().setExact(true))
                .click();
    }

    private void apply(Page tab) {
        tab.locator("#plan").click();
        tab.locator("#apply").click();
        assertThat(tab.locator("dialog")).hasCount(0);
    }

    /** A picture of the page: below target, or where {@code -Despalier.screenshots=../docs/images} says. */
    private void shoot(String name) {
        Path to = Path.of(System.getProperty("espalier.screenshots", "target/screenshots"), name);
        page.screenshot(new Page.ScreenshotOptions().setPath(to));
        assertThat(to.toFile().length()).isBetween(5_000L, 300_000L);
    }

    @Test
    void aNewLabel_canBeGivenToAPicture() throws Exception {
        page.locator("#label").click();
        page.locator("#label-name").fill("light green");
        page.locator("#add-label").click();
        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(page.locator(".bar .message")).containsText("light green");
        card(page, ColourSet.WRONG_RED).locator("[data-select=relabel]").selectOption("light green");
        assertThat(page.locator("#plan")).hasText("Apply (1)");
        apply(page);
        assertThat(page.locator(".bar .message")).containsText("1 done");
        assertThat(data.has("train/light green/7.jpg")).isTrue();
    }

    @Test
    void relabelDeleteMoveAndUndo_byMouse_areDoneOnTheDisk() throws Exception {
        var before = data.snapshot();
        assertThat(page.url()).doesNotContain("token");
        assertThat(page.locator(".card")).hasCount(14);
        assertThat(page.locator(".card img").first()).isVisible();
        assertThat(List.of(
                        page.locator(".card").nth(0).getAttribute("data-file"),
                        page.locator(".card").nth(1).getAttribute("data-file")))
                .containsExactlyInAnyOrder(ColourSet.WRONG_RED, ColourSet.WRONG_BLUE);

        card(page, ColourSet.WRONG_RED).locator("[data-select=relabel]").selectOption("blue");
        press(page, ColourSet.WRONG_BLUE, "Delete");
        card(page, "train/red/1.jpg").locator("[data-select=move]").selectOption("valid");
        press(page, "train/red/2.jpg", "Keep");
        assertThat(page.locator("#plan")).hasText("Apply (3)");
        assertThat(data.snapshot()).isEqualTo(before);

        page.locator("#plan").click();
        assertThat(page.locator("dialog li")).hasCount(3);
        page.locator("#apply").click();
        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(page.locator(".bar .message")).containsText("3 done");
        assertThat(data.has("train/blue/7.jpg")).isTrue();
        assertThat(data.has(ColourSet.WRONG_RED)).isFalse();
        assertThat(data.has(ColourSet.WRONG_BLUE)).isFalse();
        assertThat(data.has(".espalier/trash/" + ColourSet.WRONG_BLUE)).isTrue();
        assertThat(data.has("valid/red/1-2.jpg")).isTrue();
        assertThat(page.locator(".card")).hasCount(13);

        page.locator("#journal").click();
        assertThat(page.locator("[data-undo]")).hasCount(3);
        page.locator("[data-undo]").first().click();
        assertThat(page.locator("[data-undo]")).hasCount(2);
        page.locator("#undo-all").click();
        assertThat(page.locator("[data-undo]")).hasCount(0);
        assertThat(page.locator(".card")).hasCount(14);
        assertThat(data.snapshot()).isEqualTo(before);
    }

    @Test
    void choicesSurvive_anotherView_aReload_andARestart() throws Exception {
        press(page, ColourSet.WRONG_BLUE, "Delete");
        assertThat(card(page, ColourSet.WRONG_BLUE)).hasAttribute("data-action", "delete");
        page.getByText("Unreadable").click();
        assertThat(page.locator(".card")).hasCount(0);
        page.getByText("All (").click();
        page.getByLabel("Label", new Page.GetByLabelOptions().setExact(true)).selectOption("blue");
        page.getByLabel("Split", new Page.GetByLabelOptions().setExact(true)).selectOption("valid");
        assertThat(page.locator(".card")).hasCount(1);
        assertThat(card(page, ColourSet.WRONG_BLUE)).hasAttribute("data-action", "delete");
        page.reload();
        assertThat(page.locator(".card")).hasCount(1);
        assertThat(card(page, ColourSet.WRONG_BLUE)).hasAttribute("data-action", "delete");

        page.close();
        server.stop();
        serve();
        page = tab();
        assertThat(card(page, ColourSet.WRONG_BLUE)).hasAttribute("data-action", "delete");
        apply(page);
        assertThat(data.has(ColourSet.WRONG_BLUE)).isFalse();

        page.close();
        server.stop();
        serve();
        page = tab();
        page.locator("#journal").click();
        page.locator("#undo-all").click();
        assertThat(page.locator(".card")).hasCount(14);
        assertThat(data.has(ColourSet.WRONG_BLUE)).isTrue();
    }

    @Test
    void S04_twoTabsThatDisagree_areTold_andNothingIsLost() throws Exception {
        var before = data.snapshot();
        Page other = tab();
        press(page, ColourSet.WRONG_RED, "Keep");
        assertThat(card(page, ColourSet.WRONG_RED)).hasAttribute("data-action", "keep");
        press(other, ColourSet.WRONG_RED, "Delete");
        assertThat(other.locator(".bar .message")).containsText("has changed");
        assertThat(card(other, ColourSet.WRONG_RED)).hasAttribute("data-action", "keep");

        press(page, ColourSet.WRONG_BLUE, "Delete");
        assertThat(page.locator("#plan")).hasText("Apply (1)");
        page.locator("#plan").click();
        press(other, "train/red/0.jpg", "Delete");
        assertThat(card(other, "train/red/0.jpg")).hasAttribute("data-action", "delete");
        page.locator("#apply").click();
        assertThat(page.locator(".bar .message")).containsText("Nothing was done");
        assertThat(data.snapshot()).isEqualTo(before);
        assertThat(page.locator("#plan")).hasText("Apply (2)");
        apply(page);
        assertThat(data.has(ColourSet.WRONG_BLUE)).isFalse();
        assertThat(data.has("train/red/0.jpg")).isFalse();
    }

    @Test
    void everything_canBeDoneByKeyboardAlone() throws Exception {
        var before = data.snapshot();
        var keys = page.keyboard();
        while (page.evaluate("document.activeElement.className").equals("")
                || !String.valueOf(page.evaluate("document.activeElement.className"))
                        .contains("card")) {
            keys.press("Tab");
        }
        String first = String.valueOf(page.evaluate("document.activeElement.dataset.file"));
        String label = first.split("/")[1];
        keys.press(label.equals("red") ? "1" : "2"); // the labels are blue and red
        assertThat(card(page, first)).hasAttribute("data-action", "relabel");
        assertThat(page.locator(".card:focus")).hasAttribute("data-at", "1");
        keys.press("d");
        assertThat(page.locator("[data-at=\"1\"]")).hasAttribute("data-action", "delete");
        assertThat(page.locator(".card:focus")).hasAttribute("data-at", "2");
        keys.press("m");
        assertThat(page.locator("[data-at=\"2\"]")).hasAttribute("data-action", "move");
        keys.press("ArrowRight");
        keys.press("k");
        assertThat(page.locator("[data-at=\"3\"]")).hasAttribute("data-action", "keep");
        keys.press("Home");
        keys.press("End");
        assertThat(page.locator(".card:focus")).hasAttribute("data-at", "13");
        keys.press("d");
        assertThat(page.locator("[data-at=\"13\"]")).hasAttribute("data-action", "delete");
        keys.press("u");
        assertThat(page.locator("[data-at=\"13\"]")).hasAttribute("data-action", "none");
        keys.press("Enter");
        assertThat(page.locator("dialog img")).isVisible();
        keys.press("Escape");
        assertThat(page.locator("dialog")).hasCount(0);
        keys.press("?");
        assertThat(page.locator("dialog kbd").first()).isVisible();
        assertThat(page.locator("dialog")).containsText("PageDown");
        keys.press("Escape");
        assertThat(page.locator("dialog")).hasCount(0);
        keys.press("Home");
        keys.press("ArrowRight"); // the card that will be gone
        keys.press("a");
        assertThat(page.locator("dialog li")).hasCount(3);
        assertThat(page.locator("#apply")).isFocused();
        keys.press("Enter");
        assertThat(page.locator(".bar .message")).containsText("3 done");
        assertThat(data.snapshot()).isNotEqualTo(before);
        assertThat(data.has(first)).isFalse();
        assertThat(page.locator(".card:focus")).hasAttribute("data-at", "1");
        for (String list : List.of("Duplicates", "Near", "Leaks", "Conflicts", "Unreadable", "All")) {
            keys.press("v");
            assertThat(page.locator("[role=tab][aria-selected=true]")).containsText(list);
        }
        assertThat(page.locator(".card:focus")).hasAttribute("data-at", "0");
        keys.press("j");
        assertThat(page.locator("[data-undo]")).hasCount(3);
        for (int i = 0; i < 8 && !page.locator("#undo-all:focus").isVisible(); i++) {
            keys.press("Tab");
        }
        keys.press("Enter");
        assertThat(page.locator("[data-undo]")).hasCount(0);
        assertThat(data.snapshot()).isEqualTo(before);
        keys.press("d"); // the dialog is still there, and its keys are none of the page's
        keys.press("Escape");
        assertThat(page.locator(".card:focus")).hasCount(1);
        assertThat(page.locator("#plan")).hasText("Apply (0)");
    }

    @Test
    void severalPictures_areSelectedAndChosenAtOnce() throws Exception {
        page.getByLabel("Sort by", new Page.GetByLabelOptions().setExact(true)).selectOption("name");
        assertThat(page.locator(".card").first()).hasAttribute("data-file", "train/blue/0.jpg");
        page.getByLabel("Select train/blue/1.jpg").click();
        page.getByLabel("Select train/red/0.jpg")
                .click(new Locator.ClickOptions().setModifiers(List.of(KeyboardModifier.SHIFT)));
        assertThat(page.locator("#selected")).hasText("4 selected");
        page.locator(".selection").getByText("Delete").click();
        assertThat(page.locator("#plan")).hasText("Apply (4)");
        assertThat(page.locator(".bar .message")).hasText("4 of 4 chosen.");
        page.locator("[aria-label=\"Relabel all selected\"]").selectOption("red");
        assertThat(page.locator(".bar .message")).hasText("3 of 4 chosen."); // one is red already
        assertThat(card(page, "train/blue/3.jpg")).hasAttribute("data-action", "relabel");
        page.locator(".selection").getByText("Forget choices").click();
        assertThat(page.locator("#plan")).hasText("Apply (0)");
        page.locator(".selection").getByText("Select none").click();
        assertThat(page.locator(".selection")).hasCount(0);

        card(page, "train/red/1.jpg").focus();
        var keys = page.keyboard();
        keys.press("Space");
        keys.press("ArrowRight");
        keys.press("ArrowRight");
        keys.press("Shift+X");
        assertThat(page.locator("#selected")).hasText("3 selected");
        keys.press("d");
        assertThat(page.locator("#plan")).hasText("Apply (3)");
        apply(page);
        assertThat(data.has("train/red/0.jpg")).isTrue();
        for (int i = 1; i < 4; i++) {
            assertThat(data.has("train/red/" + i + ".jpg")).isFalse();
        }
    }

    @Test
    void ofEachGroupOfCopies_oneIsKept() throws Exception {
        page.close();
        server.stop();
        data.put("train/red/copy-of-0.jpg", Colours.jpeg("red", 0));
        data.put("train/red/copy-of-0-too.jpg", Colours.jpeg("red", 0));
        data.put("train/red/blue.jpg", Colours.jpeg("blue", 100)); // a copy with another label
        serve();
        page = tab();
        page.getByText("Duplicates (").first().click();
        assertThat(page.locator(".card")).hasCount(5);
        page.locator("#keep-one").click();
        assertThat(page.locator(".bar .message"))
                .hasText("One of each of 1 groups is kept, 2 are to be deleted. 1 groups have different labels and were"
                        + " left as they are.");
        assertThat(card(page, "train/red/0.jpg")).hasAttribute("data-action", "keep");
        assertThat(card(page, "train/red/copy-of-0.jpg")).hasAttribute("data-action", "delete");
        assertThat(card(page, "train/red/blue.jpg")).hasAttribute("data-action", "none");
        apply(page);
        assertThat(data.has("train/red/0.jpg")).isTrue();
        assertThat(data.has("train/red/copy-of-0.jpg")).isFalse();
        assertThat(data.has("train/red/copy-of-0-too.jpg")).isFalse();
        assertThat(data.has("train/red/blue.jpg")).isTrue();
    }

    @Test
    void withoutItsToken_thePageSaysWhereThatIs_andTakesIt() {
        try (var other = chromium.browser().newContext()) {
            Page stranger = other.newPage();
            stranger.navigate(server.url());
            assertThat(stranger.locator("h1")).hasText("The cleaner asks for its token");
            assertThat(stranger.locator("#page")).containsText("espalier clean");
            Axe.assertNoViolation(stranger, "without the token");
            stranger.locator("#token").fill("0123456789abcdef");
            stranger.getByText("Continue").click();
            assertThat(stranger.locator("h1")).hasText("The cleaner asks for its token");
            stranger.locator("#token").fill(server.link());
            stranger.getByText("Continue").click();
            assertThat(stranger.locator(".card")).hasCount(14);
            assertThat(stranger.url()).doesNotContain("token");
        }
    }

    @Test
    void figures_areNamed() {
        assertThat(card(page, "train/red/0.jpg").locator(".numbers"))
                .containsText(java.util.regex.Pattern.compile("loss 0\\.\\d+, model's probability of red 0\\.\\d{3}"));
    }

    @Test
    void page_hasNoViolationOfAxe() {
        for (boolean narrow : new boolean[] {false, true}) {
            page.close();
            context.close();
            context = chromium.browser()
                    .newContext(new Browser.NewContextOptions()
                            .setViewportSize(narrow ? 360 : 1200, 800)
                            .setColorScheme(narrow ? ColorScheme.DARK : ColorScheme.LIGHT));
            page = tab();
            String which = narrow ? "360, dark" : "1200, light";
            assertThat(page.locator(".card img").first()).isVisible();
            page.getByLabel("Select " + ColourSet.WRONG_RED).click();
            Axe.assertNoViolation(page, "pictures, " + which);
            page.locator(".selection").getByText("Delete").click();
            assertThat(page.locator("#plan")).hasText("Apply (1)");
            page.locator("#plan").click();
            Axe.assertNoViolation(page, "plan, " + which);
            page.keyboard().press("Escape");
            page.locator("#journal").click();
            Axe.assertNoViolation(page, "history, " + which);
            page.keyboard().press("Escape");
            page.keyboard().press("?");
            Axe.assertNoViolation(page, "keys, " + which);
            page.keyboard().press("Escape");
            page.locator("#label").click();
            Axe.assertNoViolation(page, "new label, " + which);
            page.keyboard().press("Escape");
        }
    }

    @Test
    void trainingAgain_showsOldAgainstNew() throws Exception {
        page.close();
        server.stop();
        Path file = data.train(folder.resolve("pets.safetensors"));
        server = CleanServer.of(Cleaner.of(model, data.root()))
                .retrain(Retrain.of(file, data.root()))
                .start(0);
        page = tab();
        card(page, ColourSet.WRONG_RED).locator("[data-select=relabel]").selectOption("blue");
        assertThat(page.locator("#plan")).hasText("Apply (1)");
        apply(page);
        page.locator("#retrain").click();
        page.locator("#start-training").click();
        page.locator("#figures").waitFor(new Locator.WaitForOptions().setTimeout(180_000));
        assertThat(page.locator("#figures")).containsText("on 5 validation pictures");
        assertThat(page.locator("#figures tbody td")).hasCount(4);
        assertThat(page.locator("dialog")).containsText("pets.cleaned.safetensors");
        assertThat(folder.resolve("pets.cleaned.safetensors")).exists();
        shoot("clean-retrain.png");
    }

    @Test
    void S15_hostileNames_areShownAsText() throws Exception {
        page.close();
        server.stop();
        String name = "\"><img src=x onerror=document.title='owned'>";
        data.put("train/" + name + "/" + name + ".jpg", Colours.jpeg("red", 77));
        serve();
        page = tab();
        assertThat(page.locator(".card")).hasCount(15);
        assertThat(page.locator(".says").getByText(name).first()).isVisible();
        assertThat(page.locator("img[src=x]")).hasCount(0);
        assertThat(page.title()).doesNotContain("owned");
    }

    @Test
    void thePage_fitsANarrowScreen_andIsShownInTheDocumentation() throws Exception {
        card(page, ColourSet.WRONG_RED).locator("[data-select=relabel]").selectOption("blue");
        assertThat(card(page, ColourSet.WRONG_RED)).hasAttribute("data-action", "relabel");
        press(page, ColourSet.WRONG_BLUE, "Delete");
        assertThat(card(page, ColourSet.WRONG_BLUE)).hasAttribute("data-action", "delete");
        assertThat(page.locator(".card img").last()).isVisible();
        shoot("clean-grid.png");
        page.locator("#plan").click();
        assertThat(page.locator("dialog li")).hasCount(2);
        shoot("clean-plan.png");
        page.keyboard().press("Escape");
        page.setViewportSize(360, 740);
        assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isLessThanOrEqualTo(360);
        assertThat(page.locator("#plan")).isVisible();
    }
}
