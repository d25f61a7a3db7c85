package espalier.examples.book;

import espalier.data.DataBlock;
import espalier.data.Splits;
import espalier.dataset.DataLoader;
import espalier.dataset.Example;
import espalier.image.Transforms;
import espalier.loss.Loss;
import espalier.loss.Losses;
import espalier.nn.Module;
import espalier.optim.Optimizer;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.tensor.Device;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.train.Learner;
import espalier.train.Precision;
import espalier.vision.Blocks;
import espalier.vision.ImageFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Chapter 2: data, a network, a loss, an optimiser, and the loop; then the same with the learner. */
final class FirstNetwork {
    private FirstNetwork() {}

    static void run(Stage stage, PrintStream print) throws IOException {
        Path folder = stage.only("bag", "trouser");
        byHand(folder, print);
        withTheLearner(folder, print);
    }

    // region loop
    static void train(
            Module model,
            Optimizer optimizer,
            Loss loss,
            DataLoader trainLoader,
            DataLoader validLoader,
            int epochs,
            Device device,
            PrintStream print) {
        for (int epoch = 0; epoch < epochs; epoch++) {
            model.train();
            for (Example batch : trainLoader.epoch(epoch)) {
                try (var scope = Scope.open()) {
                    Example on = batch.to(device);
                    optimizer.zeroGrad();
                    loss.loss(model.forward(on.x()), on.y()).backward();
                    optimizer.step();
                }
            }
            model.eval();
            double sum = 0;
            int right = 0;
            for (Example batch : validLoader.epoch(0)) {
                try (var scope = Scope.open();
                        var off = Grad.off()) {
                    Example on = batch.to(device);
                    Tensor scores = model.forward(on.x()); // [N, K]
                    sum += loss.loss(scores, on.y()).item() * batch.size();
                    right += (int) scores.argmax(1).eq(on.y()).sum().item();
                }
            }
            int n = validLoader.dataset().size();
            print.printf(Locale.ROOT, "epoch %d: loss %.4f, accuracy %.3f%n", epoch + 1, sum / n, (double) right / n);
        }
    }
    // endregion

    private static void byHand(Path folder, PrintStream print) {
        // region byHand
        try (var scope = Scope.open();
                var model = new SimpleNet()) {
            model.reset(Rng.of(42));
            var trainSet = ImageFolder.of(folder.resolve("train")).transform(Transforms.resizeShortSide(64));
            var validSet = ImageFolder.of(folder.resolve("test")).transform(Transforms.resizeShortSide(64));
            var parameters = ParameterGroup.of(List.copyOf(model.parameters().values()));
            try (var optimizer = Optimizers.sgd().momentum(0.9).create(List.of(parameters.lr(0.01)))) {
                train(
                        model,
                        optimizer,
                        Losses.crossEntropy(),
                        DataLoader.of(trainSet, 32).shuffle().dropLast(),
                        DataLoader.of(validSet, 32),
                        3,
                        Device.cpu(),
                        print);
            }
            predict(model, validSet, print);
        }
        // endregion
    }

    // region predict
    static void predict(Module model, ImageFolder pictures, PrintStream print) {
        model.eval();
        try (var scope = Scope.open();
                var off = Grad.off()) {
            Tensor x = pictures.get(0).x().unsqueeze(0); // [3, 64, 64] becomes [1, 3, 64, 64]
            Tensor probabilities = Functional.softmax(model.forward(x), 1); // [1, 2]
            int best = (int) probabilities.argmax(1).item();
            print.printf(
                    Locale.ROOT,
                    "%s: %.2f%n",
                    pictures.classes().get(best),
                    probabilities.max().item());
        }
    }
    // endregion

    private static void withTheLearner(Path folder, PrintStream print) {
        var model = new SimpleNet();
        model.reset(Rng.of(42));
        var data = DataBlock.of(Blocks.image(), Blocks.category())
                .split(Splits.byFunction(item -> item.id().startsWith("test/")))
                .itemTransform(Transforms.resizeShortSide(64))
                .batchSize(32)
                .loaders(folder);
        // region learner
        try (var learner = Learner.of(data, model, Losses.crossEntropy())
                .optimizer(Optimizers.sgd().momentum(0.9))
                .precision(Precision.FLOAT32)) {
            for (var epoch : learner.fit(3, Rates.of(0.01)).epochs()) {
                print.printf(
                        Locale.ROOT,
                        "epoch %d: loss %.4f%n",
                        epoch.epoch(),
                        epoch.validLoss().orElseThrow());
            }
        }
        // endregion
    }
}
