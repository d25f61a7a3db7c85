package espalier.onnx;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.onnxruntime.OnnxEngine;
import espalier.onnxruntime.OnnxModel;
import espalier.predict.Inputs;
import espalier.predict.PredictionTask;
import espalier.predict.TokenTask;
import espalier.text.StoredNames;
import espalier.text.TextTask;
import espalier.token.TokenReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A network for texts on its way into an ONNX file, and the texts by which the two are compared. */
final class TextExport implements Export {
    /** The tokens of the golden texts. */
    private static final List<Integer> LENGTHS = List.of(24, 7, 1);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PredictionTask<String> task;
    private final ModelFile file;
    private final ModelDocument document;
    private final TokenReader reader;
    private final List<String> golden;

    /**
     * @param task libtorch's
     * @throws ModelFileException when the model is no network
     */
    TextExport(TextTask task, ModelFile file) {
        if (task.classifier().isPresent()) {
            throw new ModelFileException("it counts n-grams of the text itself, which ONNX has no operators for."
                    + " Maybe predict with the model file, or train a network, such as a CNN.");
        }
        this.task = task;
        this.file = file;
        this.document = whole(file);
        this.reader = TokenTask.reader(document);
        this.golden = LENGTHS.stream().map(this::text).toList();
    }

    /** The document with the tokens of the vocabulary, which a model file has among its tensors. */
    private static ModelDocument whole(ModelFile file) {
        var json = (ObjectNode) JSON.readTree(file.document().toJson());
        json.withObject("/architecture/options/" + TokenTask.FIELD)
                .putPOJO(TokenReader.VOCABULARY, StoredNames.vocabulary(file.tensors()));
        return ModelDocument.fromJson(JSON.writeValueAsString(json), "the exported model");
    }

    /** A text of tokens from all over the vocabulary. */
    private String text(int tokens) {
        return IntStream.range(0, tokens)
                .mapToObj(i -> reader.token((int) ((2L + 7919L * i * tokens) % reader.size())))
                .collect(Collectors.joining(" "));
    }

    @Override
    public OnnxModel write() {
        try {
            var inputs = TokenTask.inputs(
                    reader, golden.stream().map(reader::indices).toList());
            var metadata = Export.metadata(
                    document,
                    bytes(inputs),
                    new long[] {inputs.count(), inputs.size(1)},
                    bytes(task.probabilities(golden)));
            metadata.put("golden_texts", JSON.writeValueAsString(golden));
            var graph = TextGraph.of(document, file.tensors(), reader.pad());
            return OnnxModel.of(OnnxWriter.model(graph, metadata).toByteArray(), "the exported model");
        } catch (IllegalArgumentException impossible) {
            throw new ModelFileException(String.valueOf(impossible.getMessage()), impossible);
        }
    }

    private static byte[] bytes(Inputs tokens) {
        var values = (LongBuffer) tokens.elements();
        var bytes = ByteBuffer.allocate(8 * values.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values.duplicate());
        return bytes.array();
    }

    private static byte[] bytes(float[][] rows) {
        var bytes = ByteBuffer.allocate(4 * rows.length * rows[0].length).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : rows) {
            for (float value : row) {
                bytes.putFloat(value);
            }
        }
        return bytes.array();
    }

    /** Also by an empty text and one of unknown words, and all of them alone. */
    @Override
    public double check(OnnxModel onnx) {
        double worst = 0;
        List<String> texts = new ArrayList<>(golden);
        texts.addAll(List.of("", "qzx\u2603 qzx\u2603?"));
        try (var other = new TokenTask(document, OnnxEngine.of(onnx))) {
            worst = Export.worse(worst, task.probabilities(texts), other.probabilities(texts));
            for (String text : texts) {
                worst = Export.worse(worst, task.probabilities(List.of(text)), other.probabilities(List.of(text)));
            }
        }
        return Export.small(worst);
    }
}
