package espalier.cli;

import espalier.app.Bench;
import espalier.app.LabelledPictures;
import espalier.format.ModelFileException;
import espalier.onnx.OnnxExport;
import espalier.onnx.QuantisedExport;
import espalier.onnxruntime.OnnxRuntime;
import espalier.predict.Engines;
import espalier.predict.Predictor;
import espalier.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier bench}: how fast a model predicts here. */
@Command(
        name = "bench",
        description = {
            "Measure how fast a model predicts on this machine.",
            "Times are of whole batches, from prepared inputs to probabilities. With pictures of your own there are further"
                    + " rows, from files to answers: of each batch, and of all the pictures at once (at most 256).",
            "All engines are measured in turn. Let nothing else run meanwhile."
        },
        footer = {
            "",
            "Examples:",
            "  espalier bench dogs.safetensors",
            "  espalier bench dogs.safetensors photos/ --engine onnxruntime --batch 1,8,32 --json",
            "  espalier bench dogs.safetensors photos/ --precision float32,int8"
        })
final class BenchCommand extends ModelCommand {
    private static final String ALL = "all";
    private static final int MOST_BATCH = 1024;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PICTURES",
            description = "A folder of pictures, or for a model of texts a CSV file (made-up inputs).")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            split = ",",
            defaultValue = ALL,
            description = "What computes the model: onnxruntime, libtorch, or all of them (${DEFAULT-VALUE}).")
    private List<String> engines = List.of(ALL);

    @Option(
            names = "--batch",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,32",
            description = "How many inputs are predicted together (${DEFAULT-VALUE}).")
    private List<Integer> batches = List.of(1, 32);

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "float32",
            description = "float32, int8 or both; int8 is exported for this by the pictures (${DEFAULT-VALUE}).")
    private Set<Precision> precisions = Set.of(Precision.FLOAT32);

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "2",
            description = "How long each row is measured (${DEFAULT-VALUE}).")
    private double seconds = 2;

    @Override
    int run(Console console) throws IOException {
        CommandException.model("bench", model, data.stream().toList());
        data.ifPresent(CommandException::existing);
        batches.forEach(batch -> Bounds.whole("--batch", batch, 1, MOST_BATCH, "1,32"));
        Bounds.number("--seconds", seconds, 0, 3600, "2");
        if (precisions.contains(Precision.INT8) && data.isEmpty()) {
            throw wrongUsage("--precision int8 needs pictures that say how values are rounded. Maybe name a folder.");
        }
        List<Predictor> predictors = new ArrayList<>();
        try (var progress = console.progress("bench", -1)) {
            load(predictors, console, progress);
            print(console, new Bench(data, batches, seconds).run(predictors, progress));
        } finally {
            predictors.forEach(Predictor::close);
        }
        return ExitCodes.DONE;
    }

    private void load(List<Predictor> predictors, Console console, Progress progress) throws IOException {
        var names = names();
        for (String name : names) {
            for (var precision : precisions) {
                try {
                    if (precision == Precision.FLOAT32) {
                        predictors.add(Predictor.load(model, name));
                    } else if (name.equals(OnnxRuntime.NAME)) {
                        predictors.add(int8(progress));
                    }
                } catch (ModelFileException impossible) {
                    if (names.size() == 1) {
                        throw impossible;
                    }
                    console.warn("not measured: " + impossible.getMessage());
                }
            }
        }
        if (predictors.isEmpty()) {
            throw new ModelFileException("none of the engines " + String.join(", ", names) + " can compute " + model
                    + " so. Maybe leave out --engine and --precision.");
        }
    }

    private Predictor int8(Progress progress) throws IOException {
        Path file = Files.createTempFile("espalier", ".onnx");
        try {
            var pictures = LabelledPictures.of(data.orElseThrow());
            QuantisedExport.of(OnnxExport.of(model, file), pictures).unjudged(progress);
            return Predictor.load(file, OnnxRuntime.NAME);
        } finally {
            Files.delete(file);
        }
    }

    private List<String> names() {
        if (engines.contains(ALL)) {
            return TextModels.isOne(model)
                    ? List.of(Engines.AUTO)
                    : model.toString().endsWith(".onnx")
                            ? List.of(OnnxRuntime.NAME)
                            : Engines.names().stream()
                                    .filter(name -> !name.equals(Engines.AUTO))
                                    .toList();
        }
        return engines.stream().map(EngineFlag::checked).distinct().toList();
    }

    private static void print(Console console, List<Bench.Row> rows) {
        console.json(rows.stream().map(BenchCommand::json).toList());
        console.table(
                List.of("engine", "precision", "batch", "threads", "decoding", "p50 ms", "p99 ms", "per second"),
                rows.stream()
                        .map(row -> List.of(
                                row.engine(),
                                row.precision(),
                                Integer.toString(row.batch()),
                                Integer.toString(row.threads()),
                                row.decoding() ? "yes" : "no",
                                Amounts.decimal("%.2f", row.p50Ms()),
                                Amounts.decimal("%.2f", row.p99Ms()),
                                Amounts.decimal("%.1f", row.perSecond())))
                        .toList());
    }

    private static Map<String, Object> json(Bench.Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("engine", row.engine());
        json.put("precision", row.precision());
        json.put("batch", row.batch());
        json.put("threads", row.threads());
        json.put("decoding", row.decoding());
        json.put("p50_ms", row.p50Ms());
        json.put("p99_ms", row.p99Ms());
        json.put("per_second", row.perSecond());
        return json;
    }
}
