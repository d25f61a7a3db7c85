package espalier.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Checks an open page by axe: the rules of WCAG 2.2, level AA, and axe's best practices. */
public final class Axe {
    private static final String RUN =
            "() => axe.run().then(found => found.violations.map(rule => rule.id + ': ' + rule.help"
                    + " + rule.nodes.map(node => '\\n    ' + node.html.slice(0, 200)"
                    + " + ' ' + node.any.concat(node.all, node.none).map(check => check.message).join('; ')).join('')))";

    private static final String SETTLED =
            "() => Promise.allSettled(document.getAnimations().filter(one => one.effect.getComputedTiming().endTime"
                    + " < Infinity).map(one => one.finished)).then(() => true)";

    private Axe() {}

    /** Fails with every violation of the page as it is now. */
    public static void assertNoViolation(Page page, String which) {
        page.evaluate(script());
        page.evaluate(SETTLED); // colours on their way from one to another have any contrast
        assertThat((List<?>) page.evaluate(RUN)).as(which).isEmpty();
    }

    private static String script() {
        try (var in = Objects.requireNonNull(Axe.class.getClassLoader().getResourceAsStream("axe.min.js"), "axe")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
