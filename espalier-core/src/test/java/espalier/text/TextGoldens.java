package espalier.text;

import espalier.testing.plain.Golden;
import espalier.token.Tokenizers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The corpus and the answers of {@code tools/golden/make_text.py}. */
final class TextGoldens {
    static final Golden GOLDEN = Golden.load("text/linear");
    static final List<String> TEXTS = GOLDEN.stringsAt("/texts");
    static final List<String> LABELS = GOLDEN.stringsAt("/labels");
    static final List<String> NEW = GOLDEN.stringsAt("/new");

    private TextGoldens() {}

    /** The words of the corpus and its single signs, as scikit-learn was told to find them. */
    static NGrams words(int least, int most) {
        return new NGrams.Words(Tokenizers.regex("\\w+|[^\\w\\s]"), least, most);
    }

    static LabelledTexts corpus() {
        return LabelledTexts.of(TEXTS, LABELS);
    }

    /** The values of each row at a pointer, by n-gram. */
    static List<Map<String, Double>> rows(String pointer) {
        return GOLDEN.value(pointer).valueStream().map(TextGoldens::row).toList();
    }

    private static Map<String, Double> row(JsonNode row) {
        Map<String, Double> values = new HashMap<>();
        row.propertyStream()
                .forEach(entry -> values.put(entry.getKey(), entry.getValue().asDouble()));
        return values;
    }
}
