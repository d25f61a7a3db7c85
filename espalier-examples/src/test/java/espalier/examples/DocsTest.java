package espalier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documentation shows code that compiles and is tested, and links to what exists. */
class DocsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern MARKER = Pattern.compile("<!-- region: ([\\w.]+)#(\\w+) -->");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)#]+)[^)]*\\)");

    private static final Pattern COMMAND_LINE = Pattern.compile("\\./espalier ([a-z-]+)([^`\\n]*)");

    /** A block of code, with the line before it that is not blank. */
    private record Block(String before, String code) {}

    static Stream<Path> pages() throws IOException {
        try (var docs = Files.walk(ROOT.resolve("docs"))) {
            var pages = new ArrayList<>(docs.filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .toList());
            pages.add(ROOT.resolve("README.md"));
            pages.add(ROOT.resolve("CHANGELOG.md"));
            return pages.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void javaBlocks_areRegionsOfTestedSources(Path page) throws IOException {
        for (Block block : blocks(Files.readAllLines(page))) {
            var marker = MARKER.matcher(block.before());
            assertThat(marker.matches())
                    .as(
                            "%s: a java block needs <!-- region: CLASS#NAME --> in the line before:%n%s",
                            page, block.code())
                    .isTrue();
            assertThat(block.code())
                    .as("%s, region %s of %s", page, marker.group(2), marker.group(1))
                    .isEqualTo(region(marker.group(1), marker.group(2)));
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void links_leadToFilesThatExist(Path page) throws IOException {
        Path folder = page.toAbsolutePath().getParent();
        LINK.matcher(Files.readString(page))
                .results()
                .map(link -> link.group(1))
                .forEach(target -> {
                    if (!target.startsWith("http")) {
                        assertThat(folder.resolve(target))
                                .as("link of %s", page)
                                .exists();
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandLines_nameCommandsAndOptionsThatExist(Path page) throws IOException {
        String sources = commandSources();
        COMMAND_LINE.matcher(Files.readString(page)).results().forEach(line -> {
            assertThat(sources).as("command in %s", page).contains("name = \"" + line.group(1) + "\"");
            for (String word : line.group(2).split("\\s+")) {
                if (word.startsWith("--")) {
                    assertThat(sources)
                            .as("option of %s in %s", line.group(1), page)
                            .contains("\"" + word + "\"");
                }
            }
        });
    }

    private static String commandSources() throws IOException {
        var all = new StringBuilder();
        try (var files = Files.walk(ROOT.resolve("espalier-cli/src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    @Test
    void theDocumentation_showsAllTutorialsAndRecipes() throws IOException {
        var shown = new ArrayList<String>();
        for (Path page : pages().toList()) {
            blocks(Files.readAllLines(page)).forEach(block -> shown.add(block.before()));
        }
        for (String name :
                List.of("QuickTour", "ImageClassifier", "SeeTheMistakes", "ServeModel", "TensorsAndTraining")) {
            assertThat(shown).anyMatch(marker -> marker.contains("." + name + "#"));
        }
        for (String name : List.of("AddAMetric", "AddALayer", "AddAnAugmentation", "AddAModel")) {
            assertThat(shown).anyMatch(marker -> marker.contains("." + name + "#"));
        }
    }

    private static List<Block> blocks(List<String> lines) {
        var blocks = new ArrayList<Block>();
        String before = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.strip().equals("```java")) {
                var code = new ArrayList<String>();
                for (i++; !lines.get(i).strip().equals("```"); i++) {
                    code.add(lines.get(i));
                }
                blocks.add(new Block(before, dedented(code)));
            } else if (!line.isBlank()) {
                before = line.strip();
            }
        }
        return blocks;
    }

    private static String region(String className, String name) throws IOException {
        var lines = Files.readAllLines(Path.of("src/main/java", className.split("\\.")) // folders and class
                .resolveSibling(className.substring(className.lastIndexOf('.') + 1) + ".java"));
        int start = lines.stream().map(String::strip).toList().indexOf("// region " + name);
        assertThat(start).as("region %s in %s", name, className).isNotNegative();
        var code = new ArrayList<String>();
        for (int i = start + 1; !lines.get(i).strip().equals("// endregion"); i++) {
            code.add(lines.get(i));
        }
        return dedented(code);
    }

    private static String dedented(List<String> lines) {
        return String.join("\n", lines).stripIndent().strip();
    }
}
