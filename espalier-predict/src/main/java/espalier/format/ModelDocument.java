package espalier.format;

import espalier.files.Libraries;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Everything about a model but its weights: what a prediction needs, and where the model comes from. It lies as
 * JSON in the model file. Immutable, lists and maps included; the copy-setters are named like the components.
 *
 * <pre>{@code
 * var document = ModelDocument.of("image-classification", new Architecture("resnet18", Map.of()), classes)
 *         .normalisation(new Normalisation(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)))
 *         .activation("softmax");
 * }</pre>
 *
 * @param formatVersion the version of the document's format, 1 so far
 * @param requires the oldest version of Espalier that can read it, such as {@code "0.1"}
 * @param task what the model does, such as {@code "image-classification"}
 * @param architecture which network, so that it can be built again
 * @param vocabulary the names of the classes, tags or quantities in the order of the scores
 * @param transforms what validation does to an item before the model, in order
 * @param normalisation the statistics subtracted from and divided by, when there are any
 * @param activation what turns scores into probabilities: {@code "softmax"}, {@code "sigmoid"} or {@code "identity"}
 * @param thresholds the probabilities from which a label counts: none, one for all, or one for each class
 * @param history one map an epoch, such as {@code {"epoch": 1, "train_loss": 0.41}}
 * @param metrics the last values on the validation set by name
 * @param details what only this task needs, such as the tokeniser of texts, and what the model's maker says of it
 * @param versions of the software that wrote the file, by name
 * @param provenance of the pretrained weights that training started from, when there were any
 * @param created when the file was made
 * @param weightsSha256 the SHA-256 of this document and of all tensors with their names, types and shapes (in files
 *     of before it: of the tensors' bytes alone); empty before saving
 */
public record ModelDocument(
        int formatVersion,
        String requires,
        String task,
        Architecture architecture,
        List<String> vocabulary,
        List<Step> transforms,
        Optional<Normalisation> normalisation,
        String activation,
        List<Double> thresholds,
        List<Map<String, Object>> history,
        Map<String, Object> metrics,
        Map<String, Object> details,
        Map<String, String> versions,
        Optional<Provenance> provenance,
        Instant created,
        String weightsSha256) {

    /** What the tasks of models end with whose outputs are quantities. */
    public static final String REGRESSION = "regression";

    /** The version of the format that this Espalier writes, and the newest that it reads. */
    public static final int FORMAT_VERSION = 1;

    /** The most classes that a model may have. */
    public static final int MAX_CLASSES = 100_000;

    /** The longest name that a class may have, in characters. */
    public static final int MAX_NAME = 1_000;

    /** The most transforms between an item and the model: each costs time at every prediction. */
    public static final int MAX_TRANSFORMS = 32;

    static final String ESPALIER_VERSION = "0.1.0-SNAPSHOT";
    private static final int MAX_DEPTH = 32;

    /**
     * Which network a model is.
     *
     * @param name the name in the catalogue of models, such as {@code "efficientnet-lite0"}
     * @param options what it was built with, by name, with values that JSON can hold
     */
    public record Architecture(String name, Map<String, Object> options) {
        public Architecture {
            name = text("the name of the architecture", name);
            options = frozen(options);
        }
    }

    /**
     * One step between a raw item and the model.
     *
     * @param name the name of the transform in its catalogue, such as {@code "resize"}
     * @param parameters everything it was made with, by name, with values that JSON can hold
     */
    public record Step(String name, Map<String, Object> parameters) {
        public Step {
            name = text("the name of a transform", name);
            parameters = frozen(parameters);
        }
    }

    /**
     * The statistics of an input: {@code (x - mean) / std}, one value a channel or one for all.
     *
     * @param mean in units of inputs between 0 and 1; from -1,000 to 1,000
     * @param std in the same units; from 0.000001 to 1,000
     */
    public record Normalisation(List<Double> mean, List<Double> std) {
        public Normalisation {
            mean = List.copyOf(Objects.requireNonNullElse(mean, List.of()));
            std = List.copyOf(Objects.requireNonNullElse(std, List.of()));
            if (mean.isEmpty() || mean.size() != std.size()) {
                throw new IllegalArgumentException("normalisation needs as many means as deviations, but got "
                        + mean.size() + " and " + std.size() + ". Maybe one was left out.");
            }
            if (!mean.stream().allMatch(x -> Math.abs(x) <= MOST)
                    || !std.stream().allMatch(x -> x >= LEAST_STD && x <= MOST)) {
                throw new IllegalArgumentException("normalisation needs means from -1,000 to 1,000 and positive"
                        + " deviations from 0.000001 to 1,000, but got " + mean + " and " + std
                        + ". Maybe a channel of the data is constant.");
            }
        }

        /** Beyond these, float32 overflows on the way through a network, and every answer is NaN. */
        private static final double MOST = 1_000;

        private static final double LEAST_STD = 1e-6;
    }

    /**
     * Where pretrained weights come from.
     *
     * @param weights their name in the registry, such as {@code "resnet18"}
     * @param licence the licence's SPDX name
     * @param source where they were published
     * @param sha256 of the file that was published, or its first digits
     */
    public record Provenance(String weights, String licence, String source, String sha256) {
        public Provenance {
            weights = text("the name of the pretrained weights", weights);
            licence = text("the licence of the pretrained weights", licence);
            source = text("the source of the pretrained weights", source);
            sha256 = Objects.requireNonNullElse(sha256, "");
        }
    }

    /** Checks and copies everything; what a file left out is empty. */
    public ModelDocument {
        if (formatVersion < 1 || formatVersion > FORMAT_VERSION) {
            throw new IllegalArgumentException("the format version must be from 1 to " + FORMAT_VERSION + ", but is "
                    + formatVersion + ". Maybe a newer Espalier wrote it.");
        }
        requires = Objects.requireNonNullElse(requires, "");
        task = text("the task", task);
        Objects.requireNonNull(architecture, "the architecture is missing");
        vocabulary = checked(Objects.requireNonNullElse(vocabulary, List.of()));
        transforms = List.copyOf(Objects.requireNonNullElse(transforms, List.of()));
        if (transforms.size() > MAX_TRANSFORMS) {
            throw new IllegalArgumentException("there are " + transforms.size() + " transforms; at most "
                    + MAX_TRANSFORMS + " are possible. Maybe the file is damaged.");
        }
        normalisation = Objects.requireNonNullElse(normalisation, Optional.empty());
        activation = Objects.requireNonNullElse(activation, "identity");
        thresholds = List.copyOf(Objects.requireNonNullElse(thresholds, List.of()));
        if (thresholds.size() > 1 && thresholds.size() != vocabulary.size()) {
            throw new IllegalArgumentException("there are " + thresholds.size() + " thresholds for " + vocabulary.size()
                    + " classes. Maybe give one for all.");
        }
        if (!thresholds.stream().allMatch(x -> x >= 0 && x <= 1)) {
            throw new IllegalArgumentException(
                    "thresholds must be probabilities from 0 to 1. Maybe they were given in per cent.");
        }
        history = Objects.requireNonNullElse(history, List.<Map<String, Object>>of()).stream()
                .map(ModelDocument::frozen)
                .toList();
        metrics = frozen(metrics);
        details = frozen(details);
        versions = Collections.unmodifiableMap(
                new LinkedHashMap<>(Objects.requireNonNullElse(versions, Map.<String, String>of())));
        provenance = Objects.requireNonNullElse(provenance, Optional.empty());
        created = Objects.requireNonNullElse(created, Instant.EPOCH);
        weightsSha256 = Objects.requireNonNullElse(weightsSha256, "");
    }

    /** A document with the versions of this software and the time of now; the rest is empty. */
    public static ModelDocument of(String task, Architecture architecture, List<String> vocabulary) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("espalier", ESPALIER_VERSION);
        Libraries.version("org.bytedeco", "pytorch").ifPresent(version -> versions.put("libtorch", version));
        versions.put("java", System.getProperty("java.version", "unknown"));
        versions.put("os", System.getProperty("os.name", "unknown") + " " + System.getProperty("os.arch", ""));
        return new ModelDocument(
                FORMAT_VERSION,
                "0.1",
                task,
                architecture,
                vocabulary,
                List.of(),
                Optional.empty(),
                "identity",
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                versions,
                Optional.empty(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                "");
    }

    /**
     * Reads a document as it stands in model files.
     *
     * @param file what errors call it
     * @throws ModelFileException when it is damaged, or of a newer version
     */
    public static ModelDocument fromJson(String json, String file) {
        return ModelDocumentJson.read(json, file);
    }

    /** The document as it stands in model files. */
    public String toJson() {
        return ModelDocumentJson.write(this);
    }

    /** A copy with other transforms. */
    public ModelDocument transforms(List<Step> transforms) {
        return with(draft -> draft.transforms = transforms);
    }

    /** A copy with other statistics. */
    public ModelDocument normalisation(Normalisation normalisation) {
        return with(draft -> draft.normalisation = Optional.of(normalisation));
    }

    /** A copy with another activation: {@code "softmax"}, {@code "sigmoid"} or {@code "identity"}. */
    public ModelDocument activation(String activation) {
        return with(draft -> draft.activation = activation);
    }

    /** Whether an item may have any number of labels, each with a probability of its own, rather than exactly one. */
    public boolean isMultiLabel() {
        return activation.equals("sigmoid");
    }

    /** Whether the outputs are quantities rather than probabilities of classes. */
    public boolean isNumeric() {
        return task.endsWith("-" + REGRESSION);
    }

    /** A copy with other thresholds. */
    public ModelDocument thresholds(List<Double> thresholds) {
        return with(draft -> draft.thresholds = thresholds);
    }

    /** A copy with another history. */
    public ModelDocument history(List<Map<String, Object>> history) {
        return with(draft -> draft.history = history);
    }

    /** A copy with other metrics. */
    public ModelDocument metrics(Map<String, Object> metrics) {
        return with(draft -> draft.metrics = metrics);
    }

    /** A copy with other details of the task. */
    public ModelDocument details(Map<String, Object> details) {
        return with(draft -> draft.details = details);
    }

    /** What the model's maker calls it, {@code "Bears of North America"}: the detail {@code "title"}. */
    public Optional<String> title() {
        return said("title");
    }

    /** What the model's maker says of it in a sentence or two: the detail {@code "description"}. */
    public Optional<String> description() {
        return said("description");
    }

    private Optional<String> said(String detail) {
        return details.get(detail) instanceof String text && !text.isBlank()
                ? Optional.of(text.substring(0, Math.min(text.length(), MAX_NAME)))
                : Optional.empty();
    }

    /** A copy with another origin of the pretrained weights. */
    public ModelDocument provenance(Provenance provenance) {
        return with(draft -> draft.provenance = Optional.of(provenance));
    }

    /** A copy with another time of making. */
    public ModelDocument created(Instant created) {
        return with(draft -> draft.created = created);
    }

    /** A copy with another digest of the weights; saving sets it. */
    ModelDocument weightsSha256(String weightsSha256) {
        return with(draft -> draft.weightsSha256 = weightsSha256);
    }

    private ModelDocument with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.done(this);
    }

    /** The components that can be set, on their way into a copy. */
    private static final class Draft {
        private List<Step> transforms;
        private Optional<Normalisation> normalisation;
        private String activation;
        private List<Double> thresholds;
        private List<Map<String, Object>> history;
        private Map<String, Object> metrics;
        private Map<String, Object> details;
        private Optional<Provenance> provenance;
        private Instant created;
        private String weightsSha256;

        Draft(ModelDocument from) {
            transforms = from.transforms;
            normalisation = from.normalisation;
            activation = from.activation;
            thresholds = from.thresholds;
            history = from.history;
            metrics = from.metrics;
            details = from.details;
            provenance = from.provenance;
            created = from.created;
            weightsSha256 = from.weightsSha256;
        }

        ModelDocument done(ModelDocument from) {
            return new ModelDocument(
                    from.formatVersion,
                    from.requires,
                    from.task,
                    from.architecture,
                    from.vocabulary,
                    transforms,
                    normalisation,
                    activation,
                    thresholds,
                    history,
                    metrics,
                    details,
                    from.versions,
                    provenance,
                    created,
                    weightsSha256);
        }
    }

    private static String text(String what, String value) {
        if (value == null || value.isBlank() || value.length() > MAX_NAME) {
            throw new IllegalArgumentException(what + " must be a text of 1 to " + MAX_NAME + " characters, but is "
                    + (value == null ? "missing" : "of " + value.length()) + ". Maybe the file is damaged.");
        }
        return value;
    }

    private static List<String> checked(List<String> vocabulary) {
        if (vocabulary.size() > MAX_CLASSES) {
            throw new IllegalArgumentException("there are " + vocabulary.size() + " classes; at most " + MAX_CLASSES
                    + " are possible. Maybe the labels are numbers to be predicted, not classes.");
        }
        vocabulary.forEach(name -> text("the name of a class", name));
        if (new HashSet<>(vocabulary).size() < vocabulary.size()) {
            throw new IllegalArgumentException("two classes have the same name. Maybe they should be one.");
        }
        return List.copyOf(vocabulary);
    }

    private static Map<String, Object> frozen(Map<String, Object> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        Objects.requireNonNullElse(map, Map.<String, Object>of())
                .forEach((key, value) -> copy.put(key, frozen(value, MAX_DEPTH)));
        return Collections.unmodifiableMap(copy);
    }

    private static Object frozen(Object value, int depth) {
        if (depth == 0) {
            throw new IllegalArgumentException(
                    "values are nested more than " + MAX_DEPTH + " deep. Maybe a list holds itself.");
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, inner) -> copy.put(key, frozen(inner, depth - 1)));
            return Collections.unmodifiableMap(copy);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(inner -> frozen(inner, depth - 1)).toList();
        }
        return value;
    }
}
