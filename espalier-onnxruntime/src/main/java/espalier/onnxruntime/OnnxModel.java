package espalier.onnxruntime;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import espalier.format.ModelDocument;
import espalier.format.ModelFileException;
import espalier.predict.Engine;
import espalier.report.PlainText;
import espalier.token.TokenReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX file that {@code espalier export} wrote, looked at before any of it runs: see {@link OnnxGate} for what is
 * refused.
 *
 * @param bytes the file
 * @param document what the model is
 * @param elements what it takes
 * @param height of the pictures that it takes, in pixels; of texts 1
 * @param width of the pictures that it takes, in pixels; of texts the number of tokens of the golden one
 * @param precision {@code "int8"} where layers are quantised, else {@code "float32"}
 * @param golden a picture or text as it takes it, whose answer is known; little-endian
 * @param answer the probabilities of that picture or text
 */
@SuppressWarnings("ArrayRecordComponent") // a model, which nobody compares
public record OnnxModel(
        byte[] bytes,
        ModelDocument document,
        Elements elements,
        int height,
        int width,
        String precision,
        byte[] golden,
        float[] answer) {
    /** What a model takes. */
    public enum Elements {
        /** Pictures as bytes {@code [N, H, W, 3]}. */
        BYTES(DataType.UINT8_VALUE, 1),
        /** Pictures as floats {@code [N, 3, H, W]} from 0 to 1. */
        FLOATS(DataType.FLOAT_VALUE, 4),
        /** Texts as the indices of their tokens, int64 {@code [N, T]}, padded at the end. */
        TOKENS(DataType.INT64_VALUE, 8);

        private final int type;
        private final int size;

        Elements(int type, int size) {
            this.type = type;
            this.size = size;
        }

        private static Elements of(int type) {
            return Arrays.stream(values())
                    .filter(one -> one.type == type)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("its input is neither bytes, floats nor tokens."));
        }

        /** PyTorch's word for the type of number. */
        public String typeName() {
            return this == BYTES ? "uint8" : this == FLOATS ? "float32" : "int64";
        }

        private List<Integer> shape(int height, int width) {
            return switch (this) {
                case BYTES -> List.of(height, width, 3);
                case FLOATS -> List.of(3, height, width);
                case TOKENS -> List.of(0); // free
            };
        }

        private long bytes(int height, int width) {
            return (this == TOKENS ? 1L : 3L) * size * height * width;
        }
    }

    /** The {@link #precision} of quantised models. */
    public static final String INT8 = "int8";

    /** The largest side of a picture that a file may ask for, as in model files. */
    private static final int MOST_SIDE = 2048;

    private static final int DEPTH = 32;
    private static final int ENDING = 8192;
    private static final long MOST_BYTES = Integer.MAX_VALUE - 8L;

    /** Reads a file. @throws ModelFileException when it is missing, damaged, or not one that Espalier wrote */
    public static OnnxModel read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new ModelFileException("there is no file " + file + ". Maybe it is misspelt.");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new ModelFileException(file + " is larger than 2 GB, which no ONNX file can be.");
            }
            return of(Files.readAllBytes(file), file.toString());
        } catch (IOException failure) {
            throw new ModelFileException(file + " cannot be read: " + failure.getMessage(), failure);
        } catch (OutOfMemoryError full) {
            throw new ModelFileException(
                    file + " does not fit into the memory. Maybe start Java with a larger -Xmx.", full);
        }
    }

    /** A guess before the file is read: whether it ends with golden texts. What it is, {@link #read} says. */
    static boolean seemsForTexts(Path file) {
        try (var channel = Files.newByteChannel(file)) {
            var end = ByteBuffer.allocate((int) Math.min(ENDING, channel.size()));
            channel.position(channel.size() - end.capacity()).read(end);
            return new String(end.array(), StandardCharsets.ISO_8859_1).contains("golden_texts");
        } catch (IOException unreadable) {
            return false;
        }
    }

    /**
     * Looks at the bytes of a file.
     *
     * @param name what errors call it
     * @throws ModelFileException when it is damaged, or not one that Espalier wrote
     */
    public static OnnxModel of(byte[] bytes, String name) {
        try {
            var input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            input.enableAliasing(true); // the weights are not copied
            input.setRecursionLimit(DEPTH);
            var model = ModelProto.parseFrom(input);
            OnnxGate.check(model);
            return of(bytes, model, name);
        } catch (InvalidProtocolBufferException damaged) {
            throw refused(name, "it is no ONNX file, or a damaged one: " + damaged.getMessage(), damaged);
        } catch (IOException | IllegalArgumentException wrong) {
            throw refused(name, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /** The shape of what it takes, {@code "N"} and {@code "T"} for what is free. */
    public List<Object> shape() {
        return switch (elements) {
            case BYTES -> List.of("N", height, width, 3);
            case FLOATS -> List.of("N", 3, height, width);
            case TOKENS -> List.of("N", "T");
        };
    }

    /** The same without what a session has copied: the file and the golden picture. */
    OnnxModel inUse() {
        return new OnnxModel(new byte[0], document, elements, height, width, precision, new byte[0], answer);
    }

    private static ModelFileException refused(String name, String reason, Exception cause) {
        return new ModelFileException(
                name + " cannot be used: " + PlainText.line(reason, 500)
                        + " Maybe export the model again: only files that Espalier wrote are run.",
                cause);
    }

    private static OnnxModel of(byte[] bytes, ModelProto model, String name) {
        Map<String, String> metadata = new HashMap<>();
        model.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        var document = ModelDocument.fromJson(text(metadata, "espalier"), name);
        var input = only(model.getGraph().getInputList(), "input");
        var output = only(model.getGraph().getOutputList(), "output");
        var elements = Elements.of(type(input));
        boolean texts = elements == Elements.TOKENS;
        int height = texts ? 1 : side(input, elements == Elements.FLOATS ? 2 : 1);
        int width = texts ? steps(text(metadata, "golden_shape")) : side(input, elements == Elements.FLOATS ? 3 : 2);
        expect(input, elements.shape(height, width), "input");
        int classes = document.vocabulary().size();
        if (type(output) != DataType.FLOAT_VALUE) {
            throw new IllegalArgumentException("its output is not float32.");
        }
        expect(output, List.of(classes), "output");
        byte[] golden = decoded(metadata, "golden_input", elements.bytes(height, width));
        float[] answer = new float[classes];
        ByteBuffer.wrap(decoded(metadata, "golden_output", 4L * classes))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(answer);
        return new OnnxModel(bytes, document, elements, height, width, precision(model), golden, answer);
    }

    private static String precision(ModelProto model) {
        boolean quantised = model.getGraph().getNodeList().stream()
                .anyMatch(node -> node.getOpType().equals("QuantizeLinear"));
        return quantised ? INT8 : Engine.FLOAT32;
    }

    private static String text(Map<String, String> metadata, String key) {
        String text = metadata.get(key);
        if (text == null) {
            throw new IllegalArgumentException("its metadata have no '" + key + "'.");
        }
        return text;
    }

    /** The first of the golden pictures or answers. */
    private static byte[] decoded(Map<String, String> metadata, String key, long size) {
        byte[] all = Base64.getDecoder().decode(text(metadata, key));
        if (all.length < size || all.length % size != 0) {
            throw new IllegalArgumentException(
                    "its '" + key + "' has " + all.length + " bytes, expected a multiple of " + size + ".");
        }
        return Arrays.copyOf(all, (int) size);
    }

    private static ValueInfoProto only(List<ValueInfoProto> ports, String what) {
        if (ports.size() != 1) {
            throw new IllegalArgumentException("it has " + ports.size() + " " + what + "s, expected one.");
        }
        return ports.get(0);
    }

    private static int type(ValueInfoProto port) {
        return port.getType().getTensorType().getElemType();
    }

    /** The tokens of each golden text, by a shape such as {@code "[3, 24]"}. */
    private static int steps(String shape) {
        String steps = shape.replaceFirst("^\\[[0-9]{1,9}, ([0-9]{1,9})]$", "$1");
        int count = steps.matches("[0-9]+") ? Integer.parseInt(steps) : 0;
        if (count < 1 || count > TokenReader.MOST_TOKENS) {
            throw new IllegalArgumentException("its golden texts have the shape " + shape
                    + ", expected [N, T] with T from 1 to " + TokenReader.MOST_TOKENS + ".");
        }
        return count;
    }

    private static int side(ValueInfoProto input, int dim) {
        var shape = input.getType().getTensorType().getShape();
        long side = dim < shape.getDimCount() ? shape.getDim(dim).getDimValue() : -1;
        if (side < 1 || side > MOST_SIDE) {
            throw new IllegalArgumentException(
                    "a side of its pictures is " + side + " pixels, expected 1 to " + MOST_SIDE + ".");
        }
        return (int) side;
    }

    /** After the batch, whose size is free. */
    private static void expect(ValueInfoProto port, List<Integer> sizes, String what) {
        List<OnnxMl.TensorShapeProto.Dimension> dims =
                port.getType().getTensorType().getShape().getDimList();
        boolean fits = dims.size() == sizes.size() + 1 && !dims.get(0).hasDimValue();
        for (int i = 0; fits && i < sizes.size(); i++) {
            fits = dims.get(i + 1).getDimValue() == sizes.get(i);
        }
        if (!fits) {
            throw new IllegalArgumentException("its " + what + " is not of the shape [N, "
                    + String.join(", ", sizes.stream().map(String::valueOf).toList())
                    + "] that its document tells of.");
        }
    }
}
