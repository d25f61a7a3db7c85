package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.plain.Golden;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which of PyTorch's most used functions are here: the list against the code, the goldens and the page. */
class PyTorchFunctionsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Path PAGE = Path.of("../docs/pytorch-functions.md");
    private static final List<String> PACKAGES = List.of(
            "espalier.tensor.", "espalier.nn.", "espalier.loss.", "espalier.vision.", "espalier.vision.augment.");

    /** Where a function is: {@code CLASS.method} or a class, and {@code FILE#CASE} of the goldens. */
    private record Place(String java, String golden) {}

    private static Map<String, Integer> mostUsed() throws IOException {
        var names = new LinkedHashMap<String, Integer>();
        for (String[] line : lines("functions.txt")) {
            names.put(line[0], Integer.parseInt(line[1]));
        }
        return names;
    }

    private static Map<String, Place> offered() throws IOException {
        var places = new LinkedHashMap<String, Place>();
        for (String[] line : lines("offered.txt")) {
            places.put(line[0], new Place(line[1], line[2]));
        }
        return places;
    }

    private static List<String[]> lines(String file) throws IOException {
        return Files.readAllLines(GOLDEN.resolve("tensor").resolve(file)).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" "))
                .toList();
    }

    @Test
    void mostUsedFunctions_areNearlyAllHere() throws IOException {
        assertThat(mostUsed()).hasSize(150);
        assertThat(mostUsed().keySet()).containsAll(offered().keySet());
        assertThat(offered()).hasSizeGreaterThanOrEqualTo(OFFERED);
    }

    @Test
    void offeredFunctions_arePublicAndComparedWithPyTorch() throws IOException {
        var cases = new LinkedHashMap<String, List<String>>();
        for (var entry : offered().entrySet()) {
            var place = entry.getValue();
            assertThat(isPublic(place.java()))
                    .as("%s as %s", entry.getKey(), place.java())
                    .isTrue();
            String[] golden = place.golden().split("#");
            assertThat(cases.computeIfAbsent(
                            golden[0], file -> Golden.load(file).cases()))
                    .as("golden of %s in %s", entry.getKey(), golden[0])
                    .contains(golden[1]);
        }
    }

    private static boolean isPublic(String java) {
        String owner = java.replaceAll("\\..*", "");
        var type = PACKAGES.stream().flatMap(name -> found(name + owner)).findFirst();
        if (type.isEmpty() || !java.contains(".")) {
            return type.filter(found -> Modifier.isPublic(found.getModifiers())).isPresent();
        }
        String method = java.substring(owner.length() + 1);
        return Arrays.stream(type.get().getMethods())
                .anyMatch(found -> found.getName().equals(method));
    }

    private static Stream<Class<?>> found(String name) {
        try {
            return Stream.of(Class.forName(name));
        } catch (ClassNotFoundException elsewhere) {
            return Stream.of();
        }
    }

    @Test
    void thePage_showsTheTable() throws IOException {
        var offered = offered();
        var lines = new ArrayList<String>();
        for (var entry : mostUsed().entrySet()) {
            var place = offered.get(entry.getKey());
            lines.add("| `%s` | %d | %s | %s |"
                    .formatted(
                            entry.getKey(),
                            entry.getValue(),
                            place == null ? "not yet" : "`" + place.java() + "`",
                            place == null ? "" : place.golden()));
        }
        lines.add("");
        lines.add(offered.size() + " of " + mostUsed().size() + " are here.");
        var table = String.join("\n", lines);
        var generated = Path.of("target/pytorch-functions.txt");
        Files.createDirectories(generated.getParent());
        Files.writeString(generated, table);
        assertThat(Files.readString(PAGE))
                .as("copy %s into %s", generated.toAbsolutePath(), PAGE)
                .contains(table);
    }

    /** As many are there already; more may come, none may go. */
    private static final int OFFERED = 147;
}
