package espalier.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void line_isOneLineThatSteersNoTerminal() {
        assertThat(PlainText.line("a\nb\tc\r\u001b[2J\u0085\u2028\u202e\u200f\ud800"))
                .isEqualTo("a\\nb\\tc\\u000d\\u001b[2J\\u0085\\u2028\\u202e\\u200f\\ud800");
    }

    @Test
    void line_leavesEveryScriptAndEmojiAsTheyAre() {
        for (String text : new String[] {"München 犬 كلب", "می‌خواهم", "👩‍🔬.jpg", ""}) {
            assertThat(PlainText.line(text)).isEqualTo(text);
        }
    }

    @Test
    void line_isCutBetweenCodePoints() {
        assertThat(PlainText.line("🐶🐶🐶", 2)).isEqualTo("🐶🐶...");
        assertThat(PlainText.line("🐶🐶", 2)).isEqualTo("🐶🐶");
        assertThat(PlainText.line("\n\n\n", 2)).isEqualTo("\\n\\n...");
    }

    @Test
    void lines_keepsLinesAndTabs() {
        assertThat(PlainText.lines("a\n\tb\u001b")).isEqualTo("a\n\tb\\u001b");
    }
}
