package espalier.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.tool.JavaShellToolBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code espalier shell}: Java line by line, with Espalier at hand. */
@Command(
        name = "shell",
        description = {
            "Try Java line by line (JShell), with Espalier's packages imported.",
            "It needs a JDK. Files of lines are run first; without /exit at their end you go on typing."
        },
        footer = {
            "",
            "Example:",
            "  espalier shell",
            "  jshell> Tensor.arange(0, 6).reshape(2, 3).sum(1)",
        })
final class ShellCommand extends EspalierCommand {
    /** What a chapter of the book begins with; names that stand in two of them must be written in full. */
    private static final List<String> PACKAGES = List.of(
            "espalier.data",
            "espalier.dataset",
            "espalier.image",
            "espalier.loss",
            "espalier.metric",
            "espalier.nn",
            "espalier.optim",
            "espalier.predict",
            "espalier.rng",
            "espalier.tensor",
            "espalier.train",
            "espalier.vision",
            "espalier.vision.model");

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Files of lines, run in this order.")
    List<Path> files = new ArrayList<>();

    @Override
    int run(Console console) throws Exception {
        if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
            throw wrongUsage(
                    "this Java has no JShell: it is a runtime. Maybe install a JDK, or let JAVA_HOME point to one.");
        }
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw wrongUsage("there is no file " + file + ". Maybe it is misspelt.");
            }
        }
        Path imports = Files.createTempFile("espalier-shell", ".jsh");
        try {
            return start(imports);
        } finally {
            Files.deleteIfExists(imports);
        }
    }

    private int start(Path imports) throws Exception {
        Files.writeString(imports, imports());
        var arguments = new ArrayList<>(List.of(
                "--class-path",
                classPath(),
                "--startup",
                "DEFAULT",
                "--startup",
                imports.toString(),
                "-R-Djava.awt.headless=true",
                "-R-XX:+IgnoreUnrecognizedVMOptions",
                "-R--enable-native-access=ALL-UNNAMED",
                "-R--sun-misc-unsafe-memory-access=allow"));
        files.forEach(file -> arguments.add(file.toString()));
        return JavaShellToolBuilder.builder().start(arguments.toArray(String[]::new));
    }

    /** What is there of it: JShell refuses the rest, Java does not. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Files.exists(Path.of(entry)))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String imports() {
        var lines = new StringBuilder();
        PACKAGES.forEach(name -> lines.append("import ").append(name).append(".*;\n"));
        return lines.toString();
    }
}
