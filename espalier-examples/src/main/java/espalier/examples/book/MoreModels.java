package espalier.examples.book;

import espalier.data.DataBlock;
import espalier.data.Loaders;
import espalier.data.Splits;
import espalier.dataset.DataLoader;
import espalier.dataset.Example;
import espalier.examples.AddAModel;
import espalier.image.Image;
import espalier.image.Transforms;
import espalier.loss.Losses;
import espalier.nn.Module;
import espalier.nn.Sequential;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.optim.Rates;
import espalier.predict.Ensemble;
import espalier.predict.Predictor;
import espalier.rng.Rng;
import espalier.tensor.Device;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.train.Precision;
import espalier.vision.Blocks;
import espalier.vision.ImageFolder;
import espalier.vision.VisionLearner;
import espalier.vision.model.Models;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Chapter: training on pictures that grow, and models that answer together. */
final class MoreModels {
    private static final String[] CLASSES = {"coat", "pullover", "shirt", "t-shirt"};

    private MoreModels() {}

    static void run(Stage stage, PrintStream print) throws IOException {
        Path folder = stage.only(CLASSES);
        Path out = stage.out();
        int[] sizes = {stage.side(16, 128), stage.side(28, 224)};
        try (var scope = Scope.open()) {
            var silent = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
            var models = List.of(
                    growing(folder, sizes, 1, print),
                    growing(folder, sizes, 2, silent),
                    growing(folder, sizes, 3, silent));
            together(models, pictures(folder, "test", sizes[1]), print);
            models.forEach(Module::close);
        }
        stage.provided(AddAModel.Provider.class, () -> files(folder, loaders(folder, sizes[1]), out, print));
    }

    private static ImageFolder pictures(Path folder, String part, int size) {
        return ImageFolder.of(folder.resolve(part)).transform(Transforms.resize(size));
    }

    private static Sequential growing(Path folder, int[] sizes, int seed, PrintStream print) {
        int classes = pictures(folder, "train", sizes[0]).classes().size();
        // region growing
        var model = TransferByHand.network(classes); // ends in a mean over all places: any size fits
        model.reset(Rng.of(seed));
        var parameters = ParameterGroup.of(List.copyOf(model.parameters().values()));
        try (var optimizer = Optimizers.adam().create(List.of(parameters.lr(3e-3)))) {
            for (int size : sizes) { // 16, then 28
                FirstNetwork.train(
                        model,
                        optimizer,
                        Losses.crossEntropy(),
                        DataLoader.of(pictures(folder, "train", size), 32)
                                .shuffle()
                                .seed(seed),
                        DataLoader.of(pictures(folder, "test", size), 80),
                        4,
                        Device.cpu(),
                        print);
            }
        }
        // endregion
        return model;
    }

    private static void together(List<Sequential> models, ImageFolder test, PrintStream print) {
        // region together
        try (var off = Grad.off()) {
            Example all = DataLoader.of(test, 80).shuffle().epoch(0).iterator().next();
            var answers = new ArrayList<Tensor>();
            for (var model : models) {
                Tensor probabilities = Functional.softmax(model.eval().forward(all.x()), 1); // [N, 4]
                answers.add(probabilities);
                show("alone", probabilities, all, print);
            }
            Tensor stacked = Tensor.stack(answers, 0); // [3, N, 4]
            show("mean", stacked.mean(false, 0), all, print);
            Tensor weights = Tensor.of(new float[] {0.5f, 0.3f, 0.2f}, 3, 1, 1);
            show("weighted", stacked.mul(weights).sum(0), all, print);
            Tensor votes =
                    Functional.oneHot(stacked.argmax(2), test.classes().size()).sum(0); // [N, 4]
            show("votes", votes, all, print);
        }
        // endregion
    }

    private static void show(String name, Tensor scores, Example all, PrintStream print) {
        double right = scores.argmax(1).eq(all.y()).sum().item();
        print.printf(Locale.ROOT, "%-8s %.3f%n", name, right / all.size());
    }

    private static Loaders<Image> loaders(Path folder, int size) {
        return DataBlock.of(Blocks.image(), Blocks.category())
                .split(Splits.byFunction(item -> item.id().startsWith("test/")))
                .itemTransform(Transforms.resize(size))
                .batchSize(32)
                .loaders(folder);
    }

    private static void files(Path folder, Loaders<Image> data, Path out, PrintStream print) {
        // region files
        var files = new ArrayList<Path>();
        for (int seed = 1; seed <= 2; seed++) {
            var start = VisionLearner.Start.scratch().seed(seed);
            try (var learner =
                    VisionLearner.of(data, Models.named("tinynet"), start).precision(Precision.FLOAT32)) {
                learner.fit(2, Rates.of(3e-3));
                files.add(out.resolve("tinynet-" + seed + ".safetensors"));
                learner.export(files.get(seed - 1));
            }
        }
        Path both = out.resolve("both.safetensors");
        Ensemble.of(files.toArray(Path[]::new)).weights(2, 1).save(both);
        // endregion
        // region predict
        Path picture = ImageFiles.first(folder.resolve("test")); // a coat
        try (var ensemble = Predictor.load(both, "libtorch");
                var one = Predictor.load(files.get(0), "libtorch");
                var two = Predictor.load(files.get(1), "libtorch")) {
            double coat = ensemble.predict(picture).probabilities()[0];
            double first = one.predict(picture).probabilities()[0];
            double second = two.predict(picture).probabilities()[0];
            print.println(Math.abs(coat - (2 * first + second) / 3) < 1e-5);
        }
        // endregion
    }
}
