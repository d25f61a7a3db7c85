package espalier.examples.book;

import espalier.dataset.DataLoader;
import espalier.dataset.Dataset;
import espalier.dataset.Example;
import espalier.image.Transforms;
import espalier.loss.Loss;
import espalier.loss.Losses;
import espalier.nn.AdaptiveAvgPool2d;
import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.Dropout;
import espalier.nn.Flatten;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.optim.Optimizer;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.rng.Rng;
import espalier.tensor.Device;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.vision.ImageFolder;
import espalier.vision.TensorTransforms;
import espalier.vision.model.Architecture;
import espalier.vision.model.Backbone;
import espalier.vision.model.Models;
import espalier.weights.PretrainedWeights;
import espalier.weights.WeightCache;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/** Chapter 4: a network learns four classes, and what it learned serves two others. */
final class TransferByHand {
    private TransferByHand() {}

    static void run(Stage stage, PrintStream print) throws IOException {
        if (stage.full()) {
            fromImageNet(stage, print);
            return;
        }
        try (var scope = Scope.open();
                var model = network(4)) {
            model.reset(Rng.of(42));
            var four = stage.only("ankle-boot", "coat", "dress", "sandal");
            fit(model, List.of(all(model).lr(2e-3)), data(four, "train"), data(four, "test"), 3, print);
            freeze(model, print);
            head(model);
            var two = stage.only("shirt", "sneaker");
            find(model, data(two, "train"), print);
            fit(model, groups(model, "5."), data(two, "train"), data(two, "test"), 3, print);
        }
    }

    // region network
    /** Three convolutions with batch norms, and a head. */
    static Sequential network(int classes) {
        return Sequential.of(
                block(3, 16), // [N, 16, 14, 14]
                block(16, 32), // [N, 32, 7, 7]
                block(32, 64), // [N, 64, 4, 4]
                AdaptiveAvgPool2d.of(1),
                Flatten.of(),
                Linear.of(64, classes)); // [N, classes]
    }

    static Sequential block(int in, int out) {
        return Sequential.of(Conv2d.of(in, out, 3).stride(2).padding(1).noBias(), BatchNorm2d.of(out), ReLU.of());
    }
    // endregion

    private static ParameterGroup all(Module model) {
        return ParameterGroup.of(List.copyOf(model.parameters().values()));
    }

    private static void fit(
            Module model,
            List<ParameterGroup> groups,
            Dataset trainSet,
            Dataset validSet,
            int epochs,
            PrintStream print) {
        try (var optimizer = Optimizers.adam().create(groups)) {
            FirstNetwork.train(
                    model,
                    optimizer,
                    Losses.crossEntropy(),
                    DataLoader.of(trainSet, 32).shuffle().dropLast(),
                    DataLoader.of(validSet, 40),
                    epochs,
                    Device.cpu(),
                    print);
        }
    }

    private static Dataset data(Path folder, String part) {
        return ImageFolder.of(folder.resolve(part)).transform(Transforms.resize(28));
    }

    private static void freeze(Module model, PrintStream print) {
        // region freeze
        model.parameters().forEach((name, parameter) -> {
            boolean norm = name.matches("\\d\\.1\\..*"); // "0.1.weight": the batch norm of block 0
            parameter.requiresGrad(norm);
        });
        print.println(model.parameters().values().stream()
                        .filter(Tensor::requiresGrad)
                        .count() + " of " + model.parameters().size() + " tensors are trained");
        // endregion
    }

    private static void head(Module model) {
        // region head
        var head = Sequential.of(Linear.of(64, 50), ReLU.of(), Dropout.of(0.2), Linear.of(50, 2));
        head.reset(Rng.of(7));
        model.replace("5", head);
        model.seed(Rng.of(8));
        // endregion
    }

