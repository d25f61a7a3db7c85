package espalier.examples.book;

import espalier.dataset.DataLoader;
import espalier.dataset.Example;
import espalier.image.Transforms;
import espalier.loss.Losses;
import espalier.nn.Activations;
import espalier.nn.AdaptiveAvgPool2d;
import espalier.nn.Conv2d;
import espalier.nn.Embedding;
import espalier.nn.Flatten;
import espalier.nn.Flops;
import espalier.nn.LayerGradients;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.nn.Watch;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.rng.Rng;
import espalier.tensor.Device;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.vision.ImageFolder;
import espalier.vision.Pictures;
import espalier.vision.model.Models;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/** Chapter: what a network is made of, what it costs, and what its layers answer. */
final class LookingInside {
    private LookingInside() {}

    static void run(Stage stage, PrintStream print) throws IOException {
        Path folder = stage.only("bag", "trouser");
        int size = stage.side(28, 224);
        var trainSet = ImageFolder.of(folder.resolve("train")).transform(Transforms.resize(size));
        var validSet = ImageFolder.of(folder.resolve("test")).transform(Transforms.resize(size));
        try (var scope = Scope.open();
                var model = Sequential.of(
                        Conv2d.of(3, 16, 5).padding(2),
                        ReLU.of(),
                        TransferByHand.block(16, 32),
                        AdaptiveAvgPool2d.of(1),
                        Flatten.of(),
                        Linear.of(32, 2))) {
            model.reset(Rng.of(42));
            count(model, size, print);
            catalogue(print);
            Example batch =
                    DataLoader.of(trainSet, 32).shuffle().epoch(0).iterator().next();
            outputs(model, batch, print);
            gradients(model, batch, print);
            everyGradient(model, batch, print);
            statistics(print);
            train(model, trainSet, validSet, print);
            answers(model, batch, print);
            pictures(model, batch, stage.out());
        }
    }

    private static void count(Module model, int size, PrintStream print) {
        // region count
        print.print(model.summary(1, 3, size, size));
        print.println(Flops.of(model, 1, 3, size, size) + " multiplications and additions");
        long biases = model.parameters().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("bias"))
                .mapToLong(entry -> entry.getValue().numel())
                .sum();
        print.println(biases + " of " + model.parameterCount() + " are biases");
        // endregion
    }

    private static void catalogue(PrintStream print) {
        // region catalogue
        try (var words = Embedding.of(1000, 16);
                var resnet = Models.resnet18().create(1000)) {
            print.printf(
                    Locale.ROOT,
                    "ResNet-18: %.1f million parameters, %.2f billion multiplications, first layer %s%n",
                    resnet.parameterCount() / 1e6,
                    Flops.of(resnet, 1, 3, 224, 224) / 1e9,
                    resnet.parameters().values().iterator().next().shape());
            print.println("1000 words of 16 numbers: " + words.parameterCount() + " parameters");
        }
        // endregion
    }

    private static void outputs(Module model, Example batch, PrintStream print) {
        // region outputs
        Map<Module, String> names = new LinkedHashMap<>();
        model.modules().forEach((name, module) -> names.put(module, name));
        try (var watch = Watch.start((module, output) -> {
            if (module instanceof Conv2d) {
                print.println(names.get(module) + " " + output.shape());
            }
        })) {
            model.forward(batch.x());
        }
        // endregion
    }

    private static void gradients(Module model, Example batch, PrintStream print) {
        // region gradients
        Map<String, Tensor> kept = new LinkedHashMap<>();
        Tensor loss;
        try (var watch = Watch.start((module, output) -> {
            if (module instanceof ReLU) {
                kept.put("ReLU of " + output.size(1) + " channels", output.retainGrad());
            }
        })) {
            loss = Losses.crossEntropy().loss(model.forward(batch.x()), batch.y());
        }
        loss.backward();
        kept.forEach((name, output) ->
                print.println(name + ": gradient " + output.grad().orElseThrow().shape()));
        // endregion
        model.parameters().values().forEach(Tensor::clearGrad);
    }

    private static void everyGradient(Module model, Example batch, PrintStream print) {
        // region everyGradient
        try (var watch = Watch.gradients()) {
            Losses.crossEntropy().loss(model.forward(batch.x()), batch.y()).backward();
            print.print(LayerGradients.of(model, watch));
        }
        // endregion
        model.parameters().values().forEach(Tensor::clearGrad);
    }

    private static void statistics(PrintStream print) {
        // region statistics
        try (var off = Grad.off()) {
            Tensor x = Tensor.randn(Rng.of(1), 256, 64);
            for (double gain : new double[] {0.5, Math.sqrt(2), 4}) {
                try (var deep = deep(gain)) {
                    var last = Activations.of(deep, x).rows().get(14); // the eighth linear layer
                    print.println(String.format(Locale.ROOT, "gain %.1f: deviation %.0e", gain, last.std()));
                }
            }
        }
        // endregion
    }

    // region deep
    /** Eight linear layers with ReLUs between, whose weights have the deviation gain / sqrt(64). */
    private static Sequential deep(double gain) {
        var layers = new ArrayList<Module>();
        for (int i = 0; i < 8; i++) {
            var linear = Linear.of(64, 64).noBias();
            linear.weight().normal_(0, gain / 8, Rng.of(i));
            layers.add(linear);
            layers.add(ReLU.of());
        }
        return Sequential.of(layers);
    }
    // endregion

    private static void train(Module model, ImageFolder trainSet, ImageFolder validSet, PrintStream print) {
        var parameters =
                ParameterGroup.of(List.copyOf(model.parameters().values())).lr(3e-3);
        try (var optimizer = Optimizers.adam().create(List.of(parameters))) {
            FirstNetwork.train(
                    model,
                    optimizer,
                    Losses.crossEntropy(),
                    DataLoader.of(trainSet, 16).shuffle(),
                    DataLoader.of(validSet, 40),
                    4,
                    Device.cpu(),
                    print);
        }
    }

    private static void answers(Module model, Example batch, PrintStream print) {
        // region answers
        print.print(Activations.of(model.eval(), batch.x()));
        // endregion
    }

    private static void pictures(Module model, Example batch, Path out) throws IOException {
        // region pictures
        try (var off = Grad.off()) {
            Tensor filters = model.parameters().values().iterator().next(); // [16, 3, 5, 5]: small pictures
            write(Pictures.grid(filters, 8), out.resolve("filters.png"));
            try (var watch = Watch.start((module, output) -> {
                if (module instanceof ReLU && output.size(1) == 16) {
                    Tensor maps = output.select(0, 0).unsqueeze(1); // [16, 1, 28, 28] of the first picture
                    write(Pictures.grid(maps, 8), out.resolve("maps.png"));
                }
            })) {
                model.eval().forward(batch.x());
            }
        }
        // endregion
    }

    private static void write(Tensor picture, Path file) {
        try {
            ImageIO.write(Pictures.toImage(picture), "png", file.toFile());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
