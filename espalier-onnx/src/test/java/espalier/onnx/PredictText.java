package espalier.onnx;

import espalier.predict.Predictor;
import java.nio.file.Path;

/** Started by {@link TextExportTest} without libtorch: prints the probabilities of a text. */
final class PredictText {
    private PredictText() {}

    public static void main(String[] args) {
        try (var predictor = Predictor.load(Path.of(args[0]))) {
            for (float probability : predictor.predictText(args[1]).probabilities()) {
                System.out.println(probability);
            }
        }
    }
}
