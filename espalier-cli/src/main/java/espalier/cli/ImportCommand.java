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

/** {@code espalier import}: a model file from PyTorch's weights. */
@Command(
        name = "import",
        description = {
            "Turn a .pth file of PyTorch's into a model file that predicts.",
            "Nothing in it is run.",
            "Every name and shape must fit the network, or nothing is written."
        },
        footer = {
            "",
            "Example:",
            "  espalier import mobilenet_v2-b0353104.pth --model mobilenet-v2 --out mobilenet.safetensors"
        })
final class ImportCommand extends EspalierCommand {
    @Parameters(paramLabel = "FILE.pth", description = "The file with a state dict.")
    private Path pth = Path.of("");

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
        CommandException.file(pth);
        if (String.valueOf(pth.getFileName()).endsWith(".safetensors")) {
            throw new CommandException(
                    ExitCodes.BAD_DATA,
                    pth
                            + " is a safetensors file already, and import reads .pth. Maybe `espalier inspect` tells what it"
                            + " is.");
        }
        Path target =
                CommandException.writableBeside(out == null ? CommandException.beside(pth, "safetensors") : out, pth);
        List<String> names = classes == null ? List.of() : Files.readAllLines(CommandException.file(classes));
        var result = ImportWeights.of(pth, model, target).classes(names).run();
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
