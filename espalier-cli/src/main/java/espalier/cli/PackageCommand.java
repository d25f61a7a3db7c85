package espalier.cli;

import espalier.app.PackageModel;
import espalier.app.PackageSpark;
import espalier.app.Platform;
import espalier.format.ModelFile;
import espalier.onnx.OnnxExport;
import espalier.predict.Engines;
import espalier.predict.ImageTask;
import espalier.predict.Predictor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code espalier package}: a folder that serves a model. */
@Command(
        name = "package",
        description = {
            "Write a folder that serves a model elsewhere.",
            "It holds the application, the model, a Dockerfile, a unit for systemd and a README that tells how to use them,"
                    + " and runs on any machine of the same kind with Java.",
            "With --platform it is for that kind of machine, without libtorch: a third of the size, and for ARM, too. The model"
                    + " is exported, so that pages show no heat maps.",
            "With --spark it predicts pictures or texts on a cluster: one jar with all that Apache Spark does not bring, the"
                    + " model, exported if it is a network, and the line for spark-submit.",
            "An earlier package in the folder is replaced as a whole; other files that are there are never touched."
        },
        footer = {
            "",
            "Example:",
            "  espalier package dogs.safetensors --out dogs-server",
            "  espalier package dogs.safetensors --platform linux-arm64 --out dogs-server",
            "  espalier package dogs.safetensors --spark --out dogs-spark"
        })
final class PackageCommand extends ModelCommand {
    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            required = true,
            description = "The folder to write: new, empty, or of an earlier package.")
    private Path out = Path.of("");

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "The port that the README and the unit name (${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--application",
            paramLabel = "DIR",
            description = "The application folder, with bin and lib (the one that runs).")
    private Optional<Path> application = Optional.empty();

    @Option(
            names = "--platform",
            paramLabel = "NAME",
            description =
                    "The kind of machine: linux-x64, linux-arm64, macos-arm64, windows-x64 (this one, with libtorch).")
    private Optional<String> platform = Optional.empty();

    @Option(
            names = "--spark",
            description = "For a cluster of Apache Spark, of machines of the kind --platform, linux-x64 unless told.")
    private boolean spark;

    @Override
    int run(Console console) throws IOException {
        Bounds.whole("--port", port, 1, 65_535, "8080");
        CommandException.file(model);
        CommandException.writableFolder(out);
        var target = platform.map(PackageCommand::platform)
                .or(() -> spark ? Optional.of(Platform.LINUX_X64) : Optional.empty());
        Path folder = application.orElseGet(this::running);
        if (target.isEmpty() || !needsExport(model)) {
            return write(console, model, folder, target);
        }
        Path place = Files.createTempDirectory("espalier-package");
        Path onnx = place.resolve(
                String.valueOf(CommandException.beside(model, "onnx").getFileName()));
        try {
            OnnxExport.of(model, onnx).run();
            return write(console, onnx, folder, target);
        } finally {
            Files.deleteIfExists(onnx);
            Files.deleteIfExists(place);
        }
    }

    private static Platform platform(String name) {
        return Platform.named(name)
                .orElseThrow(() -> new CommandException(
                        ExitCodes.USAGE,
                        "--platform is " + name + ", expected one of " + String.join(", ", Platform.names()) + "."));
    }

    /** Whether the model is to be exported: pictures and networks for texts; what is left is computed by plain Java. */
    private static boolean needsExport(Path model) {
        if (model.toString().endsWith(".onnx")) {
            return false;
        }
        if (ImageTask.isForPictures(ModelFile.inspect(model))) {
            return true;
        }
        try (var predictor = Predictor.load(model)) {
            return predictor.engine().startsWith(Engines.LIBTORCH);
        }
    }

    private int write(Console console, Path file, Path folder, Optional<Platform> target) {
        if (!spark) {
            var server = new PackageModel(file, folder, out, port, target);
            report(console, server::run, Map.of());
            console.say("next: " + Console.word(out.resolve("bin/espalier").toAbsolutePath()) + " serve "
                    + Console.word(out.resolve("models")));
            console.say("Other ways to run it are in " + out.resolve("README.md") + ".");
            return ExitCodes.DONE;
        }
        var job = new PackageSpark(file, folder, out, target.orElseThrow());
        String line =
                job.submit(out.toAbsolutePath()).stream().map(Console::word).collect(Collectors.joining(" "));
        report(console, job::run, Map.of("submit", line));
        console.result(line);
        console.say("What to put for the words in capitals is in " + out.resolve("README.md") + ".");
        return ExitCodes.DONE;
    }

    private void report(Console console, Function<Consumer<Path>, List<Path>> job, Map<String, Object> more) {
        int files;
        try (var progress = console.progress("package", -1)) {
            int[] count = {0};
            files = job.apply(file -> progress.update(++count[0], -1, file.toString()))
                    .size();
        } catch (UncheckedIOException unwritable) {
            throw CommandException.unwritable(out, unwritable);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("out", out.toString());
        json.put("files", files);
        json.putAll(more);
        console.json(json);
        console.result("wrote " + files + " files to " + out);
    }

    /** The folder above the jar that this class is in. */
    private Path running() {
        try {
            Path jar = Path.of(PackageCommand.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path lib = jar.getParent();
            if (Files.isRegularFile(jar) && lib != null && lib.getParent() != null) {
                return lib.getParent();
            }
        } catch (URISyntaxException odd) {
            // Told below.
        }
        throw wrongUsage("this is not run from an application folder: name one with --application, such as"
                + " espalier-cli/target/espalier after mvn package.");
    }
}
