package espalier.app;

import espalier.data.Loaders;
import espalier.image.Image;
import espalier.optim.Policies;
import espalier.optim.Policy;
import espalier.optim.Rates;
import espalier.train.Cycle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A training in several stages, one after the other as one run: a frozen body, the whole network, larger pictures.
 *
 * <pre>{@code
 * [{"freeze": true, "epochs": 5, "lr": 1e-2, "size": 128, "save": "stage-1"},
 *  {"freeze": false, "epochs": 5, "lr": [1e-5, 2e-3]},
 *  {"freeze": true, "epochs": 5, "lr": 5e-3, "size": 256},
 *  {"freeze": false, "epochs": 5, "lr": [1e-5, 1e-3], "schedule": "flat-cosine"}]
 * }</pre>
 *
 * @param all the stages, at least one
 */
public record Stages(List<Stage> all) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * One of them.
     *
     * @param freeze whether only the head is trained, or the whole network
     * @param epochs how often the training pictures are gone through, 1 or more
     * @param lr learning rates: one for all groups of layers; two for the first and the last, by equal factors between; or one for
     *     each
     * @param schedule how the rate moves, as {@link Policies#parse} reads it; empty: one cycle
     * @param size rows and columns of the pictures; empty: as in the stage before
     * @param batchSize pictures a batch; empty: as in the stage before
     * @param save the name of a model file to write beside the final one when the stage is done; empty: none
     */
    public record Stage(
            boolean freeze,
            int epochs,
            List<Double> lr,
            Optional<String> schedule,
            Optional<Integer> size,
            Optional<Integer> batchSize,
            Optional<String> save) {
        /** Checks what can be checked without the data. */
        public Stage {
            lr = List.copyOf(lr);
            if (epochs < 1) {
                throw new IllegalArgumentException("epochs is " + epochs + ", expected 1 or more");
            }
            rates(lr);
            schedule.ifPresent(Policies::parse);
            if (size.filter(pixels -> pixels < 8 || pixels > 4096).isPresent()) {
                throw new IllegalArgumentException("size is " + size.get() + ", expected 8 to 4096 pixels");
            }
            if (batchSize.filter(pictures -> pictures < 2).isPresent()) {
                throw new IllegalArgumentException("batch_size is " + batchSize.get() + ", expected 2 or more");
            }
            save.filter(name -> !name.matches("[\\w.-]*\\w[\\w.-]*")).ifPresent(name -> {
                throw new IllegalArgumentException(
                        "save is \"" + name + "\", expected a name of letters, digits, - and _,"
                                + " which is written beside the final model");
            });
        }

        private static Rates rates(List<Double> lr) {
            double[] numbers = lr.stream().mapToDouble(Double::doubleValue).toArray();
            return switch (numbers.length) {
                case 1 -> Rates.of(numbers[0]);
                case 2 -> Rates.range(numbers[0], numbers[1]);
                default -> Rates.list(numbers);
            };
        }

        private Policy policy() {
            return schedule.map(Policies::parse).orElseGet(Policies::oneCycle);
        }

        private Cycle cycle(int groups) {
            double[] rates = rates(lr).forGroups(groups);
            return new Cycle(
                    freeze ? "frozen" : "unfrozen",
                    epochs,
                    freeze ? groups - 1 : 0,
                    DoubleStream.of(rates).boxed().toList(),
                    policy());
        }

        private PictureOptions pictures(PictureOptions before) {
            var sized = size.map(before::size).orElse(before);
            return batchSize.map(sized::batchSize).orElse(sized);
        }

        private Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("freeze", freeze);
            map.put("epochs", epochs);
            map.put("lr", lr);
            schedule.ifPresent(name -> map.put("schedule", name));
            size.ifPresent(pixels -> map.put("size", pixels));
            batchSize.ifPresent(count -> map.put("batch_size", count));
            save.ifPresent(name -> map.put("save", name));
            return map;
        }
    }

    /** Checks that there is one. */
    public Stages {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("there is no stage. " + EXAMPLE);
        }
    }

    private static final String EXAMPLE = "Maybe [{\"freeze\": true, \"epochs\": 5, \"lr\": 1e-2, \"size\": 128},"
            + " {\"freeze\": false, \"epochs\": 5, \"lr\": [1e-5, 2e-3]}].";

    /**
     * Reads stages from JSON, a list of objects.
     *
     * @throws IllegalArgumentException when it is none, or one of them has a name or a value that no stage has
     */
    public static Stages parse(String json) {
        JsonNode tree;
        try {
            tree = JSON.readTree(json);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException(
                    "stages are a list in JSON: " + malformed.getOriginalMessage() + ". " + EXAMPLE);
        }
        if (!tree.isArray()) {
            throw new IllegalArgumentException(
                    "stages are a list in JSON, received " + tree.getNodeType() + ". " + EXAMPLE);
        }
        var all = new ArrayList<Stage>();
        for (JsonNode node : tree) {
            try {
                all.add(new Reader(node).stage());
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(
                        "stage " + (all.size() + 1) + ": " + wrong.getMessage() + ". " + EXAMPLE, wrong);
            }
        }
        return new Stages(all);
    }

    /** Reads one stage. */
    private record Reader(JsonNode node) {
        private static final List<String> NAMES =
                List.of("freeze", "epochs", "lr", "schedule", "size", "batch_size", "save");

        Stage stage() {
            if (!node.isObject()) {
                throw new IllegalArgumentException("expected an object, received " + node);
            }
            for (String name : node.propertyNames()) {
                if (!NAMES.contains(name)) {
                    throw new IllegalArgumentException("\"" + name + "\" is none of " + String.join(", ", NAMES));
                }
            }
            return new Stage(
                    needed("freeze", "true or false", JsonNode::isBoolean, JsonNode::booleanValue),
                    needed("epochs", "a whole number", JsonNode::isInt, JsonNode::intValue),
                    rates(),
                    value("schedule", "a name such as \"one-cycle\"", JsonNode::isString, JsonNode::stringValue),
                    value("size", "a whole number", JsonNode::isInt, JsonNode::intValue),
                    value("batch_size", "a whole number", JsonNode::isInt, JsonNode::intValue),
                    value("save", "a name", JsonNode::isString, JsonNode::stringValue));
        }

        private List<Double> rates() {
            String expected = "a number, or a list of numbers";
            JsonNode said = node.path("lr");
            if (said.isNumber()) {
                return List.of(said.doubleValue());
            }
            if (!said.isArray() || said.isEmpty() || !said.valueStream().allMatch(JsonNode::isNumber)) {
                throw wrong("lr", expected);
            }
            return said.valueStream().map(JsonNode::doubleValue).toList();
        }

        private <T> T needed(
                String name, String expected, Function<JsonNode, Boolean> fits, Function<JsonNode, T> read) {
            return value(name, expected, fits, read).orElseThrow(() -> wrong(name, expected));
        }

        private <T> Optional<T> value(
                String name, String expected, Function<JsonNode, Boolean> fits, Function<JsonNode, T> read) {
            if (!node.hasNonNull(name)) {
                return Optional.empty();
            }
            if (!fits.apply(node.path(name))) {
                throw wrong(name, expected);
            }
            return Optional.of(read.apply(node.path(name)));
        }

        private IllegalArgumentException wrong(String name, String expected) {
            return new IllegalArgumentException(
                    name + " needs " + expected + ", received " + (node.has(name) ? node.path(name) : "nothing"));
        }
    }

    /** The stages as JSON on one line, which {@link #parse} reads. */
    public String toText() {
        return JSON.writeValueAsString(all.stream().map(Stage::toMap).toList());
    }

    /** The rows and columns of the first stage's pictures; empty: those of the options. */
    public Optional<Integer> firstSize() {
        return all.get(0).size();
    }

    /** The same, whose first stage has pictures of {@code pixels} a side unless it says otherwise. */
    public Stages startingWith(int pixels) {
        var first = all.get(0);
        var stages = new ArrayList<>(all);
        stages.set(
                0,
                new Stage(
                        first.freeze,
                        first.epochs,
                        first.lr,
                        first.schedule,
                        Optional.of(first.size.orElse(pixels)),
                        first.batchSize,
                        first.save));
        return new Stages(stages);
    }

    /** What each stage makes of pictures; what it does not say is as in the stage before. */
    List<PictureOptions> pictures(PictureOptions given) {
        var each = new ArrayList<PictureOptions>();
        var last = given;
        for (var stage : all) {
            last = stage.pictures(last);
            each.add(last);
        }
        return each;
    }

    /** What the last stage makes of pictures: what the model sees when it is used. */
    PictureOptions last(PictureOptions given) {
        return pictures(given).get(all.size() - 1);
    }

    /**
     * Loaders for each stage, made once for stages that read alike.
     *
     * @param last those of the last stage
     */
    List<Loaders<Image>> loaders(
            PictureOptions given, Loaders<Image> last, Function<PictureOptions, Loaders<Image>> make) {
        Map<PictureOptions, Loaders<Image>> made = new LinkedHashMap<>(Map.of(last(given), last));
        return pictures(given).stream()
                .map(options -> Objects.requireNonNull(made.computeIfAbsent(options, make)))
                .toList();
    }

    /** The stages as cycles of one plan. */
    List<Cycle> plan(int groups) {
        return all.stream().map(stage -> stage.cycle(groups)).toList();
    }

    /** Where the model of a stage is written; empty: nowhere. */
    public Optional<Path> file(int stage, Path out) {
        return all.get(stage)
                .save()
                .map(name -> out.resolveSibling(name.endsWith(".safetensors") ? name : name + ".safetensors"));
    }
}
