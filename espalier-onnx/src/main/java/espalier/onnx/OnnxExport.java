package espalier.onnx;

import espalier.files.AtomicFiles;
import espalier.format.ModelFileException;
import espalier.onnxruntime.OnnxModel;
import espalier.predict.Engines;
import espalier.predict.ImageTask;
import espalier.predict.Predictor;
import espalier.tensor.Tensor;
import espalier.vision.ImageNetwork;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The job of writing a model for pictures as an ONNX file and checking it: ONNX Runtime must give the answers that
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
 * @param model the model file
 * @param out the file to write
 * @param input what the ONNX model takes
 */
public record OnnxExport(Path model, Path out, Input input) {
    /** The largest difference of an answer from libtorch's; of quantities above 1 relative. */
    public static final double TOLERANCE = 1e-4;

    /** What the file calls its input. */
    public static final String INPUT = "pictures";

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
     * @param height of the pictures that it takes, in pixels
     * @param width of the pictures that it takes, in pixels
     * @param classes how many probabilities it gives
     * @param bytes the size of the file
     * @param difference the largest difference between ONNX Runtime's and libtorch's answers
     */
    public record Result(int height, int width, int classes, long bytes, double difference) {}

    /**
     * Writes the file.
     *
     * @throws ModelFileException when the model file cannot be used, is not for pictures of one size, or does something
     *     that cannot be written
     * @throws IOException when the file cannot be written
     * @throws IllegalStateException when ONNX Runtime gives other answers
     */
    public Result run() throws IOException {
        try (var predictor = Predictor.load(model, Engines.LIBTORCH)) {
            var export = new Export(pictures(predictor, model), input);
            var onnx = write(export);
            double difference = export.check(onnx);
            AtomicFiles.writeBytes(out, onnx.bytes());
            return result(onnx, difference);
        }
    }

    static ImageTask pictures(Predictor predictor, Path model) {
        if (predictor.task() instanceof ImageTask task) {
            return task;
        }
        throw new ModelFileException(model + " is a model for "
                + predictor.document().task() + "; only models for pictures can be exported.");
    }

    OnnxModel write(Export export) {
        try {
            return export.write();
        } catch (ModelFileException impossible) {
            throw new ModelFileException(model + " cannot be exported: " + impossible.getMessage(), impossible);
        }
    }

    static Result result(OnnxModel onnx, double difference) {
        int classes = onnx.document().vocabulary().size();
        return new Result(onnx.height(), onnx.width(), classes, onnx.bytes().length, difference);
    }
}
