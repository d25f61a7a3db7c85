package espalier.cli;

import espalier.app.PackageModel;
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
import java.util.Map;
import java.util.Optional;
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
            "An earlier package in the folder is replaced as a whole; other files that are there are never touched."
        },
        footer = {
            "",
            "Example:",
            "  espalier package dogs.safetensors --out dogs-server",
            "  espalier package dogs.safetensors --platform linux-arm64 --out dogs-server"
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

    @Override
    int run(Console console) throws IOException {
        Bounds.whole("--port", port, 1, 65_535, "8080");
        CommandException.file(model);
        CommandException.writableFolder(out);
        var target = platform.map(PackageCommand::platform);
        Path folder = application.orElseGet(this::running);
        if (target.isEmpty() || !needsExport(model)) {
            return write(console, new PackageModel(model, folder, out, port, target));
        }
        Path place = Files.createTempDirectory("espalier-package");
        Path onnx = place.resolve(
                String.valueOf(CommandException.beside(model, "onnx").getFileName()));
        try {
            OnnxExport.of(model, onnx).run();
            return write(console, new PackageModel(onnx, folder, out, port, target));
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

    private int write(Console console, PackageModel job) {
        int files;
        try (var progress = console.progress("package", -1)) {
            int[] count = {0};
            files = job.run(file -> progress.update(++count[0], -1, file.toString()))
                    .size();
        } catch (UncheckedIOException unwritable) {
            throw CommandException.unwritable(out, unwritable);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("out", out.toString());
        json.put("files", files);
        console.json(json);
        console.result("wrote " + files + " files to " + out);
        console.say("next: " + Console.word(out.resolve("bin/espalier").toAbsolutePath()) + " serve "
                + Console.word(out.resolve("models")));
        console.say("Other ways to run it are in " + out.resolve("README.md") + ".");
        return ExitCodes.DONE;
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
