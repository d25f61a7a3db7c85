package espalier.examples.book;

import espalier.dataset.DataLoader;
import espalier.format.Safetensors;
import espalier.image.Transforms;
import espalier.loss.Losses;
import espalier.nn.Conv2d;
import espalier.nn.Flops;
import espalier.nn.Module;
import espalier.nn.Watch;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.rng.Rng;
import espalier.tensor.Device;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.vision.ImageFolder;
import espalier.vision.Pictures;
import espalier.weights.Weights;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Chapter 3: convolutions, keeping a model, looking inside. */
final class Convolutions {
    private Convolutions() {}

    static void run(Stage stage, PrintStream print) throws IOException {
        edges(print);
        Path folder = stage.only("bag", "trouser");
        Path out = stage.out();
        int size = stage.side(64, 224);
        try (var scope = Scope.open();
                var model = new CNNNet(2, 0.5)) {
            model.reset(Rng.of(42));
            model.seed(Rng.of(43)); // dropout
            // region inspect
            print.print(model.summary(1, 3, size, size));
            print.printf("%,d multiplications and additions for each picture%n", Flops.of(model, 1, 3, size, size));
            // endregion
            var trainSet = ImageFolder.of(folder.resolve("train")).transform(Transforms.resize(size));
            var validSet = ImageFolder.of(folder.resolve("test")).transform(Transforms.resize(size));
            trainIt(model, trainSet, validSet, print);
            keep(model, trainSet, out, print);
            lookInside(model, validSet, out, print);
        }
    }

    private static void edges(PrintStream print) {
        // region edges
        try (var scope = Scope.open()) {
            Tensor picture = Tensor.of(new float[][] {{0, 0, 9, 9}, {0, 0, 9, 9}, {0, 0, 9, 9}})
                    .reshape(1, 1, 3, 4); // [N, C, H, W]
            Tensor kernel = Tensor.of(new float[][] {{-1, 1}}).reshape(1, 1, 1, 2); // [out, in, kh, kw]
            var window = Functional.Window.of(2, 1, 0, 1, 1);
            print.println(
                    Functional.conv2d(picture, kernel, Optional.empty(), window).squeeze());
        }
        // endregion
    }

    private static void trainIt(CNNNet model, ImageFolder trainSet, ImageFolder validSet, PrintStream print) {
        // region train
        var parameters =
                ParameterGroup.of(List.copyOf(model.parameters().values())).lr(3e-4);
        try (var optimizer = Optimizers.adam().create(List.of(parameters))) {
            FirstNetwork.train(
                    model,
                    optimizer,
                    Losses.crossEntropy(),
                    DataLoader.of(trainSet, 16).shuffle().dropLast(),
                    DataLoader.of(validSet, 40),
                    2,
                    Device.cpu(),
                    print);
        }
        // endregion
    }

    private static void keep(CNNNet model, ImageFolder trainSet, Path out, PrintStream print) {
        // region keep
        Path file = out.resolve("cnn.safetensors");
        Safetensors.write(file, Weights.of(model), Map.of("classes", String.join(" ", trainSet.classes())));
        try (var saved = Safetensors.open(file);
                var again = new CNNNet(2, 0.5)) {
            print.println(saved.names().size() + " tensors, the first: "
                    + saved.names().get(0) + ", " + saved.metadata());
            Weights.load(again, saved.tensors(), file.toString()); // strict: each name, each shape
            Tensor x = Tensor.rand(Rng.of(1), 1, 3, 64, 64);
            print.println(again.eval().forward(x).equalTo(model.eval().forward(x)));
        }
        // endregion
        // region keepPart
        try (var scope = Scope.open();
                var ten = new CNNNet(10, 0.5)) {
            List<String> left = ten.loadMatching(model.stateDict()); // as strict=False
            print.println(left);
        }
        // endregion
    }

    private static void lookInside(Module model, ImageFolder validSet, Path out, PrintStream print) throws IOException {
        // region look
        model.eval();
        try (var scope = Scope.open();
                var off = Grad.off()) {
            Tensor x = validSet.get(0).x().unsqueeze(0); // [1, 3, 64, 64]
            var maps = new ArrayList<Tensor>();
            try (var watch = Watch.start((module, output) -> {
                if (module instanceof Conv2d) {
                    maps.add(output);
                }
            })) {
                model.forward(x);
            }
            for (Tensor map : maps) {
                print.println(map.shape() + " mean of what is above 0: "
                        + round(map.relu().mean()));
            }
            ImageIO.write(
                    Pictures.toImage(grid(maps.get(0))),
                    "png",
                    out.resolve("feature-maps.png").toFile());
        }
        // endregion
    }

    // region grid
    /** The 64 channels of one picture as an 8 by 8 grid, each from black to white. */
    static Tensor grid(Tensor map) { // [1, 64, H, W]
        Tensor low = map.amin(true, 2, 3);
        Tensor scaled = map.sub(low).div(map.amax(true, 2, 3).sub(low).clampMin(1e-6));
        long height = map.size(2);
        long width = map.size(3);
        return scaled.reshape(8, 8, height, width).permute(0, 2, 1, 3).reshape(8 * height, 8 * width);
    }
    // endregion

    private static double round(Tensor value) {
        return Math.round(value.item() * 100) / 100.0;
    }
}
