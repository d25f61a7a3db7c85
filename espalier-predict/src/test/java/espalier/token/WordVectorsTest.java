package espalier.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordVectorsTest {
    private static final Vocabulary KNOWN = Vocabulary.of(List.of("<unk>", "<pad>", "Cat", "dog", ". .", "zebra"), 2);

    @TempDir
    Path folder;

    private Path file(String text) throws Exception {
        return Files.writeString(folder.resolve("glove.txt"), text);
    }

    @Test
    void load_takesTheVectorsOfKnownTokens() throws Exception {
        var vectors = WordVectors.load(file("the 9 9\ncat 1 2\nCat 3 4.5\n. . -1 1e-2\nDOG 7 7\n"), KNOWN);
        assertThat(vectors.dim()).isEqualTo(2);
        assertThat(vectors.values()).containsExactly(0, 0, 0, 0, 3, 4.5f, 0, 0, -1, 0.01f, 0, 0);
        assertThat(vectors.missing()).as("dog and zebra").isEqualTo(2);
    }

    @Test
    void load_takesLowerCaseAndCounts() throws Exception {
        var vectors = WordVectors.load(file("3 2\nCat 3 4\ncat 1 2 \ndog 5 6\n"), KNOWN);
        assertThat(vectors.values()).startsWith(0, 0, 0, 0, 3, 4, 5, 6);
        assertThat(WordVectors.load(file("cat 1 2\n"), KNOWN).values()).startsWith(0, 0, 0, 0, 1, 2);
    }

    @Test
    void load_saysWhichLineIsWrong() throws Exception {
        assertThatThrownBy(() -> WordVectors.load(file("cat 1 2\ndog 1\n"), KNOWN))
                .hasMessageContaining("line 2: expected a word and 2 numbers");
        assertThatThrownBy(() -> WordVectors.load(file("cat 1 x\n"), KNOWN)).hasMessageContaining("line 1");
        assertThatThrownBy(() -> WordVectors.load(file("cat 1 NaN\n"), KNOWN)).hasMessageContaining("not finite");
        assertThatThrownBy(() -> WordVectors.load(file(""), KNOWN)).hasMessageContaining("is empty");
        assertThatThrownBy(() -> WordVectors.load(folder.resolve("none"), KNOWN))
                .hasMessageContaining("no file");
    }
}
