package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LogLineTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    /** What a logger prints of one message at each level. */
    private String of(String name, @Nullable String asked) {
        Logger logger = new LogLine(name, asked);
        PrintStream before = System.err;
        System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
        try {
            logger.debug("debug {}", 1);
            logger.info("info {}", 2);
            logger.warn("warn {} of\n{}", 3, "a\u001b[2Jb");
            logger.error("error", new IllegalStateException("why"));
        } finally {
            System.setErr(before);
        }
        String text = shown.toString(StandardCharsets.UTF_8);
        shown.reset();
        return text;
    }

    @Test
    void warnings_areOneHarmlessLineEach_withoutTraces() {
        String text = of("espalier.train.Learner", null);
        assertThat(text.lines()).hasSize(2).allMatch(line -> line.startsWith("espalier: "));
        assertThat(text).contains("warn 3 of", "error\n").doesNotContain("\u001b", "why", "info");
    }

    @Test
    void levels_dependOnWhoSpeaks() {
        assertThat(of("espalier.web.predict.Shelf", null)).contains("info 2").doesNotContain("debug");
        assertThat(of("org.eclipse.jetty.server.Server", null))
                .contains("error")
                .doesNotContain("warn");
        assertThat(of("io.javalin.Javalin", null)).isEmpty();
    }

    @Test
    void askedLevel_isForEspaliersOwnClasses_withTraces() {
        assertThat(of("espalier.train.Learner", "debug")).contains("debug 1", "IllegalStateException: why");
        assertThat(of("espalier.train.Learner", "error")).contains("error").doesNotContain("warn");
        assertThat(of("org.eclipse.jetty.server.Server", "debug")).doesNotContain("warn");
    }

    @Test
    void provider_givesOneLoggerForAName() {
        var factory = new LogProvider().getLoggerFactory();
        assertThat(factory.getLogger("espalier.a")).isSameAs(factory.getLogger("espalier.a"));
    }
}
