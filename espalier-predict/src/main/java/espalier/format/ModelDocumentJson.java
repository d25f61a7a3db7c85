package espalier.format;

import espalier.report.PlainText;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The JSON of a {@link ModelDocument}: names in snake case, no type names, bounded depth and length. */
final class ModelDocumentJson {
    private static final int MAX_LENGTH = 16_000_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(40)
                            .maxDocumentLength(MAX_LENGTH)
                            .maxNameLength(ModelDocument.MAX_NAME)
                            .maxNumberLength(40)
                            .build())
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ModelDocumentJson() {}

    /**
     * Reads a document. Fields that are unknown within the format's version are left out.
     *
     * @param file what errors call the file
     * @throws ModelFileException when it is damaged or of a newer version
     */
    static ModelDocument read(String json, String file) {
        try {
            if (json.length() > MAX_LENGTH) {
                throw new IllegalArgumentException("it has more than " + MAX_LENGTH + " characters");
            }
            JsonNode tree = MAPPER.readTree(json);
            if (!tree.isObject()) {
                throw new IllegalArgumentException("it is not an object");
            }
            checkVersion(tree, file);
            return MAPPER.treeToValue(tree, ModelDocument.class);
        } catch (JacksonException wrong) {
            throw damaged(file, wrong.getCause() instanceof Exception inner ? inner : wrong);
        } catch (IllegalArgumentException | NullPointerException wrong) {
            throw damaged(file, wrong);
        }
    }

    private static ModelFileException damaged(String file, Exception wrong) {
        String reason = wrong instanceof JacksonException json ? json.getOriginalMessage() : wrong.getMessage();
        reason = PlainText.line(String.valueOf(reason), 500);
        return new ModelFileException(
                file + ": the description of the model is damaged: " + reason
                        + ". Maybe it was edited by hand or by another program.",
                wrong);
    }

    private static void checkVersion(JsonNode tree, String file) {
        int version = tree.path("format_version").asInt(0);
        if (version > ModelDocument.FORMAT_VERSION) {
            String requires = tree.path("requires").asString("a newer version");
            throw new ModelFileException("%s: needs Espalier >= %s: it is in version %d of the model format,"
                            .formatted(file, PlainText.line(requires, 20), version)
                    + " and this Espalier %s reads versions up to %d. Maybe update Espalier."
                            .formatted(ModelDocument.ESPALIER_VERSION, ModelDocument.FORMAT_VERSION));
        }
    }

    static String write(ModelDocument document) {
        return MAPPER.writeValueAsString(document);
    }
}
