package espalier.testing.plain;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/** The budget of lines of a module's main sources: 400 a file and 40 a method, unless a file has its own. */
public final class SizeBudget {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final int FILE = 400;
    private static final int METHOD = 40;

    private final Map<String, Integer> own;
    private final List<Path> files;
    private final List<Method> methods = new ArrayList<>();

    /** A method as {@code FILE#METHOD} and its lines. */
    private record Method(String name, long lines) {}

    private SizeBudget(Map<String, Integer> own, List<Path> files) {
        this.own = own;
        this.files = files;
    }

    /**
     * The sources of the module whose folder is the current one.
     *
     * @param own budgets of single files, by their path below {@code src/main/java}
     */
    public static SizeBudget of(Map<String, Integer> own) {
        try (var walk = Files.walk(SOURCES)) {
            var budget = new SizeBudget(
                    own, walk.filter(file -> file.toString().endsWith(".java")).toList());
            budget.parse();
            return budget;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void parse() throws IOException {
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

    private void collect(CompilationUnitTree unit, SourcePositions positions) {
        String file = relative(Path.of(unit.getSourceFile().getName()));
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree method, Void nothing) {
                long end = positions.getEndPosition(unit, method);
                if (end >= 0) { // generated constructors have none
                    var lines = unit.getLineMap();
                    long start = positions.getStartPosition(unit, method);
                    methods.add(new Method(
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
            throw new UncheckedIOException(failure);
        }
    }

    /** How many files there are. */
    public int files() {
        return files.size();
    }

    /** How many methods there are. */
    public int methods() {
        return methods.size();
    }

    /** The files above their budget. */
    public List<String> longFiles() {
        return files.stream()
                .filter(file -> lines(file) > own.getOrDefault(relative(file), FILE))
                .map(SizeBudget::relative)
                .toList();
    }

    /** The methods above the budget, as {@code FILE#METHOD}. */
    public List<String> longMethods() {
        return methods.stream()
                .filter(method -> method.lines() > METHOD)
                .map(Method::name)
                .toList();
    }
}
