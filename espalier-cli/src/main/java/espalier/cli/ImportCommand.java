package espalier.cli;

import espalier.app.ImportWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier import}: a model file from PyTorch's or timm's weights. */
@Command(
        name = "import",
        description = {
            "Turn weights of PyTorch or timm into a model file that predicts.",
            "FILE is a .pth or a .safetensors file. Nothing in it is run.",
            "Every name and shape must fit the network, or nothing is written."
        },
        footer = {
            "",
            "Example:",
            "  espalier import mobilenet_v2-b0353104.pth --model mobilenet-v2 --out mobilenet.safetensors"
        })
final class ImportCommand extends EspalierCommand {
    @Parameters(paramLabel = "FILE", description = "The file with a state dict.")
    private Path file = Path.of("");

    @Option(names = "--model", required = true, paramLabel = "NAME", description = "The network that it belongs to.")
    private String model = "";

    @Option(names = "--out", paramLabel = "FILE", description = "The file to write (default: beside, .safetensors).")
    private @Nullable Path out;

    @Option(
            names = "--classes",
            paramLabel = "FILE",
            description = "A text file with the classes, one a line, in order.")
    private @Nullable Path classes;

    @Override
    int run(Console console) throws IOException {
        CommandException.file(file);
        if (out == null && String.valueOf(file.getFileName()).endsWith(".safetensors")) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    file
                            + " has the ending of what is to be written. Maybe name the model file (--out FILE); or it is a"
                            + " model file already, as `espalier inspect` tells.");
        }
        Path target =
                CommandException.writableBeside(out == null ? CommandException.beside(file, "safetensors") : out, file);
        List<String> names = classes == null ? List.of() : Files.readAllLines(CommandException.file(classes));
        var result = ImportWeights.of(file, model, target).classes(names).run();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("out", target.toString());
        json.put("model", result.document().architecture().name());
        json.put("classes", result.document().vocabulary().size());
        json.put("tensors", result.tensors());
        json.put("weights_sha256", result.document().weightsSha256());
        console.json(json);
        console.result("wrote " + target + ": " + result.tensors() + " tensors, "
                + result.document().vocabulary().size() + " classes");
        return ExitCodes.DONE;
    }
}
