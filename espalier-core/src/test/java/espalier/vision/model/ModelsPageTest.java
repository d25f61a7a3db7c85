package espalier.vision.model;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.nn.Flops;
import espalier.testing.NoLeaks;
import espalier.weights.PretrainedWeights;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tables of docs/models.md are the catalogue's. */
@ExtendWith(NoLeaks.class)
class ModelsPageTest {
    private static final Path PAGE = Path.of("../docs/models.md");

    private static List<String> rows(String heading) throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith("| " + heading + " |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    private static void check(String heading, Stream<String> expected) throws IOException {
        var lines = expected.toList();
        Path made = Files.createDirectories(Path.of("target/docs")).resolve("models-" + heading + ".md");
        Files.write(made, lines);
        assertThat(rows(heading)).as("the table in %s, see %s", PAGE, made).isEqualTo(lines);
    }

    @Test
    void weights_areThoseOfTheCatalogue() throws IOException {
        check("weights", Models.weights().stream().map(ModelsPageTest::weights));
    }

    private static String weights(PretrainedWeights weights) {
        return String.format(
                Locale.ROOT,
                "| `%s` `%s` | %s | %d, cut out of %d | %s | %s%s |",
                weights.model(),
                weights.tag(),
                weights.classes() > 0 ? String.format(Locale.ROOT, "%.1f %%", weights.top1()) : "no classifier",
                weights.inputSize(),
                weights.resizeSize(),
                weights.licence(),
                weights.url().map(URI::toString).orElse("comes with Espalier: `" + weights.file() + "`"),
                weights.sha256().isEmpty() ? " (never read by us)" : "");
    }

    @Test
    void models_areAllThere() throws IOException {
        assertThat(rows("model").stream().map(row -> row.split("`")[1]).collect(Collectors.toList()))
                .isEqualTo(Models.all().stream().map(Architecture::name).toList());
    }

    /** Each network runs once on a picture. */
    @Test
    @Tag("slow")
    void numbers_areThoseOfTheNetworks() throws IOException {
        check("model", Models.all().stream().map(ModelsPageTest::numbers));
    }

    private static String numbers(Architecture architecture) {
        int size = architecture.inputSize();
        try (var model = architecture.create(PretrainedWeights.CLASSES)) {
            return String.format(
                    Locale.ROOT,
                    "| `%s` | %.1f | %.2f | %d | %s |",
                    architecture.name(),
                    model.parameterCount() / 1e6,
                    Flops.of(model, 1, 3, size, size) / 1e9,
                    size,
                    architecture.paper());
        }
    }
}
