package espalier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer copies. {@code .ci/newcomer} builds and runs it outside of this build. */
class FirstProgramTest {
    private static final Path ROOT = Path.of("..");
    private static final Path SAMPLE = ROOT.resolve("samples/first-program");
    private static final Path PROGRAM = SAMPLE.resolve("src/main/java/FirstProgram.java");

    @Test
    void program_compilesWithoutAWarning(@TempDir Path out) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var files = compiler.getStandardFileManager(null, null, null);
        var said = new StringWriter();
        var options = java.util.List.of("--release", "17", "-Xlint:all,-path,-classfile", "-proc:none", "-d", "" + out);
        assertThat(compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(PROGRAM))
                        .call())
                .as(said.toString())
                .isTrue();
        assertThat(said.toString()).isEmpty();
    }

    @Test
    void dependencies_areTheSameForMavenGradleAndJBang() throws IOException {
        var maven = found(
                SAMPLE.resolve("pom.xml"),
                "<artifactId>(espalier-[a-z]+|slf4j-[a-z]+)</artifactId>(?:\\s*<version>([^<]+)</version>)?");
        assertThat(maven).hasSize(4).contains("espalier-bom " + version());
        String coordinates = "[\"( ](?:dev[.]espalier|org[.]slf4j):([a-z0-9-]+)(?::([^@\"\\s]+))?";
        assertThat(found(SAMPLE.resolve("build.gradle.kts"), coordinates)).isEqualTo(maven);
        assertThat(found(PROGRAM, coordinates)).isEqualTo(maven);
    }

    /** Gradle does not know which native libraries a system needs, and is told their versions. */
    @Test
    void nativesForGradle_haveTheVersionsOfTheBuild() throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        String javacpp = value(pom, "javacpp.version");
        var expected = new TreeSet<>(Set.of("javacpp:" + javacpp));
        for (String library : Set.of("openblas", "opencv", "pytorch")) {
            expected.add(library + ":" + value(pom, library + ".version").replace("${javacpp.version}", javacpp));
        }
        assertThat(found(SAMPLE.resolve("build.gradle.kts"), "\"([a-z]+:[0-9.-]+)\""))
                .isEqualTo(expected);
    }

    @Test
    void billOfMaterials_listsEveryArtifact() throws IOException {
        var bom = found(ROOT.resolve("espalier-bom/pom.xml"), "<artifactId>(espalier-[a-z]+)</artifactId>");
        var modules = found(ROOT.resolve("pom.xml"), "<module>(espalier-[a-z]+)</module>");
        modules.remove("espalier-examples");
        assertThat(bom).isEqualTo(modules);
        assertThat(Files.readString(ROOT.resolve("espalier-bom/pom.xml")))
                .contains("<version>" + version() + "</version>");
    }

    private static String version() throws IOException {
        return value(Files.readString(ROOT.resolve("pom.xml")), "version");
    }

    private static String value(String pom, String element) {
        var found = Pattern.compile("<" + Pattern.quote(element) + ">([^<]+)<").matcher(pom);
        assertThat(found.find()).as(element).isTrue();
        return found.group(1);
    }

    /** The groups of every match, joined by a blank. */
    private static Set<String> found(Path file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map(match ->
                        match.group(1) + (match.groupCount() < 2 || match.group(2) == null ? "" : " " + match.group(2)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
