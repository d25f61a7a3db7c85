package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final int NEVER = 1_000_000;

    private final StringWriter err = new StringWriter();
    private final PrintWriter writer = new PrintWriter(err);

    @Test
    void whereOutputIsNoTerminal_linesTellHowFarTheWorkIs() {
        try (var progress = new ProgressLine.Lines("evaluate", -1, writer, 10)) {
            progress.tell();
            progress.update(120, 400, "reading\n a\u001b[31m");
            progress.tell();
            progress.update(130, -1, "");
            progress.tell();
        }
        assertThat(err.toString())
                .startsWith("evaluate: 0:10")
                .contains("evaluate: 120 of 400, reading", ", 0:20", "evaluate: 130, 0:30")
                .doesNotContain("\u001b")
                .hasLineCount(3);
    }

    @Test
    void shortWork_tellsNothing() {
        try (var progress = new ProgressLine.Lines("show", 5, writer, NEVER)) {
            progress.step();
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void bar_isWipedInTheEnd() {
        try (var progress = ProgressLine.of("verify", 4, writer, ProgressLine.Kind.BAR)) {
            progress.step();
            progress.update(3, 4, "a.jpg");
        }
        assertThat(err.toString()).contains("verify", "3/4").endsWith(" \r");
    }

    @Test
    void nothing_isNothing() {
        try (var progress = ProgressLine.of("verify", 4, writer, ProgressLine.Kind.NONE)) {
            progress.update(3, 4, "a.jpg");
        }
        assertThat(err.toString()).isEmpty();
    }
}
