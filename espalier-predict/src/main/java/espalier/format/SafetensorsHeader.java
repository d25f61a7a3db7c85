package espalier.format;

import espalier.report.PlainText;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The header of a safetensors file: for each tensor its type, shape and place, and free text metadata.
 *
 * <p>The format: 8 bytes with the little-endian length of the header, the header as a JSON object, then the
 * bytes of all tensors without gaps. Everything that a file claims is checked here before a byte of a tensor
 * is read or allocated.
 *
 * @param entries the tensors in the order of the header
 * @param metadata the texts under {@code __metadata__}
 * @param length the length of the JSON in bytes
 */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata, int length) {
    static final long MAX_LENGTH = 100_000_000;
    static final int MAX_TENSORS = 100_000;
    static final int MAX_NAME = 1_000;
    private static final int MAX_DEPTH = 4;
    private static final String METADATA = "__metadata__";
    private static final Map<String, DType> TYPES = types();

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME)
                    .maxNumberLength(20)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** The place of a tensor: its bytes are from {@code begin} to before {@code end}, counted from the header's end. */
    record Entry(DType dtype, List<Long> shape, long begin, long end) {
        long[] dims() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }

        long size() {
            return end - begin;
        }
    }

    /**
     * Reads and checks the header of a file.
     *
     * @throws HeaderException when anything is not as the format says
     */
    static SafetensorsHeader parse(long length, ByteBuffer json, long fileSize) throws HeaderException {
        String text = text(json);
        if (!text.startsWith("{")) {
            throw new HeaderException("the header does not start with '{'");
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                if (name.equals(METADATA)) {
                    readMetadata(parser, metadata);
                } else {
                    entries.put(name, readEntry(parser, name));
                }
                if (entries.size() > MAX_TENSORS) {
                    throw new HeaderException("the header lists more than " + MAX_TENSORS + " tensors");
                }
            }
            if (parser.nextToken() != null) {
                throw new HeaderException("the header goes on after its JSON object");
            }
        } catch (JacksonException wrong) {
            throw new HeaderException("the header is not the JSON of safetensors: " + wrong.getOriginalMessage());
        }
        checkPlaces(entries, fileSize - 8 - length);
        return new SafetensorsHeader(
                Collections.unmodifiableMap(entries), Collections.unmodifiableMap(metadata), (int) length);
    }

    /**
     * Checks the length that the first 8 bytes of a file claim.
     *
     * @param memory the size of the heap in bytes, of which reading a header takes up to eight times its length
     */
    static int checkLength(long length, long fileSize, long memory) throws HeaderException {
        if (length < 2 || length > MAX_LENGTH) {
            throw new HeaderException("the header's length is given as %s bytes; from 2 to %d are possible"
                    .formatted(Long.toUnsignedString(length), MAX_LENGTH));
        }
        if (length > fileSize - 8) {
            throw new HeaderException(
                    "the header takes %d bytes, but the file has only %d".formatted(length, fileSize));
        }
        if (length > memory / 12) {
            throw new HeaderException("the header takes %d MB, too much for the %d MB of memory that Java has (-Xmx)"
                    .formatted(length >> 20, memory >> 20));
        }
        return (int) length;
    }

    private static String text(ByteBuffer json) throws HeaderException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(json).toString();
        } catch (CharacterCodingException wrong) {
            throw new HeaderException("the header is not valid UTF-8");
        }
    }

    private static void readMetadata(JsonParser parser, Map<String, String> metadata) throws HeaderException {
        require(parser.nextToken() == JsonToken.START_OBJECT, METADATA, "is not an object");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            require(parser.nextToken() == JsonToken.VALUE_STRING, METADATA, "has a value that is not text: " + key);
            metadata.put(key, parser.getString());
        }
    }

    private static Entry readEntry(JsonParser parser, String name) throws HeaderException {
        require(parser.nextToken() == JsonToken.START_OBJECT, name, "is not described by an object");
        DType dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "dtype" -> dtype = readType(parser, name);
                case "shape" -> shape = readNumbers(parser, name, key);
                case "data_offsets" -> offsets = readNumbers(parser, name, key);
                default ->
                    throw new HeaderException(
                            "the tensor " + PlainText.quoted(name) + " has an unknown field " + PlainText.quoted(key));
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            throw new HeaderException("the tensor " + PlainText.quoted(name) + " lacks dtype, shape or data_offsets");
        }
        require(offsets.length == 2, name, "does not have two data_offsets");
        require(offsets[0] <= offsets[1], name, "ends before it begins");
        long expected;
        try {
            expected = RawTensor.byteCount(dtype, shape);
        } catch (IllegalArgumentException overflow) {
            throw new HeaderException(
                    "the tensor " + PlainText.quoted(name) + " has an impossible shape " + Arrays.toString(shape));
        }
        require(
                offsets[1] - offsets[0] == expected,
                name,
                "has %d bytes, but its shape %s of %s takes %d"
                        .formatted(offsets[1] - offsets[0], Arrays.toString(shape), dtype.torchName(), expected));
        return new Entry(dtype, Arrays.stream(shape).boxed().toList(), offsets[0], offsets[1]);
    }

    private static DType readType(JsonParser parser, String name) throws HeaderException {
        require(parser.currentToken() == JsonToken.VALUE_STRING, name, "has a dtype that is not text");
        DType dtype = TYPES.get(parser.getString());
        if (dtype == null) {
            throw new HeaderException("the tensor %s is of type %s; known are %s"
                    .formatted(
                            PlainText.quoted(name),
                            PlainText.quoted(parser.getString()),
                            TYPES.keySet().stream().sorted().collect(Collectors.joining(", "))));
        }
        return dtype;
    }

    private static long[] readNumbers(JsonParser parser, String name, String key) throws HeaderException {
        require(parser.currentToken() == JsonToken.START_ARRAY, name, "has a " + key + " that is not a list");
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(
                    parser.currentToken() == JsonToken.VALUE_NUMBER_INT && numbers.size() < RawTensor.MAX_DIMS,
                    name,
                    "has a " + key + " that is not a short list of whole numbers");
            long number = parser.getLongValue();
            require(number >= 0, name, "has a negative number in " + key);
            numbers.add(number);
        }
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    /** Tensors must fill the file from the header to its end: no gap, no overlap, nothing behind. */
    private static void checkPlaces(Map<String, Entry> entries, long dataSize) throws HeaderException {
        List<Map.Entry<String, Entry>> ordered = new ArrayList<>(entries.entrySet());
        ordered.sort(Comparator.<Map.Entry<String, Entry>>comparingLong(
                        e -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long end = 0;
        for (var entry : ordered) {
            Entry place = entry.getValue();
            require(
                    place.begin() == end,
                    entry.getKey(),
                    "begins at byte %d where %d is expected: tensors must follow each other without gap or overlap"
                            .formatted(place.begin(), end));
            end = place.end();
        }
        if (end != dataSize) {
            throw new HeaderException(
                    "the tensors take %d bytes, but %d bytes follow the header".formatted(end, dataSize));
        }
    }

    /**
     * The header for tensors that are to be written: names in the given order, bytes with the widest types
     * first, so that every tensor is aligned to its element size.
     */
    static SafetensorsHeader layout(Map<String, RawTensor> tensors, Map<String, String> metadata) {
        List<String> order = new ArrayList<>(tensors.keySet());
        order.sort(Comparator.comparingInt(
                name -> -Objects.requireNonNull(tensors.get(name)).dtype().bytes()));
        Map<String, Entry> places = new LinkedHashMap<>();
        long begin = 0;
        for (String name : order) {
            RawTensor tensor = Objects.requireNonNull(tensors.get(name));
            long end = begin + tensor.data().remaining();
            places.put(
                    name,
                    new Entry(
                            tensor.dtype(),
                            Arrays.stream(tensor.shape()).boxed().toList(),
                            begin,
                            end));
            begin = end;
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> entries.put(name, Objects.requireNonNull(places.get(name))));
        return new SafetensorsHeader(entries, metadata, 0);
    }

    /** The names in the order in which their bytes lie in the file. */
    List<String> byPlace() {
        return entries.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, Entry>>comparingLong(
                                e -> e.getValue().begin())
                        .thenComparingLong(e -> e.getValue().end()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The first bytes of the file: length, JSON, and spaces up to a multiple of 8. */
    ByteBuffer encode() {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeName(METADATA);
                json.writeStartObject();
                metadata.forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            entries.forEach((name, entry) -> encode(json, name, entry));
            json.writeEndObject();
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        int padded = Math.addExact(bytes.length, 7) / 8 * 8;
        byte[] spaces = new byte[padded - bytes.length];
        Arrays.fill(spaces, (byte) ' ');
        return ByteBuffer.allocate(8 + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(bytes)
                .put(spaces)
                .flip();
    }

    private static void encode(JsonGenerator json, String name, Entry entry) {
        json.writeName(name);
        json.writeStartObject();
        json.writeStringProperty("dtype", typeName(entry.dtype()));
        json.writeName("shape");
        json.writeArray(entry.dims(), 0, entry.shape().size());
        json.writeName("data_offsets");
        json.writeArray(new long[] {entry.begin(), entry.end()}, 0, 2);
        json.writeEndObject();
    }

    private static Map<String, DType> types() {
        Map<String, DType> types = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            types.put(typeName(dtype), dtype);
        }
        return types;
    }

    private static String typeName(DType dtype) {
        return switch (dtype) {
            case BOOL -> "BOOL";
            case UINT8 -> "U8";
            case INT8 -> "I8";
            case INT16 -> "I16";
            case INT32 -> "I32";
            case INT64 -> "I64";
            case FLOAT16 -> "F16";
            case BFLOAT16 -> "BF16";
            case FLOAT32 -> "F32";
            case FLOAT64 -> "F64";
        };
    }

    private static void require(boolean condition, String tensor, String otherwise) throws HeaderException {
        if (!condition) {
            throw new HeaderException("the tensor " + PlainText.quoted(tensor) + " " + otherwise);
        }
    }

    /** What is wrong with a header, without the file's name. */
    static final class HeaderException extends Exception {
        HeaderException(String message) {
            super(message);
        }
    }
}
