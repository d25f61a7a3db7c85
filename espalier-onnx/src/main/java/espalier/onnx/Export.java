package espalier.onnx;

import espalier.format.ModelDocument;
import espalier.format.ModelFileException;
import espalier.onnxruntime.OnnxModel;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A network on its way into an ONNX file, and the inputs by which the two are compared. */
sealed interface Export permits PictureExport, TextExport {
    /**
     * The network as an ONNX file.
     *
     * @throws ModelFileException when it does something that cannot be written
     */
    OnnxModel write();

    /**
     * Has ONNX Runtime predict the golden inputs, together and alone.
     *
     * @return the largest difference from libtorch's answers
     * @throws IllegalStateException when it is more than {@link OnnxExport#TOLERANCE}
     */
    double check(OnnxModel onnx);

    /** What the file says of itself. Arrays are little-endian. */
    static Map<String, String> metadata(ModelDocument document, byte[] inputs, long[] shape, byte[] answers) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("espalier", document.toJson());
        metadata.put("golden_input", Base64.getEncoder().encodeToString(inputs));
        metadata.put("golden_shape", Arrays.toString(shape));
        metadata.put("golden_output", Base64.getEncoder().encodeToString(answers));
        return metadata;
    }

    /** The larger of a difference and those of answers; NaN when one of them is none. */
    static double worse(double worst, float[][] expected, float[][] actual) {
        for (int i = 0; i < expected.length; i++) {
            for (int k = 0; k < expected[i].length; k++) {
                double difference = Math.abs(actual[i][k] - expected[i][k]) / Math.max(1, Math.abs(expected[i][k]));
                worst = Double.isNaN(difference) ? Double.NaN : Math.max(worst, difference);
            }
        }
        return worst;
    }

    /** The difference, when it is small. @throws IllegalStateException when it is not */
    static double small(double worst) {
        if (!(worst <= OnnxExport.TOLERANCE)) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "the exported model gives other answers than libtorch: they differ by up to %.2g, and %.2g is"
                            + " allowed. Nothing was written.",
                    worst,
                    OnnxExport.TOLERANCE));
        }
        return worst;
    }
}
