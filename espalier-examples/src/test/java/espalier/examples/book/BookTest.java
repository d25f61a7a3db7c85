package espalier.examples.book;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.vision.model.Models;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each chapter runs, and its page shows what it prints. */
@ExtendWith(NoLeaks.class)
class BookTest {
    private static final Path PICTURES = Path.of("../samples/fashion-mnist");
    private static final Path PAGES = Path.of("../docs/book");

    /** Numbers with a fraction: they may differ in the last places on another CPU. */
    private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+");

    @TempDir
    Path out;

    static Stream<String> chapters() {
        return Book.chapters().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("chapters")
    void chapter_printsWhatItsPageShows(String name) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var chapter = java.util.Objects.requireNonNull(Book.chapters().get(name));
        chapter.run(Stage.bundled(PICTURES, out), new PrintStream(bytes, true, StandardCharsets.UTF_8));
        String printed =
                bytes.toString(StandardCharsets.UTF_8).replaceAll("(?m) +$", "").strip();
        var generated = Path.of("target/book");
        Files.createDirectories(generated);
        Files.writeString(generated.resolve(name + ".txt"), printed);
        String shown = String.join("\n", outputs(Files.readString(PAGES.resolve(name + ".md"))));
        assertThat(NUMBER.matcher(shown).replaceAll("#").strip())
                .as("the outputs of docs/book/%s.md, see target/book/%s.txt", name, name)
                .isEqualTo(NUMBER.matcher(printed).replaceAll("#"));
        var expected = NUMBER.matcher(shown)
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group()))
                .toArray();
        var actual = NUMBER.matcher(printed)
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group()))
                .toArray();
        for (int i = 0; i < expected.length; i++) {
            // a trained network's numbers differ a little between processors, whose sums are in another order
            double near = Math.max(0.06, 0.03 * Math.abs(expected[i]));
            assertThat(actual[i]).as("number %d", i).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(near));
        }
    }

    private static Stream<String> blocks(String page) {
        return Pattern.compile("```text\\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1).stripTrailing());
    }

    private static Iterable<String> outputs(String page) {
        return blocks(page)::iterator;
    }

    @Test
    void ofImageNet_trainsBatchNormsAndItsHead() {
        try (var scope = Scope.open();
                var model = new TransferByHand.OfImageNet(Models.resnet50().create(1000), 2)) {
            var trained = model.parameters().entrySet().stream()
                    .filter(entry -> entry.getValue().requiresGrad())
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(trained).hasSize(2 * 49 + 4).contains("body.layer1.0.bn1.weight", "head.3.bias");
            assertThat(TransferByHand.groups(model, "head.").get(1).parameters())
                    .hasSize(4);
            assertThat(model.forward(Tensor.rand(Rng.of(1), 2, 3, 64, 64)).shape())
                    .hasToString("[2, 2]");
        }
    }

    @Test
    void theLearner_givesTheNumbersOfTheLoopByHand() throws IOException {
        var bytes = new ByteArrayOutputStream();
        FirstNetwork.run(Stage.bundled(PICTURES, out), new PrintStream(bytes, true, StandardCharsets.UTF_8));
        var losses = Pattern.compile("epoch \\d: loss (\\d\\.\\d{4})")
                .matcher(bytes.toString(StandardCharsets.UTF_8))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(losses).hasSize(6);
        assertThat(losses.subList(3, 6)).isEqualTo(losses.subList(0, 3));
    }
}
