package espalier.web;

import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON in and out: strict about what comes in, plain about what goes out. */
public final class Json {
    static final String TYPE = "application/json;charset=utf-8";
    private static final int DEPTH = 32;
    private static final int DIGITS = 100;

    /** Long texts are pictures in base64; how long is limited by the body. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .maxNumberLength(DIGITS)
                            .maxNameLength(1000)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** Answers with a value: maps, lists, records, numbers, texts. */
    public static void answer(Context ctx, Object value) {
        ctx.contentType(TYPE).result(bytes(value));
    }

    /** A value as JSON in UTF-8. */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** A value as JSON on one line. */
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * The object that is the request's body: texts, numbers, booleans, lists and maps by name.
     *
     * @throws WebException 415 when the body is not said to be JSON; 400 when it is none, is no object, names something
     *     twice, or is nested more than 32 deep
     */
    public static Map<String, Object> object(Context ctx) {
        String type = String.valueOf(ctx.req().getContentType());
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new WebException(415, "unsupported_type", "The body must be JSON: Content-Type: application/json.");
        }
        return object(Body.bytes(ctx));
    }

    /** The object in these bytes; see {@link #object(Context)}. */
    @SuppressWarnings("unchecked") // keys of JSON are texts
    public static Map<String, Object> object(byte[] bytes) {
        try {
            Object value = MAPPER.readValue(bytes, Object.class);
            if (value instanceof Map<?, ?> map) {
                return (Map<String, Object>) map;
            }
            throw new WebException(400, "bad_json", "The body must be a JSON object: {...}.");
        } catch (StreamConstraintsException tooMuch) {
            throw new WebException(400, "bad_json", "The JSON is nested too deeply, or a number in it is too long.");
        } catch (JacksonException wrong) {
            throw new WebException(400, "bad_json", "The body is not valid JSON, or names something twice.");
        }
    }

    /** A text in an object. @throws WebException 400 when it is missing or no text */
    public static String text(Map<String, Object> object, String name) {
        if (object.get(name) instanceof String text) {
            return text;
        }
        throw new WebException(400, "bad_field", "The field '" + name + "' must be a text.");
    }

    /** A list of texts in an object. @throws WebException 400 when it is missing or something else, or longer than most */
    public static List<String> texts(Map<String, Object> object, String name, int most) {
        var list = list(object, name, most);
        if (list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw new WebException(400, "bad_field", "The field '" + name + "' must be a list of texts.");
    }

    /** A list in an object. @throws WebException 400 when it is missing or something else, 413 when longer than most */
    public static List<?> list(Map<String, Object> object, String name, int most) {
        if (object.get(name) instanceof List<?> list) {
            if (list.size() > most) {
                throw new WebException(
                        413,
                        "too_many",
                        "The field '" + name + "' may have " + most + " entries, received " + list.size() + ".");
            }
            return list;
        }
        throw new WebException(400, "bad_field", "The field '" + name + "' must be a list.");
    }
}
