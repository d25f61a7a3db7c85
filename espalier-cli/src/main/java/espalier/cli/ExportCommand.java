package espalier.cli;

import espalier.onnx.OnnxExport;
import espalier.onnx.OnnxExport.Input;
import espalier.onnx.OnnxWriter;
import espalier.onnx.QuantisedExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code espalier export}: a model for other runtimes. */
@Command(
        name = "export",
        description = {
            "Write a model as a file that any ONNX runtime opens.",
            "It takes prepared pictures and gives probabilities: normalisation and activation are inside. Before anything is"
                    + " written, ONNX Runtime must give the same answers as Espalier, to 0.0001.",
            "The classes and how pictures are prepared are in its metadata, under 'espalier'.",
            "A network for texts takes the indices of tokens, padded at the end; its tokenizer's options and vocabulary are in"
                    + " the metadata. A linear model of n-grams stays as it is: it needs no runtime.",
            "With --precision int8 it computes in whole numbers of 8 bits: smaller, and faster where the processor has"
                    + " instructions for it (`espalier bench` tells). Labelled pictures say how values are rounded, and what"
                    + " the model loses by it."
        },
        footer = {
            "",
            "Examples:",
            "  espalier export dogs.safetensors --format onnx --out dogs.onnx",
            "  espalier export dogs.safetensors --input float",
            "  espalier export tweets.safetensors --out tweets.onnx",
            "  espalier export dogs.safetensors --precision int8 --calibrate photos/"
        })
final class ExportCommand extends ModelCommand {
    /** The formats that a model can be written in. */
    enum Format {
        /** Open Neural Network Exchange. */
        ONNX
    }

    /** What the written model takes. */
    enum Element {
        /** Bytes with the channels last. */
        UINT8(Input.BYTES),
        /** Floats from 0 to 1 with the channels first. */
        FLOAT(Input.FLOATS);

        private final Input input;

        Element(Input input) {
            this.input = input;
        }
    }

    @Option(
            names = "--format",
            paramLabel = "NAME",
            defaultValue = "onnx",
            description = "The format: onnx (${DEFAULT-VALUE}).")
    private Format format = Format.ONNX;

    @Option(names = "--out", paramLabel = "FILE", description = "The file to write (default: beside MODEL, .onnx).")
    private @Nullable Path out;

    @Option(
            names = "--input",
            paramLabel = "TYPE",
            defaultValue = "uint8",
            description =
                    "uint8: bytes [N, H, W, 3] as decoders give them; float: [N, 3, H, W] from 0 to 1 (${DEFAULT-VALUE}).")
    private Element input = Element.UINT8;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            defaultValue = "float32",
            description = "The numbers that it computes with: float32 or int8 (${DEFAULT-VALUE}).")
    private Precision precision = Precision.FLOAT32;

    @Option(
            names = "--calibrate",
            paramLabel = "DIR",
            description = "For int8: pictures of the kind that it will see, labelled as for `evaluate`.")
    private Optional<Path> calibrate = Optional.empty();

    @Option(
            names = "--max-loss",
            paramLabel = "POINTS",
            description = "For int8: refuse to write what loses more, in hundredths of the accuracy (0.5).")
    private Optional<Double> maxLoss = Optional.empty();

    @Mixin
    private LabelledFlags labelled = new LabelledFlags();

    @Override
    int run(Console console) throws IOException {
        checkOptions();
        CommandException.file(model);
        String ending = format.name().toLowerCase(Locale.ROOT);
        Path target =
                CommandException.writableBeside(out == null ? CommandException.beside(model, ending) : out, model);
        var export = OnnxExport.of(model, target).input(input.input);
        var quantised = quantised(export, console);
        var result = quantised.isPresent() ? quantised.get().file() : export.run();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("out", target.toString());
        json.put("format", ending);
        json.put("opset", OnnxWriter.OPSET);
        json.put("input", port(result.input(), result.type(), result.shape()));
        json.put("output", port(OnnxExport.OUTPUT, "float32", List.of("N", result.classes())));
        json.put("precision", precision.name().toLowerCase(Locale.ROOT));
        json.put("bytes", result.bytes());
        json.put("largest_difference", result.difference());
        quantised.ifPresent(int8 -> json.put("int8", json(int8)));
        console.json(json);
        quantised.ifPresent(int8 -> tell(int8, console));
        console.result(String.format(
                Locale.ROOT,
                "wrote %s: %.1f MB, %s %s %s to %d outputs, at most %.1e from Espalier's%s",
                target,
                result.bytes() / 1e6,
                result.input(),
                result.type(),
                result.shape(),
                result.classes(),
                result.difference(),
                quantised.isPresent() ? " before rounding" : ""));
        return ExitCodes.DONE;
    }

    private void checkOptions() {
        maxLoss.ifPresent(points -> Bounds.number("--max-loss", points, Bounds.FROM_ZERO, 100, "0.5"));
        if (precision == Precision.INT8 && calibrate.isEmpty()) {
            throw wrongUsage(
                    "--precision int8 needs pictures that say how values are rounded. Maybe add --calibrate DIR.");
        }
        if (precision == Precision.FLOAT32 && (calibrate.isPresent() || maxLoss.isPresent())) {
            throw wrongUsage("--calibrate and --max-loss are for int8. Maybe add --precision int8.");
        }
    }

    private Optional<QuantisedExport.Result> quantised(OnnxExport export, Console console) throws IOException {
        if (precision == Precision.FLOAT32) {
            return Optional.empty();
        }
        var data = labelled.of(calibrate.orElseThrow());
        try (var progress = console.progress("export", -1)) {
            return Optional.of(
                    new QuantisedExport(export, data, maxLoss.orElse(QuantisedExport.MAX_LOSS)).run(progress));
        }
    }

    private static void tell(QuantisedExport.Result int8, Console console) {
        int8.note().ifPresent(console::warn);
        String metric = int8.metric();
        console.table(
                List.of("pictures", metric + " float32", metric + " int8", "points lost", "int8 layers"),
                List.of(List.of(
                        Integer.toString(int8.judged()),
                        Amounts.decimal("%.4f", int8.before()),
                        Amounts.decimal("%.4f", int8.after()),
                        Amounts.decimal("%.2f", int8.loss()),
                        Integer.toString(int8.layers()))));
    }

    private static Map<String, Object> json(QuantisedExport.Result int8) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("layers", int8.layers());
        json.put("calibrated_by", int8.calibrated());
        json.put("judged_by", int8.judged());
        json.put("metric", int8.metric());
        json.put("float32", int8.before());
        json.put("int8", int8.after());
        json.put("loss_points", int8.loss());
        int8.note().ifPresent(said -> json.put("note", said));
        return json;
    }

    private static Map<String, Object> port(String name, String type, List<Object> shape) {
        Map<String, Object> port = new LinkedHashMap<>();
        port.put("name", name);
        port.put("type", type);
        port.put("shape", shape);
        return port;
    }
}
