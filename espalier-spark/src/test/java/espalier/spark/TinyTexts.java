package espalier.spark;

import espalier.onnx.OnnxExport;
import espalier.optim.Rates;
import espalier.text.Field;
import espalier.text.LabelledTexts;
import espalier.text.LinearLearner;
import espalier.text.TextArchitecture;
import espalier.text.TextArchitecture.Bag;
import espalier.text.TextLearner;
import espalier.text.TextLoaders;
import espalier.text.TfIdf;
import espalier.token.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** Small models of texts, and a table that is hard to read. */
final class TinyTexts {
    /** Texts of the table, one of them missing. */
    static final List<String> TEXTS =
            List.of("yes it is", "no way, never", "yes\nyes", "she said \"no\"", "", "no 我爱 😍");

    private TinyTexts() {}

    /** Writes a table of the columns id, text and label, with so many rows, which are {@link #TEXTS} again and again. */
    static Path table(Path file, int count, char delimiter) throws IOException {
        var lines = new StringBuilder("\uFEFFid%1$ctext%1$clabel\n".formatted(delimiter));
        for (int i = 0; i < count; i++) {
            String text = TEXTS.get(i % TEXTS.size());
            String cell = text.isEmpty() ? "" : '"' + text.replace("\"", "\"\"") + '"';
            lines.append(i).append(delimiter).append(cell).append(delimiter).append("x\n");
        }
        return Files.writeString(file, lines);
    }

    private static LabelledTexts labelled(int times) {
        return LabelledTexts.of(
                repeated(times, List.of("yes it is", "no way", "yes yes", "no no")),
                repeated(times, List.of("1", "0", "1", "0")));
    }

    private static List<String> repeated(int times, List<String> all) {
        return Collections.nCopies(times, all).stream().flatMap(List::stream).toList();
    }

    /** Writes a linear model. */
    static Path linear(Path file) {
        LinearLearner.standard()
                .features(TfIdf.standard().minTexts(1))
                .folds(2)
                .fit(labelled(1))
                .classifier()
                .export(file);
        return file;
    }

    /** Writes a network, exported. */
    static Path network(Path onnx) throws IOException {
        var parts = labelled(10).split(1, 0.2, 0.2);
        var field = Field.text().lower().tokenize(Tokenizers.words());
        var loaders = TextLoaders.of(parts, TextLoaders.field(field, parts.train(), 100, 1));
        Path model = onnx.resolveSibling("network.safetensors");
        try (var learner = TextLearner.of(
                loaders.batchSize(8).loaders(), TextArchitecture.of(new Bag()).embedding(5))) {
            learner.fit(1, Rates.of(1e-2));
            learner.export(model);
        }
        OnnxExport.of(model, onnx).run();
        return onnx;
    }
}
