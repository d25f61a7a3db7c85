package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowTextsTest {
    @TempDir
    Path folder;

    private TextTable table(String rows) throws IOException {
        return TextTable.of(Files.writeString(folder.resolve("t.csv"), "text,label\n" + rows));
    }

    @Test
    void run_countsTokensLengthsAndLabels() throws IOException {
        var data = table("The cat sat.,a\nthe dog,b\n,a\nThe the THE cat,a\n");
        var report = ShowTexts.of(data).run();
        assertThat(report.texts()).isEqualTo(3);
        assertThat(report.labels()).isEqualTo(Map.of("a", 2, "b", 1));
        assertThat(report.lengths()).isEqualTo(new ShowTexts.Lengths(2, 4, 4, 4));
        assertThat(report.tokens()).isEqualTo(10);
        assertThat(report.distinct()).isEqualTo(5); // the cat sat . dog
        assertThat(report.mostCommon().entrySet()).startsWith(Map.entry("the", 5L), Map.entry("cat", 2L));
        assertThat(report.known()).isEqualTo(1);
        assertThat(report.rejected()).hasSize(1);
        assertThat(report.samples()).hasSize(3).anySatisfy(one -> {
            assertThat(one.line()).isEqualTo(2);
            assertThat(one.tokens()).containsExactly("the", "cat", "sat", ".");
        });
    }

    @Test
    void known_isTheShareOfTokensInTheVocabulary() throws IOException {
        var data = table("a a a b b c,x\na a d e f g,y\n");
        var usual = ShowTexts.of(data);
        var few = new ShowTexts(data, usual.words().most(2), 1, 1).run();
        assertThat(few.known()).isCloseTo(7.0 / 12, within(1e-9)); // a five times, b twice
        assertThat(few.samples()).hasSize(1);
        assertThat(few.toMap()).containsKeys("lengths", "most_common", "samples");
    }
}
