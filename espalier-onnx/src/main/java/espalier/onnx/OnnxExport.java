package espalier.onnx;

import espalier.files.AtomicFiles;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.onnxruntime.OnnxModel;
import espalier.predict.Engines;
import espalier.predict.ImageTask;
import espalier.predict.Predictor;
import espalier.tensor.Tensor;
import espalier.text.TextTask;
import espalier.vision.ImageNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The job of writing a model for pictures or texts as an ONNX file and checking it: ONNX Runtime must give the answers that
 * libtorch gives, or nothing is written.
 *
 * <pre>{@code
 * OnnxExport.of(Path.of("dogs.safetensors"), Path.of("dogs.onnx")).run();
 * }</pre>
 *
 * <p>The file takes prepared pictures, resized and cropped as the model's document says, and gives probabilities:
 * normalisation and activation are inside. Its {@code metadata_props} hold the document ({@code espalier}, JSON), and
 * three pictures with their answers ({@code golden_input}, the base64 of its elements; {@code golden_shape};
 * {@code golden_output}).
 *
 * <p>Of a network for texts it takes the indices of tokens, int64 {@code [N, T]}, padded at the end. The document has the
 * tokenizer's options and the vocabulary; {@code golden_texts} are the texts themselves, a JSON list. A linear model of n-grams
 * cannot be written.
 *
 * @param model the model file
 * @param out the file to write
 * @param input what the ONNX model takes
 */
public record OnnxExport(Path model, Path out, Input input) {
    /** The largest difference of an answer from libtorch's; of quantities above 1 relative. */
    public static final double TOLERANCE = 1e-4;

    /** What the file calls its input. */
    public static final String INPUT = "pictures";

    /** What the file calls its input, of a model for texts. */
    public static final String TOKENS = "tokens";

    /** What the file calls its output. */
    public static final String OUTPUT = "probabilities";

    /** What an ONNX model takes. */
    public enum Input {
        /** {@code uint8 [N, H, W, 3]}: pictures as decoders give them, red first. */
        BYTES,
        /** {@code float32 [N, 3, H, W]}: the same from 0 to 1. */
        FLOATS;

        Tensor of(ImageNetwork network, Tensor pictures) {
            return network.probabilities(this == BYTES ? ImageNetwork.scaled(pictures) : pictures);
        }

        Tensor from(Tensor bytes) {
            return this == BYTES ? bytes : ImageNetwork.scaled(bytes).contiguous();
        }
    }

    /** Of bytes. */
    public static OnnxExport of(Path model, Path out) {
        return new OnnxExport(model, out, Input.BYTES);
    }

    /** A copy that takes something else. */
    public OnnxExport input(Input input) {
        return new OnnxExport(model, out, input);
    }

    /**
     * What was written.
     *
     * @param input what it is called
     * @param type of the input's numbers, such as {@code "uint8"}
     * @param shape of the input: numbers, and {@code "N"} and {@code "T"} for what is free
     * @param classes how many probabilities it gives
     * @param bytes the size of the file
     * @param difference the largest difference between ONNX Runtime's and libtorch's answers
     */
    public record Result(String input, String type, List<Object> shape, int classes, long bytes, double difference) {}

    /**
     * Writes the file.
     *
     * @throws ModelFileException when the model file cannot be used, takes pictures of any size, or does something
     *     that cannot be written
     * @throws IOException when the file cannot be written
     * @throws IllegalStateException when ONNX Runtime gives other answers
     */
    public Result run() throws IOException {
        try (var predictor = Predictor.load(model, Engines.LIBTORCH)) {
            var export = export(predictor);
            var onnx = write(export);
            double difference = export.check(onnx);
            AtomicFiles.writeBytes(out, onnx.bytes());
            return result(onnx, difference);
        }
    }

    private Export export(Predictor predictor) {
        return predictor.task() instanceof TextTask texts
                ? texts(texts)
                : new PictureExport(pictures(predictor, model), input);
    }

    private Export texts(TextTask task) {
        if (input != Input.BYTES) {
            throw new ModelFileException(
                    model + " takes texts as the indices of tokens, not floats. Maybe another model was meant.");
        }
        try {
            return new TextExport(task, ModelFile.open(model));
        } catch (ModelFileException impossible) {
            throw impossible(impossible);
        }
    }

    static ImageTask pictures(Predictor predictor, Path model) {
        if (predictor.task() instanceof ImageTask task) {
            return task;
        }
        throw new ModelFileException(model + " is a model for "
                + predictor.document().task() + "; only models for pictures can be exported so.");
    }

    OnnxModel write(Export export) {
        try {
            return export.write();
        } catch (ModelFileException impossible) {
            throw impossible(impossible);
        }
    }

    private ModelFileException impossible(ModelFileException reason) {
        return new ModelFileException(model + " cannot be exported: " + reason.getMessage(), reason);
    }

    static Result result(OnnxModel onnx, double difference) {
        boolean texts = onnx.elements() == OnnxModel.Elements.TOKENS;
        int classes = onnx.document().vocabulary().size();
        return new Result(
                texts ? TOKENS : INPUT,
                onnx.elements().typeName(),
                onnx.shape(),
                classes,
                onnx.bytes().length,
                difference);
    }
}
