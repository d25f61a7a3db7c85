package espalier.text;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.item.Items;
import espalier.predict.PredictionTask;
import espalier.report.DataException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Prediction for texts, from a model file of a linear or a neural classifier; a file with the ending {@code .txt} is one text. */
public final class TextTask implements PredictionTask<String> {
    /** The longest text, in bytes of UTF-8. */
    public static final int MOST_BYTES = 10 << 20;

    private static final Set<String> ENDINGS = Set.of("txt");

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
    public String read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw tooLong(Files.size(file));
            }
            return decoded(Files.readAllBytes(file), file.toString());
        } catch (NoSuchFileException missing) {
            throw DataException.unreadable(
                    file.toString(), "there is no such file", "Maybe the name is misspelt.", missing);
        } catch (IOException failure) {
            throw DataException.unreadable(
                    file.toString(), String.valueOf(failure.getMessage()), "Maybe it is a folder.", failure);
        }
    }

    @Override
    public String read(byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw tooLong(bytes.length);
        }
        return decoded(bytes, "the text");
    }

    @Override
    public String read(BufferedImage picture) {
        throw new DataException("the model takes texts, not pictures. Maybe another model was meant.");
    }

    @Override
    public String read(String text) {
        if (text.length() > MOST_BYTES) {
            throw tooLong(text.length());
        }
        return text;
    }

    private static DataException tooLong(long bytes) {
        return new DataException("the text has " + bytes + " bytes, and at most " + MOST_BYTES
                + " are possible. Maybe it is several texts: give them one by one.");
    }

    private static String decoded(byte[] bytes, String what) {
        var buffer = ByteBuffer.wrap(bytes);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException wrong) {
            throw DataException.unreadable(
                    what,
                    "it is not UTF-8 (byte " + buffer.position() + ")",
                    "Maybe it is in another encoding, or no text.",
                    wrong);
        }
    }

    @Override
    public Items.Found find(Path folder) {
        return Items.files(ENDINGS).find(folder);
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