    // region find
    /** Climbs from a rate of 1e-8 to 10, until the loss is four times the best; returns a rate to train with. */
    static double findLearningRate(Module model, ParameterGroup parameters, Loss loss, DataLoader loader, int steps) {
        var rates = new ArrayList<Double>();
        var losses = new ArrayList<Double>();
        double best = Double.POSITIVE_INFINITY;
        double factor = Math.pow(10 / 1e-8, 1.0 / (steps - 1));
        double lr = 1e-8;
        model.train();
        try (Optimizer optimizer = Optimizers.sgd().create(List.of(parameters))) {
            for (int epoch = 0; rates.size() < steps; epoch++) {
                for (Example batch : loader.epoch(epoch)) {
                    try (var scope = Scope.open()) {
                        parameters.lr(lr);
                        optimizer.zeroGrad();
                        Tensor value = loss.loss(model.forward(batch.x()), batch.y());
                        value.backward();
                        optimizer.step();
                        rates.add(lr);
                        losses.add(value.item());
                    }
                    double last = losses.get(losses.size() - 1);
                    best = Math.min(best, last);
                    if (last > 4 * best || Double.isNaN(last) || rates.size() == steps) {
                        return rates.get(losses.indexOf(best)) / 10; // where it was lowest, with room
                    }
                    lr *= factor;
                }
            }
        }
        throw new IllegalStateException("the loader has no batches. Maybe there are fewer examples than a batch has.");
    }
    // endregion

    private static void find(Module model, Dataset trainSet, PrintStream print) {
        var before = new LinkedHashMap<String, Tensor>();
        model.stateDict()
                .forEach((name, value) -> before.put(name, value.detach().copy()));
        var loader = DataLoader.of(trainSet, 32).shuffle().dropLast();
        double lr = findLearningRate(model, trained(model), Losses.crossEntropy(), loader, 60);
        print.printf(Locale.ROOT, "a rate between 1e-4 and 1: %b%n", lr > 1e-4 && lr < 1);
        model.loadStateDict(before); // as if nothing had happened
    }

    private static ParameterGroup trained(Module model) {
        return ParameterGroup.of(model.parameters().values().stream()
                .filter(Tensor::requiresGrad)
                .toList());
    }

    // region groups
    /** Two groups: what was learned moves slowly, the new head fast. */
    static List<ParameterGroup> groups(Module model, String newLayers) {
        var body = new ArrayList<Tensor>();
        var head = new ArrayList<Tensor>();
        model.parameters().forEach((name, parameter) -> {
            if (parameter.requiresGrad()) {
                (name.startsWith(newLayers) ? head : body).add(parameter);
            }
        });
        return List.of(ParameterGroup.of(body).lr(1e-4), ParameterGroup.of(head).lr(1e-2));
    }
    // endregion

    // region ofImageNet
    /** A network that knows ImageNet, of which only the batch norms are trained, and a new head. */
    static final class OfImageNet extends Module {
        private final Backbone body;
        private final Sequential head;

        OfImageNet(Backbone body, int classes) {
            this.body = child("body", body);
            body.parameters().forEach((name, parameter) -> parameter.requiresGrad(name.contains("bn")));
            head = child(
                    "head",
                    Sequential.of(Linear.of(body.width(), 500), ReLU.of(), Dropout.of(0.2), Linear.of(500, classes)));
            head.reset(Rng.of(7));
        }

        @Override
        public Tensor forward(Tensor x) { // [N, 3, 224, 224]
            return head.forward(body.features(x).mean(2, 3)); // [N, classes]
        }
    }
    // endregion

    private static void fromImageNet(Stage stage, PrintStream print) throws IOException {
        Path folder = stage.only("shirt", "sneaker");
        // region fromImageNet
        var cache = WeightCache.system().offline();
        boolean cached = cache.find(Models.resnet50().published()).isPresent();
        Architecture architecture = cached ? Models.resnet50() : Models.efficientNetLite0(); // the latter is bundled
        PretrainedWeights weights = architecture.published();
        Dataset trainSet = normalized(folder, "train", weights);
        Dataset validSet = normalized(folder, "test", weights);
        print.println(architecture + ", trained on ImageNet");
        try (var scope = Scope.open();
                var model = new OfImageNet(architecture.pretrained(weights, cache), 2)) {
            model.seed(Rng.of(8));
            find(model, trainSet, print);
            fit(model, groups(model, "head."), trainSet, validSet, 3, print);
        }
        // endregion
    }

    // region normalized
    /** Pictures with the mean and the deviation that the weights were trained with. */
    private static Dataset normalized(Path folder, String part, PretrainedWeights weights) {
        var normalize = TensorTransforms.normalize(
                array(weights.normalisation().mean()),
                array(weights.normalisation().std()));
        return ImageFolder.of(folder.resolve(part))
                .transform(Transforms.resize(weights.inputSize()))
                .map(picture -> new Example(normalize.apply(picture.x(), Rng.of(0)), picture.y()));
    }
    // endregion

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
