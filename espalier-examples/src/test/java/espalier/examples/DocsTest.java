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
    private static final Pattern FILE_MARKER = Pattern.compile("<!-- file: ([\\w./-]+) -->");
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
        for (Block block : blocks(Files.readAllLines(page), "java")) {
            if (FILE_MARKER.matcher(block.before()).matches()) {
                continue;
            }
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
    void blocksOfFiles_areThoseFiles(Path page) throws IOException {
        for (Block block : blocks(Files.readAllLines(page), "")) {
            var marker = FILE_MARKER.matcher(block.before());
            if (marker.matches()) {
                assertThat(block.code())
                        .as("%s, file %s", page, marker.group(1))
                        .isEqualTo(
                                Files.readString(ROOT.resolve(marker.group(1))).strip());
            }
        }
    }

    /** A snippet leaves out the imports: whoever wants to run it needs the rest. */
    @ParameterizedTest
    @MethodSource("pages")
    void snippets_areLinkedToTheirWholeFiles(Path page) throws IOException {
        String text = Files.readString(page);
        MARKER.matcher(text)
                .results()
                .forEach(marker -> assertThat(text)
                        .as("%s shows a region of %s", page, marker.group(1))
                        .containsPattern("\\]\\([^)]*/" + marker.group(1).replace('.', '/') + "\\.java\\)"));
    }

    @Test
    void architecturePage_listsThePackagesThatThereAre() throws IOException {
        var listed = Pattern.compile("^\\| `(espalier\\.[a-z.]+)` ", Pattern.MULTILINE)
                .matcher(Files.readString(ROOT.resolve("docs/architecture.md")))
                .results()
                .map(row -> row.group(1))
                .toList();
        var there = new ArrayList<String>(); // a package in two modules would stand in it twice
        try (var files = Files.walk(ROOT, 8)) {
            files.map(file -> file.toString().replace('\\', '/'))
                    .filter(file -> file.endsWith("/package-info.java") && file.contains("/src/main/java/"))
                    .forEach(file -> there.add(file.replaceAll(".*/src/main/java/(.*)/package-info.java", "$1")
                            .replace('/', '.')));
        }
        assertThat(there).hasSizeGreaterThan(20);
        assertThat(listed).containsExactlyElementsOf(there.stream().sorted().toList());
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
            blocks(Files.readAllLines(page), "java").forEach(block -> shown.add(block.before()));
        }
        for (String name :
                List.of("QuickTour", "ImageClassifier", "SeeTheMistakes", "ServeModel", "TensorsAndTraining")) {
            assertThat(shown).anyMatch(marker -> marker.contains("." + name + "#"));
        }
        for (String name : List.of("AddAMetric", "AddALayer", "AddAnAugmentation", "AddAModel")) {
            assertThat(shown).anyMatch(marker -> marker.contains("." + name + "#"));
        }
    }

    /** The blocks of a page in a language, or all for {@code ""}. */
    private static List<Block> blocks(List<String> lines, String language) {
        var blocks = new ArrayList<Block>();
        String before = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.strip().startsWith("```" + language)) {
                var code = new ArrayList<String>();
                for (i++; !lines.get(i).strip().equals("```"); i++) {
                    code.add(lines.get(i));
                }
                blocks.add(new Block(before, dedented(code)));
                before = "";
            } else if (!line.isBlank()) {
                before = line.strip();
            }
        }
        return blocks;
    }

    private static Path source(String className) throws IOException {
        String file = className.replace('.', '/') + ".java";
        try (var modules = Files.list(ROOT)) {
            return modules.flatMap(module -> Stream.of("src/main/java/" + file, "src/test/java/" + file)
                            .map(module::resolve))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new IOException("no module has " + file));
        }
    }

    private static String region(String className, String name) throws IOException {
        var lines = Files.readAllLines(source(className));
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
