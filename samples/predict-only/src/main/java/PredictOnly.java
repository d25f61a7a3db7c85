import espalier.predict.Predictor;
import java.io.IOException;
import java.nio.file.Path;

/** Asks an ONNX file that {@code espalier export} wrote about pictures, without libtorch. */
public final class PredictOnly {
    private PredictOnly() {}

    /** Arguments: the ONNX file, and the pictures to predict. */
    public static void main(String[] args) throws IOException {
        try (var predictor = Predictor.load(Path.of(args[0]))) {
            for (int i = 1; i < args.length; i++) {
                System.out.println(predictor.predict(Path.of(args[i])));
            }
        }
    }
}
