package espalier.examples.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The notebooks hold the code of their pages, and what the kernel printed is what the pages show. */
class NotebooksTest {
    private static final Path NOTEBOOKS = Path.of("../docs/notebooks");
    private static final Pattern JAVA =
            Pattern.compile("<!-- region: \\S+ -->\\n```java\\n(.*?)\\n```", Pattern.DOTALL);
    private static final Pattern TEXT = Pattern.compile("```text\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+");

    private static List<JsonNode> codeCells(String name) throws IOException {
        var notebook = JsonMapper.shared().readTree(Files.readString(NOTEBOOKS.resolve(name + ".ipynb")));
        var cells = new ArrayList<JsonNode>();
        notebook.get("cells").forEach(cell -> {
            if (cell.get("cell_type").asString().equals("code")) {
                cells.add(cell);
            }
        });
        return cells;
    }

    private static String joined(JsonNode lines) {
        var text = new StringBuilder();
        lines.forEach(line -> text.append(line.asString()));
        return text.toString();
    }

    private static String printed(List<JsonNode> cells) {
        var text = new StringBuilder();
        for (var cell : cells) {
            for (var output : cell.get("outputs")) {
                assertThat(output.get("output_type").asString()).isNotEqualTo("error");
                if (output.has("text")) {
                    text.append(joined(output.get("text")));
                }
            }
        }
        return text.toString().strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tensors", "first-network"})
    void chapter_hasTheCodeAndTheOutputOfItsPage(String name) throws IOException {
        String page = Files.readString(Path.of("../docs/book/" + name + ".md"));
        var cells = codeCells(name);
        var sources = cells.stream().map(cell -> joined(cell.get("source"))).toList();
        assertThat(sources)
                .as("run tools/notebooks/make.py")
                .containsAll(JAVA.matcher(page)
                        .results()
                        .map(found -> found.group(1))
                        .toList());
        var shown = new StringBuilder();
        TEXT.matcher(page).results().forEach(found -> shown.append(found.group(1)));
        String expected = shown.toString().strip();
        String printed = printed(cells);
        assertThat(NUMBER.matcher(printed).replaceAll("#"))
                .isEqualTo(NUMBER.matcher(expected).replaceAll("#"));
        var numbers = NUMBER.matcher(expected)
                .results()
                .map(found -> Double.valueOf(found.group()))
                .toList();
        var others = NUMBER.matcher(printed)
                .results()
                .map(found -> Double.valueOf(found.group()))
                .toList();
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(others.get(i)).isCloseTo(numbers.get(i), within(0.06));
        }
    }

    @Test
    void classifier_wasRunToItsEnd() throws IOException {
        assertThat(printed(codeCells("dog-classifier")))
                .contains("accuracy 0.9", "predicted")
                .endsWith("dog");
    }
}
