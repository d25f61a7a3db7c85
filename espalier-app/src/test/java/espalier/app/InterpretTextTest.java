package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.report.Progress;
import espalier.testing.NoLeaks;
import espalier.text.TextArchitecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class InterpretTextTest {
    private static final String HOSTILE = "<script>alert(1)</script> love \u202eevil";

    @TempDir
    Path folder;

    private TextTable table() throws IOException {
        String rows = IntStream.range(0, 80)
                .mapToObj(i -> "number " + i + (i % 2 == 0 ? " love it,good\n" : " hate it,bad\n"))
                .collect(Collectors.joining());
        return TextTable.of(Files.writeString(folder.resolve("tweets.csv"), "text,label\n" + rows));
    }

    private TextTable judged() throws IOException {
        return TextTable.of(Files.writeString(
                folder.resolve("new.csv"), "text,label\nI love it,good\n" + HOSTILE + ",bad\nhate,bad\nx,ugly\n"));
    }

    @Test
    void report_showsTextsOfLargestLossAndWhatSpeaksForEachClass() throws IOException {
        Path model = folder.resolve("linear.safetensors");
        TrainText.of(table(), model).run(Progress.NONE);
        Path out = folder.resolve("report");
        var result = InterpretText.of(model, judged(), out).run(Progress.NONE);
        assertThat(result.interpretation().predictions().items()).containsExactly("line 2", "line 3", "line 4");
        assertThat(result.rejected()).hasSize(1);
        assertThat(result.files())
                .allSatisfy(file -> assertThat(file).isNotEmptyFile())
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "report.html",
                        "confusion.png",
                        "confusion-normalised.png",
                        "roc.png",
                        "precision-recall.png",
                        "calibration.png");
        String html = Files.readString(out.resolve("report.html"));
        assertThat(html)
                .contains("linear.safetensors on new.csv", "What speaks for each class", "Largest losses")
                .contains("&#60;script&#62;alert(1)&#60;/script&#62; love")
                .contains("<dt>good</dt><dd>", "line 3")
                .doesNotContain("<script>", "\u202e", "prepared by");
        int telling = html.indexOf("<dt>good</dt>");
        assertThat(html.substring(telling, html.indexOf("</dd>", telling)))
                .contains("love")
                .doesNotContain("hate");
    }

    @Test
    void report_ofANetwork_hasItsCurves() throws IOException {
        Path model = folder.resolve("bag.safetensors");
        var bag = NeuralTexts.of(TextArchitecture.bag().embedding(8))
                .schedule(NeuralTexts.Schedule.standard().epochs(3).lr(5e-2).batchSize(8));
        TrainText.of(table(), model).trainer(bag).run(Progress.NONE);
        Path out = folder.resolve("report");
        var result = InterpretText.of(model, judged(), out).run(Progress.NONE);
        assertThat(result.history().epochs()).hasSize(3);
        String html = Files.readString(out.resolve("report.html"));
        assertThat(html).contains("validation loss", "I love it", "What speaks for each class");
        for (String label : List.of("good", "bad")) {
            int telling = html.indexOf("<dt>" + label + "</dt><dd>");
            String words = html.substring(telling, html.indexOf("</dd>", telling));
            assertThat(words)
                    .contains(label.equals("good") ? "love" : "hate")
                    .doesNotContain(label.equals("good") ? "hate" : "love");
        }
    }
}
