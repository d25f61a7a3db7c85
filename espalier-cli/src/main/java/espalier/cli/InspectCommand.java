package espalier.cli;

import espalier.app.Inspect;
import espalier.format.ModelDocument;
import espalier.report.PlainText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier inspect}: what is in a model file. */
@Command(
        name = "inspect",
        description = {
            "Show what a model file holds, without reading its weights.",
            "Any other safetensors file will do, too."
        },
        footer = {"", "Example:", "  espalier inspect dogs.safetensors"})
final class InspectCommand extends EspalierCommand {
    private static final int FEW = 20;

    @Parameters(paramLabel = "MODEL", description = "The file.")
    private Path model = Path.of("");

    @Option(names = "--tensors", description = "List all tensors, not only those of small files of other origin.")
    private boolean all;

    @Override
    int run(Console console) {
        var found = new Inspect(CommandException.file(model)).run();
        console.json(json(found));
        console.result("file          " + model + " (" + found.bytes() + " bytes)");
        console.result("tensors       " + found.tensors().size() + " with " + found.elements() + " numbers");
        found.document().ifPresent(document -> describe(document, console));
        found.metadata().forEach((name, text) -> console.result(name + ": " + shortened(text)));
        if (all || found.document().isEmpty()) {
            var shown =
                    all ? found.tensors() : found.tensors().stream().limit(FEW).toList();
            console.table(
                    List.of("tensor", "type", "shape"),
                    shown.stream()
                            .map(one -> List.of(
                                    shortened(one.name()),
                                    one.dtype(),
                                    one.shape().toString()))
                            .toList());
            if (shown.size() < found.tensors().size()) {
                console.result("... and " + (found.tensors().size() - shown.size()) + " more (--tensors lists all)");
            }
        }
        return ExitCodes.DONE;
    }

    private static void describe(ModelDocument document, Console console) {
        document.title().ifPresent(title -> console.result("title         " + shortened(title)));
        document.description().ifPresent(text -> console.result("description   " + shortened(text)));
        console.result("task          " + document.task());
        console.result("architecture  " + document.architecture().name() + " "
                + document.architecture().options());
        console.result("classes       " + document.vocabulary().size() + ": "
                + shortened(String.join(", ", document.vocabulary())));
        document.transforms().forEach(step -> console.result("transform     " + step.name() + " " + step.parameters()));
        document.normalisation()
                .ifPresent(used -> console.result("normalisation mean " + used.mean() + ", std " + used.std()));
        console.result("activation    " + document.activation());
        console.result("epochs        " + document.history().size());
        document.metrics().forEach((name, value) -> console.result("metric        " + name + " " + value));
        document.provenance()
                .ifPresent(origin -> console.result(
                        "started from  " + origin.weights() + " (" + origin.licence() + "), " + origin.source()));
        console.result("made          " + document.created() + " by " + document.versions());
    }

    private static String shortened(String text) {
        return PlainText.line(text, 200);
    }

    private Map<String, Object> json(Inspect.Result found) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", model.toString());
        json.put("bytes", found.bytes());
        json.put("kind", found.document().isPresent() ? "model" : "safetensors");
        json.put("elements", found.elements());
        found.json().ifPresent(text -> json.put("document", Console.tree(text)));
        json.put("metadata", found.metadata());
        json.put("tensors", found.tensors());
        return json;
    }
}
