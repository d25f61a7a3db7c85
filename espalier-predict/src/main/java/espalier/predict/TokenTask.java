package espalier.predict;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.report.PlainText;
import espalier.token.TokenReader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Prediction for texts by an engine, which takes the indices of their tokens: int64 {@code [N, T]}, padded at the end. */
public final class TokenTask extends ReadTexts {
    /** What the tasks of models of texts begin with; the target says the rest. */
    public static final String KIND = "text-";

    /** The option of the architecture that says how texts are read. */
    public static final String FIELD = "field";

    private final ModelDocument document;
    private final Engine engine;
    private final TokenReader reader;

    /**
     * The task of a model for texts.
     *
     * @param document with the tokens of the vocabulary
     * @param engine which the task closes
     * @throws ModelFileException when the document does not say how texts are read
     */
    public TokenTask(ModelDocument document, Engine engine) {
        this(reader(document), withoutVocabulary(document), engine); // the reader first: it checks
    }

    private TokenTask(TokenReader reader, ModelDocument document, Engine engine) {
        this.document = document;
        this.engine = engine;
        this.reader = reader;
    }

    /** As a model file's: what servers tell of a model has not all the words that it was trained on. */
    private static ModelDocument withoutVocabulary(ModelDocument document) {
        var json = JsonMapper.builder().build();
        var tree = (ObjectNode) json.readTree(document.toJson());
        tree.withObject("/architecture/options/" + FIELD).remove(TokenReader.VOCABULARY);
        return ModelDocument.fromJson(json.writeValueAsString(tree), "the model");
    }

    /** Finds the task of a document for texts that has the tokens of the vocabulary. */
    public static final class Provider implements PredictionTask.Provider {
        /** For the service loader. */
        public Provider() {}

        @Override
        public Optional<PredictionTask<?>> open(ModelDocument document, Engine engine, Optional<ModelFile> file) {
            return document.task().startsWith(KIND) && file.isEmpty()
                    ? Optional.of(new TokenTask(document, engine))
                    : Optional.empty();
        }
    }

    /** How a document's texts are read. @throws ModelFileException when it does not say so */
    public static TokenReader reader(ModelDocument document) {
        try {
            if (document.architecture().options().get(FIELD) instanceof Map<?, ?> field) {
                return TokenReader.from(field);
            }
            throw new IllegalArgumentException("it does not say how texts are read. Maybe export it again.");
        } catch (IllegalArgumentException wrong) {
            throw new ModelFileException(
                    "the model cannot be used: " + PlainText.line(String.valueOf(wrong.getMessage()), 2_000), wrong);
        }
    }

    @Override
    public float[][] probabilities(List<String> texts) {
        return engine.probabilities(
                inputs(reader, texts.stream().map(reader::indices).toList()));
    }

    /** Tokens as an engine takes them; an empty text is one padding. @shape int64 {@code [N, T]} */
    public static Inputs inputs(TokenReader reader, List<long[]> texts) {
        int steps =
                Math.max(1, texts.stream().mapToInt(text -> text.length).max().orElse(1));
        long[] all = new long[Math.multiplyExact(texts.size(), steps)];
        Arrays.fill(all, reader.pad());
        for (int n = 0; n < texts.size(); n++) {
            System.arraycopy(texts.get(n), 0, all, n * steps, texts.get(n).length);
        }
        return Inputs.of(all, texts.size(), steps);
    }

    @Override
    public int runs() {
        return engine.runs();
    }

    @Override
    public PredictionTask<String> parallel() {
        var other = engine.parallel();
        return other == engine ? this : new TokenTask(reader, document, other);
    }

    @Override
    public String engine() {
        return engine.name();
    }

    @Override
    public String precision() {
        return engine.precision();
    }

    @Override
    public ModelDocument document() {
        return document;
    }

    @Override
    public void close() {
        engine.close();
    }
}
