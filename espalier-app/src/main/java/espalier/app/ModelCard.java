package espalier.app;

import espalier.format.ModelDocument;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The facts on a model that readers of a report want to know, by their names; from the model file alone. */
final class ModelCard {
    private ModelCard() {}

    static Map<String, String> of(ModelDocument document) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("task", document.task());
        facts.put("architecture", document.architecture().name());
        facts.put(
                "classes",
                document.vocabulary().size() + ": "
                        + document.vocabulary().stream().limit(20).collect(Collectors.joining(", "))
                        + (document.vocabulary().size() > 20 ? " and others" : ""));
        if (!document.transforms().isEmpty()) {
            facts.put(
                    "pictures are prepared by",
                    document.transforms().stream()
                            .map(step -> step.name() + " " + step.parameters())
                            .collect(Collectors.joining(", then ")));
        }
        if (!document.metrics().isEmpty()) {
            facts.put(
                    "figures of its own validation",
                    document.metrics().entrySet().stream()
                            .map(one -> one.getKey() + " " + shown(one.getValue()))
                            .collect(Collectors.joining(", ")));
        }
        document.provenance().ifPresent(from -> {
            facts.put("started from the weights", from.weights() + ", " + from.source());
            facts.put("licence of these", from.licence());
        });
        facts.put("made", document.created().toString());
        facts.put(
                "by",
                document.versions().entrySet().stream()
                        .map(one -> one.getKey() + " " + one.getValue())
                        .collect(Collectors.joining(", ")));
        if (!document.weightsSha256().isEmpty()) {
            facts.put("SHA-256 of the weights", document.weightsSha256());
        }
        return facts;
    }

    private static String shown(Object value) {
        return value instanceof Number number
                ? String.format(Locale.ROOT, "%.4f", number.doubleValue())
                : String.valueOf(value);
    }
}
