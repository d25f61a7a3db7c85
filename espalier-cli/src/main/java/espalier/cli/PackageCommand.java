package espalier.cli;

import espalier.app.PackageModel;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier package}: a folder that serves a model. */
@Command(
        name = "package",
        description = {
            "Write a folder that serves a model elsewhere.",
            "It holds the application, the model, a Dockerfile, a unit for systemd and a README that tells how to use them,"
                    + " and runs on any machine of the same kind with Java.",
            "An earlier package in the folder is replaced as a whole; other files that are there are never touched."
        },
        footer = {"", "Example:", "  espalier package dogs.safetensors --out dogs-server"})
final class PackageCommand extends EspalierCommand {
    @Parameters(paramLabel = "MODEL", description = "The model file.")
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private Path model;

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

    @Override
    int run(Console console) {
        Bounds.whole("--port", port, 1, 65_535, "8080");
        CommandException.file(model);
        CommandException.writableFolder(out);
        var job = new PackageModel(model, application.orElseGet(this::running), out, port);
        int files;
        try (var progress = console.progress("package", -1)) {
            int[] count = {0};
            files = job.run(file -> progress.update(++count[0], -1, file.toString()))
                    .size();
        } catch (UncheckedIOException unwritable) {
            throw CommandException.unwritable(out, Objects.requireNonNull(unwritable.getCause()));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("out", out.toString());
        json.put("files", files);
        console.json(json);
        console.result("wrote " + files + " files to " + out);
        console.say("next: " + out.resolve("bin/espalier") + " serve " + out.resolve("models")
                + ", or see README.md there");
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
