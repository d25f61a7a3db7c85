package espalier.examples.book;

import espalier.data.DataBlock;
import espalier.data.Splits;
import espalier.examples.AddAModel;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.format.Safetensors;
import espalier.image.Transforms;
import espalier.metric.Metrics;
import espalier.optim.Rates;
import espalier.predict.Predictor;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.train.Precision;
import espalier.vision.Blocks;
import espalier.vision.VisionLearner;
import espalier.vision.model.Models;
import espalier.weights.Weights;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Chapter: weights as a file, strict loading and not, and a whole model by its registered name. */
final class KeepingModels {
    private KeepingModels() {}

    static void run(Stage stage, PrintStream print) throws IOException {
        Path folder = stage.only("bag", "trouser");
        Path out = stage.out();
        Path weights = out.resolve("simple.safetensors");
        weights(weights, print);
        inside(weights, print);
        strict(weights, print);
        stage.provided(AddAModel.Provider.class, () -> {
            Path model = out.resolve("bags.safetensors");
            whole(folder, stage.side(32, 224), model, print);
            again(folder, model, print);
        });
    }

    private static void weights(Path file, PrintStream print) {
        // region weights
        try (var model = new SimpleNet();
                var again = new SimpleNet();
                var scope = Scope.open()) {
            model.reset(Rng.of(42));
            Safetensors.write(file, Weights.of(model), Map.of("trained on", "nothing yet"));
            try (var saved = Safetensors.open(file)) {
                Weights.load(again, saved.tensors(), file.toString());
            }
            Tensor x = Tensor.rand(Rng.of(1), 1, 3, 64, 64);
            print.println(again.forward(x).equalTo(model.forward(x)));
        }
        // endregion
    }

    private static void inside(Path file, PrintStream print) {
        // region inside
        try (var saved = Safetensors.open(file)) {
            for (String name : saved.names()) {
                print.println(name + " " + saved.dtype(name) + " " + List.of(boxed(saved.shape(name))));
            }
            print.println(saved.metadata());
        }
        // endregion
    }

    private static Long[] boxed(long[] shape) {
        return java.util.Arrays.stream(shape).boxed().toArray(Long[]::new);
    }

    private static void strict(Path file, PrintStream print) {
        // region strict
        try (var saved = Safetensors.open(file);
                var other = new CNNNet(2, 0.5)) {
            Weights.load(other, saved.tensors(), "simple.safetensors");
        } catch (ModelFileException wrong) {
            print.println(wrong.getMessage());
        }
        // endregion
        // region part
        try (var scope = Scope.open();
                var model = new SimpleNet();
                var saved = Safetensors.open(file)) {
            Map<String, Tensor> body = Weights.part(saved.tensors(), ""); // all of them, as tensors
            body.remove("fc3.weight");
            body.remove("fc3.bias");
            print.println(model.loadMatching(body)); // as strict=False
        }
        // endregion
    }

    private static void whole(Path folder, int size, Path file, PrintStream print) {
        var data = DataBlock.of(Blocks.image(), Blocks.category())
                .split(Splits.byFunction(item -> item.id().startsWith("test/")))
                .itemTransform(Transforms.resize(size))
                .batchSize(32)
                .loaders(folder);
        // region whole
        var tinyNet = Models.named("tinynet"); // found by its name, since our jar provides it
        try (var learner = VisionLearner.of(data, tinyNet, VisionLearner.Start.scratch())
                .metrics(Metrics.accuracy())
                .precision(Precision.FLOAT32)) {
            learner.fit(5, Rates.of(3e-3));
            learner.validate()
                    .metrics()
                    .forEach((name, value) -> print.printf(Locale.ROOT, "%s %.3f%n", name, value.orElseThrow()));
            learner.export(file);
        }
        // endregion
    }

    private static void again(Path folder, Path file, PrintStream print) {
        // region again
        try (var model = Predictor.load(file, "libtorch")) {
            var picture = ImageFiles.last(folder.resolve("test")); // a pair of trousers
            print.println(model.predict(picture).label());
        }
        // endregion
        // region document
        var document = ModelFile.inspect(file);
        print.println(document.task() + ", " + document.architecture().name() + ", " + document.vocabulary());
        print.println(document.transforms());
        print.println(
                document.metrics().keySet() + " after " + document.history().size() + " epochs");
        // endregion
    }
}
