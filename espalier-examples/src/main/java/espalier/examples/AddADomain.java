package espalier.examples;

import espalier.data.BatchTransform;
import espalier.data.DataBlock;
import espalier.data.InputBlock;
import espalier.data.Loaders;
import espalier.data.Source;
import espalier.data.Splits;
import espalier.data.Table;
import espalier.data.Targets;
import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.format.Transform;
import espalier.item.Item;
import espalier.item.Items;
import espalier.loss.Activation;
import espalier.metric.Metrics;
import espalier.nn.BatchNorm1d;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.optim.Rates;
import espalier.predict.PredictionTask;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.report.Rejected;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.train.EpochResult;
import espalier.train.Learner;
import espalier.weights.Weights;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The recipe {@code docs/recipes/add-a-domain.md}: a table of numbers to a class. */
public final class AddADomain {
    private static final String TASK = "row-classification";
    private static final String NETWORK = "rows";

    private AddADomain() {}

    /** Arguments: a CSV file with a header and the class in its last column, and numbers to predict: {@code 5.1,3.5,1.4,0.2}. */
    public static void main(String[] args) {
        var model = Path.of("rows.safetensors");
        System.out.println(train(Path.of(args[0]), model));
        // region predict
        try (var predictor = Predictor.load(model)) {
            System.out.println(predictor.predictText(args[1]));
        }
        // endregion
    }

    // region source
    /** The rows of a CSV file with a header: numbers, and the class in the last column. */
    static final class Rows implements Source {
        private final Path csv;
        private final Map<Item, float[]> numbers = new HashMap<>();

        Rows(Path csv) {
            this.csv = csv;
        }

        @Override
        public Found read(Path root) {
            var examples = new ArrayList<Example>();
            var rejected = new ArrayList<Rejected>();
            try (var rows = Table.of(csv).header(true).open()) {
                int last = rows.columns().size() - 1;
                for (var row : rows) {
                    var item = new Item(String.format("row %09d", row.number()), csv);
                    try {
                        numbers.put(item, AddADomain.numbers(row.cells().subList(0, last)));
                        examples.add(Example.of(item, List.of(row.cell(last))));
                    } catch (DataException wrong) {
                        rejected.add(new Rejected(item.id(), wrong.reason()));
                    }
                }
            }
            return new Found(examples, List.of(), rejected, List.of());
        }

        float[] of(Item item) {
            return numbers.getOrDefault(item, new float[0]);
        }

        int columns() {
            return numbers.values().iterator().next().length;
        }
    }
    // endregion

    private static float[] numbers(List<String> cells) {
        float[] numbers = new float[cells.size()];
        for (int i = 0; i < numbers.length; i++) {
            try {
                numbers[i] = Float.parseFloat(cells.get(i).strip());
            } catch (NumberFormatException none) {
                throw new DataException(
                        "\"" + cells.get(i) + "\" is no number. Maybe the class is not in the last column.");
            }
        }
        return numbers;
    }

    // region block
    /** Rows as inputs: what is read is all there is to do. */
    record RowBlock(Rows rows) implements InputBlock<float[]> {
        @Override
        public String name() {
            return "row";
        }

        @Override
        public Optional<String> reject(Item item) {
            return Optional.empty();
        }

        @Override
        public float[] read(Item item, List<? extends Transform<float[]>> transforms, boolean training, Rng rng) {
            float[] row = rows.of(item);
            for (var transform : transforms) {
                row = transform.apply(row, training, rng);
            }
            return row;
        }

        @Override
        public Supplier<Tensor> collate(
                List<float[]> inputs, List<BatchTransform> transforms, boolean training, List<Rng> rngs) {
            return () -> batch(inputs);
        }

        @Override
        public List<Map.Entry<String, String>> explain(Item item, List<? extends Transform<float[]>> transforms) {
            return List.of(Map.entry("row", Arrays.toString(rows.of(item))));
        }
    }

