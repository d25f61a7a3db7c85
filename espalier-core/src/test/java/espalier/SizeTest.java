package espalier;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The budget of lines: what does not fit into it is split by concern, or is listed here with its reason. */
class SizeTest {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final int FILE = 400;
    private static final int METHOD = 40;

    /** Budgets of their own: the classes that users meet first stay short, the tensor may be longer. */
    private static final Map<String, Integer> FILES = Map.of(
            "espalier/train/Learner.java", 200,
            "espalier/data/DataBlock.java", 200,
            "espalier/model/Predictor.java", 200,
            "espalier/tensor/Tensor.java", 600);

    /** Files above their budget, each with its reason. */
    private static final Map<String, String> LONG_FILES = Map.of(
            "espalier/train/Learner.java", "every choice and verb of training is a short method with its Javadoc");

    /** Methods above the budget, as {@code FILE#METHOD}, each with its reason. */
    private static final Map<String, String> LONG_METHODS = Map.of();

    private record Method(String name, long lines) {}

    private static final List<Method> METHODS = new ArrayList<>();
    private static List<Path> files = List.of();

    @BeforeAll
    static void parse() throws IOException {
        try (var walk = Files.walk(SOURCES)) {
            files = walk.filter(file -> file.toString().endsWith(".java")).toList();
        }
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            var positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                collect(unit, positions);
            }
        }
    }

    private static void collect(CompilationUnitTree unit, SourcePositions positions) {
        String file = relative(Path.of(unit.getSourceFile().getName()));
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree method, Void nothing) {
                long end = positions.getEndPosition(unit, method);
                if (end >= 0) { // generated constructors have none
                    var lines = unit.getLineMap();
                    long start = positions.getStartPosition(unit, method);
                    METHODS.add(new Method(
                            file + "#" + method.getName(), lines.getLineNumber(end) - lines.getLineNumber(start) + 1));
                }
                return super.visitMethod(method, nothing);
            }
        }.scan(unit, null);
    }

    private static String relative(Path file) {
        Path base = file.isAbsolute() ? SOURCES.toAbsolutePath() : SOURCES;
        return base.relativize(file).toString().replace('\\', '/');
    }

    private static long lines(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void files_keepTheirBudget() {
        assertThat(files).hasSizeGreaterThan(50);
        var tooLong = files.stream()
                .filter(file -> lines(file) > FILES.getOrDefault(relative(file), FILE))
                .map(SizeTest::relative)
                .filter(file -> !LONG_FILES.containsKey(file))
                .toList();
        assertThat(tooLong).as("files above their budget of lines").isEmpty();
    }

    @Test
    void methods_keepTheirBudget() {
        assertThat(METHODS).hasSizeGreaterThan(500);
        var tooLong = METHODS.stream()
                .filter(method -> method.lines() > METHOD && !LONG_METHODS.containsKey(method.name()))
                .map(method -> method.name() + ": " + method.lines())
                .toList();
        assertThat(tooLong).as("methods above " + METHOD + " lines").isEmpty();
    }

    @Test
    void exceptions_areStillNeeded() {
        var overFiles = files.stream()
                .filter(file -> lines(file) > FILES.getOrDefault(relative(file), FILE))
                .map(SizeTest::relative)
                .toList();
        var overMethods = METHODS.stream()
                .filter(method -> method.lines() > METHOD)
                .map(Method::name)
                .toList();
        assertThat(Set.copyOf(overFiles)).containsAll(LONG_FILES.keySet());
        assertThat(Set.copyOf(overMethods)).containsAll(LONG_METHODS.keySet());
    }
}
