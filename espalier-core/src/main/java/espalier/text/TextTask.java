package espalier.text;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.predict.PredictionTask;
import espalier.predict.ReadTexts;
import java.util.List;
import java.util.Optional;

/** Prediction for texts, from a model file of a linear or a neural classifier. */
public final class TextTask extends ReadTexts {
    private final ModelDocument document;
    private final TextPredictor predictor;

    private TextTask(ModelDocument document, TextPredictor predictor) {
        this.document = document;
        this.predictor = predictor;
    }

    /** Finds the task of a model file for texts. */
    public static final class Provider implements PredictionTask.Provider {
        /** For the service loader. */
        public Provider() {}

        @Override
        public Optional<PredictionTask<?>> open(ModelFile file) {
            var document = file.document();
            if (TextModelFile.isOne(document)) {
                return Optional.of(new TextTask(document, TextModelFile.load(file)));
            }
            return TextNetworkFile.isOne(document)
                    ? Optional.of(new TextTask(document, TextNetworkFile.load(file)))
                    : Optional.empty();
        }
    }

    /** Whether a model file takes texts. */
    public static boolean takes(ModelDocument document) {
        return TextModelFile.isOne(document) || TextNetworkFile.isOne(document);
    }

    /** The model, for explanations. */
    public TextPredictor model() {
        return predictor;
    }

    /** The linear classifier; empty for networks. */
    public Optional<TextClassifier> classifier() {
        return predictor instanceof TextClassifier linear ? Optional.of(linear) : Optional.empty();
    }

    @Override
    public float[][] probabilities(List<String> texts) {
        return predictor.probabilities(texts);
    }

    @Override
    public String engine() {
        return predictor.engine();
    }

    @Override
    public ModelDocument document() {
        return document;
    }

    @Override
    public void close() {
        predictor.close();
    }
}
