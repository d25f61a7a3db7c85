package espalier.examples.book;

import espalier.dataset.Collate;
import espalier.dataset.DataLoader;
import espalier.dataset.Dataset;
import espalier.dataset.Example;
import espalier.dataset.Sampler;
import espalier.image.Transforms;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.vision.ImageFolder;
import espalier.vision.TensorTransforms;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Chapter: data sets and loaders of one's own. */
final class DataSets {
    private DataSets() {}

    static void run(Stage stage, PrintStream print) throws IOException {
        Path folder = stage.only("bag", "trouser");
        own(print);
        parts(print);
        var trainSet = folder(folder, stage.side(32, 224), print);
        loader(trainSet, print);
        order(trainSet, print);
        balanced(trainSet, print);
        sentences(print);
    }

    // region circle
    /** Points of a square, and whether each lies in the circle inside of it. */
    record Circle(int size) implements Dataset {
        @Override
        public Example get(int index) {
            var rng = Rng.of(42).derive(index); // the same point each time it is asked for
            double x = rng.uniform(-1, 1);
            double y = rng.uniform(-1, 1);
            return Example.of(Tensor.of(new float[] {(float) x, (float) y}, 2), x * x + y * y < 0.64 ? 1 : 0);
        }
    }
    // endregion

    private static void own(PrintStream print) {
        // region own
        try (var scope = Scope.open()) {
            var points = new Circle(1000);
            print.println(points.get(7).x() + " " + points.get(7).y());
            print.println(Arrays.stream(points.labels()).sum() + " of " + points.size() + " inside");
        }
        // endregion
    }

    private static void parts(PrintStream print) {
        // region parts
        try (var scope = Scope.open()) {
            var points = new Circle(1000);
            List<Dataset> parts = points.randomSplit(Rng.of(1), 0.8, 0.2);
            print.println(parts.get(0).size() + " and " + parts.get(1).size());
            print.println(parts.get(1).concat(points.subset(0, 1, 2)).size());
            Dataset larger = points.map(point -> new Example(point.x().mul(10), point.y()));
            print.println(larger.get(7).x());
            Dataset rows = Dataset.of(Tensor.rand(Rng.of(2), 50, 3), Tensor.arange(0, 50)); // 50 rows, 50 targets
            print.println(rows.get(49).y());
        }
        // endregion
    }

    private static Dataset folder(Path folder, int size, PrintStream print) {
        // region folder
        var all = ImageFolder.of(folder.resolve("train"));
        print.println(all.classes() + " " + all.size());
        String first = all.files().get(0).getFileName().toString();
        var broken = Set.of(first); // found by 'espalier verify', say
        var trainSet = ImageFolder.of(
                        folder.resolve("train"),
                        file -> !broken.contains(file.getFileName().toString()))
                .transform(Transforms.resize(size));
        print.println(trainSet.size());
        // endregion
        return trainSet;
    }

    private static void loader(Dataset trainSet, PrintStream print) {
        // region loader
        var loader = DataLoader.of(trainSet, 32)
                .shuffle() // another order in each epoch
                .dropLast() // no smaller batch at the end
                .augment((example, rng) ->
                        new Example(TensorTransforms.randomHorizontalFlip(0.5).apply(example.x(), rng), example.y()))
                .workers(2); // threads that read ahead
        try (var scope = Scope.open()) {
            for (Example batch : loader.epoch(0)) {
                print.println(batch.x().shape() + " " + batch.y().shape());
            }
        }
        // endregion
    }

    private static void order(Dataset trainSet, PrintStream print) {
        // region order
        try (var scope = Scope.open()) {
            var loader = DataLoader.of(trainSet, 8).shuffle();
            Tensor labels = first(loader, 0).y().copy();
            print.println(labels);
            print.println(first(loader.workers(4), 0).y()); // the same, by four threads
            print.println(first(loader, 1).y()); // another epoch
            print.println(first(loader.seed(7), 0).y()); // another seed
        }
        // endregion
    }

    // region first
    private static Example first(DataLoader loader, int epoch) {
        return loader.epoch(epoch).iterator().next();
    }
    // endregion

    private static void balanced(Dataset trainSet, PrintStream print) {
        // region balanced
        int common = (int) Arrays.stream(trainSet.labels()).filter(y -> y == 0).count();
        int some = Math.min(common + 11, trainSet.size());
        Dataset uneven = trainSet.subset(IntStream.range(0, some).toArray()); // 79 bags and 11 trousers
        var loader = DataLoader.of(uneven, 90).sampler(Sampler.balanced(uneven.labels()));
        int drawn = 0;
        int rare = 0;
        try (var scope = Scope.open()) {
            for (int epoch = 0; epoch < 10; epoch++) {
                Example batch = first(loader, epoch);
                drawn += batch.size();
                rare += (int) batch.y().sum().item();
            }
        }
        print.println(some - common + " of " + some + " are rare, " + rare + " of " + drawn + " drawn are");
        // endregion
    }

    // region sentences
    /** Words as numbers: each sentence as long as it is. */
    record Sentences(List<long[]> words) implements Dataset {
        @Override
        public int size() {
            return words.size();
        }

        @Override
        public Example get(int index) {
            long[] sentence = words.get(index);
            return Example.of(Tensor.of(sentence, sentence.length), index);
        }
    }
    // endregion

    private static void sentences(PrintStream print) {
        // region collate
        try (var scope = Scope.open()) {
            var sentences = new Sentences(List.of(new long[] {4, 8, 1}, new long[] {7, 2, 9, 3, 1}));
            var loader = DataLoader.of(sentences, 2).collate(Collate.pad(0));
            print.println(first(loader, 0).x());
        }
        // endregion
    }
}