    /** @shape {@code [N, F]} */
    static Tensor batch(List<float[]> rows) {
        int columns = rows.get(0).length;
        float[] all = new float[rows.size() * columns];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * columns, columns);
        }
        return Tensor.of(all, rows.size(), columns);
    }
    // endregion

    // region network
    /** A batch norm stands for the usual scaling of columns: it learns their means and deviations, and is stored with the weights. */
    static Module network(int columns, int classes) {
        return Sequential.of(BatchNorm1d.of(columns), Linear.of(columns, 32), ReLU.of(), Linear.of(32, classes));
    }
    // endregion

    // region train
    /** Trains on a table and writes a model file. */
    static EpochResult train(Path csv, Path model) {
        var rows = new Rows(csv);
        Loaders<float[]> loaders = DataBlock.of(new RowBlock(rows), Targets.category())
                .source(rows)
                .split(Splits.random(0.2).seed(42))
                .batchSize(16)
                .loaders(csv);
        int columns = rows.columns();
        var network = network(columns, loaders.classes().size()).reset(Rng.of(42));
        try (var learner = Learner.of(loaders, network, loaders.target().loss())) {
            learner.metrics(Metrics.accuracy()).exporter((trained, file) -> export(trained, columns, file));
            var history = learner.fitOneCycle(30, Rates.of(5e-2));
            learner.export(model);
            return history.last().orElseThrow();
        }
    }
    // endregion

    // region export
    private static void export(Learner<?> learner, int columns, Path file) {
        var document = ModelDocument.of(
                        TASK,
                        new ModelDocument.Architecture(NETWORK, Map.of("columns", columns)),
                        learner.loaders().classes())
                .activation(learner.loss().activation().modelName())
                .metrics(learner.history().kept().map(EpochResult::judged).orElse(Map.of()));
        ModelFile.save(file, document, Weights.of(learner.model()));
    }
    // endregion

    // region task
    /** Makes a prediction of a model file with rows; named in {@code META-INF/services/espalier.predict.PredictionTask$Provider}. */
    public static final class Provider implements PredictionTask.Provider {
        @Override
        public Optional<PredictionTask<?>> open(ModelFile file) {
            if (!file.document().task().equals(TASK)) {
                return Optional.empty();
            }
            if (!(file.document().architecture().options().get("columns") instanceof Integer columns) || columns < 1) {
                throw new ModelFileException("the model file does not say how many columns it takes.");
            }
            var network = network(columns, file.document().vocabulary().size());
            Weights.load(network, file.tensors(), "the model file");
            return Optional.of(new RowTask(file.document(), columns, network.eval()));
        }
    }

    /** Predicts rows, given as texts: numbers with commas between. */
    record RowTask(ModelDocument document, int columns, Module network) implements PredictionTask<float[]> {
        @Override
        public float[] read(String text) {
            float[] row = numbers(List.of(text.strip().split(",", -1)));
            if (row.length != columns) {
                throw new DataException("the model takes " + columns + " numbers with commas between, received "
                        + row.length + ". Maybe the class is among them.");
            }
            return row;
        }

        @Override
        public float[] read(byte[] bytes) {
            return read(new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public float[] read(Path file) {
            try {
                return read(Files.readAllBytes(file));
            } catch (IOException failure) {
                throw DataException.unreadable(file.toString(), "no file to read", "Maybe it is a folder.", failure);
            }
        }

        @Override
        public float[] read(BufferedImage picture) {
            throw new DataException("the model takes numbers, not pictures. Maybe another model was meant.");
        }

        @Override
        public Items.Found find(Path folder) {
            return Items.files(Set.of("row")).find(folder);
        }

        @Override
        public float[][] probabilities(List<float[]> inputs) {
            try (var scope = Scope.open();
                    var off = Grad.off()) {
                var scores = network.forward(batch(inputs));
                float[] flat = Activation.SOFTMAX.apply(scores).toFloatArray(); // [N, K]
                int classes = flat.length / inputs.size();
                var rows = new float[inputs.size()][];
                for (int i = 0; i < rows.length; i++) {
                    rows[i] = Arrays.copyOfRange(flat, i * classes, (i + 1) * classes);
                }
                return rows;
            }
        }

        @Override
        public String engine() {
            return "libtorch";
        }

        @Override
        public void close() {
            network.close();
        }
    }
    // endregion
}
