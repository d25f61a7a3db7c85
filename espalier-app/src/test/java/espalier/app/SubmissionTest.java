package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.item.Item;
import espalier.report.DataException;
import espalier.train.Outputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionTest {
    @TempDir
    private Path folder;

    private static Map<Path, List<String>> answers() {
        Map<Path, List<String>> answers = new LinkedHashMap<>();
        answers.put(Path.of("test-jpg/test_1.jpg"), List.of("clear", "water"));
        answers.put(Path.of("test-jpg/test_0.jpg"), List.of());
        answers.put(Path.of("additional/file_0.jpg"), List.of("haze"));
        return answers;
    }

    private Submission submission() {
        return Submission.of(folder.resolve("submission.csv"));
    }

    private Path sample(String text) throws IOException {
        return Files.writeString(folder.resolve("sample.csv"), text);
    }

    @Test
    void withoutASample_rowsAreInTheOrderOfThePictures() throws IOException {
        var result = submission().write(answers());
        assertThat(result).isEqualTo(new Submission.Result(3, List.of(), 1));
        assertThat(folder.resolve("submission.csv"))
                .hasContent("image_name,tags\ntest_1,clear water\ntest_0,\nfile_0,haze\n");
    }

    @Test
    void withASample_rowsHaveItsNamesOrderAndHeader() throws IOException {
        var sample = sample("id,predicted\ntest_0,a b\ntest_1.jpg,a b\n");
        var result = submission().between("|").sample(sample).write(answers());
        assertThat(result).isEqualTo(new Submission.Result(2, List.of("file_0"), 1));
        assertThat(folder.resolve("submission.csv")).hasContent("id,predicted\ntest_0,\ntest_1.jpg,clear|water\n");
    }

    @Test
    void missingPicture_leavesTheFileAsItWas() throws IOException {
        Files.writeString(folder.resolve("submission.csv"), "before");
        var sample = sample("image_name,tags\ntest_0,a\ntest_7,a\n");
        assertThatThrownBy(() -> submission().sample(sample).write(answers()))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("not written", "1 picture that was not predicted", "test_7", "Maybe");
        assertThat(folder.resolve("submission.csv")).hasContent("before");
    }

    @Test
    void nonsense_isRefused() throws IOException {
        Map<Path, List<String>> twice = answers();
        twice.put(Path.of("other/test_0.png"), List.of());
        assertThatThrownBy(() -> submission().write(twice)).hasMessageContaining("two pictures are called test_0");
        var wide = sample("image_name,clear,haze\ntest_0,1,0\n");
        assertThatThrownBy(() -> submission().sample(wide).write(answers())).hasMessageContaining("two columns");
    }

    @Test
    void answers_areTheTagsAboveTheirThresholds() {
        var outputs = new Outputs(
                List.of("clear", "water"),
                List.of(Item.of(folder.resolve("a.jpg"))),
                List.of(List.of()),
                new float[][] {{0.3f, 0.6f}},
                new double[0]);
        Path file = outputs.items().get(0).path();
        assertThat(Submission.answers(outputs, List.of(0.2))).isEqualTo(Map.of(file, List.of("clear", "water")));
        assertThat(Submission.answers(outputs, List.of(0.4, 0.5))).isEqualTo(Map.of(file, List.of("water")));
    }
}
