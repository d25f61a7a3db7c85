package espalier.examples.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.dataset.Example;
import espalier.format.DType;
import espalier.image.ImageReader;
import espalier.image.Resize;
import espalier.image.Transforms;
import espalier.loss.Losses;
import espalier.nn.Module;
import espalier.optim.OptimizerFactory;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import espalier.vision.Pictures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first 20 losses of the book's networks are PyTorch's, from the same weights and pictures. */
@ExtendWith(NoLeaks.class)
class NetworksGoldenTest {
    private static final int BATCH = 8;

    /** See tools/golden/make_book.py. */
    private static Tensor formula(long place, long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return Tensor.arange(0, count)
                .mul(7919)
                .add(13 * place)
                .remainder(1000)
                .to(DType.FLOAT64)
                .div(1000)
                .sub(0.5)
                .to(DType.FLOAT32)
                .reshape(shape);
    }

    private static void fill(Module model, double scale) {
        try (var scope = Scope.open();
                var off = Grad.off()) {
            int place = 0;
            for (Tensor p : model.parameters().values()) {
                long fanIn = p.dim() > 1 ? p.numel() / p.size(0) : p.numel();
                p.copy_(formula(place++, p.shape().sizes()).mul(scale / Math.sqrt(fanIn)));
            }
        }
    }

    /** Inputs {@code [N, 3, 64, 64]} and classes of a step. */
    private interface Batches {
        Example of(int step);
    }

    private static Example waves(int step) {
        Tensor y = Tensor.arange(0, BATCH).remainder(2);
        Tensor x = formula(99 + step % 4, BATCH, 3, 64, 64);
        x.select(1, 0).add_(y.mul(0.4).reshape(BATCH, 1, 1));
        return new Example(x, y);
    }

    /** Half cats, half dogs, by their names. */
    private static Example photos(int step) {
        int half = BATCH / 2;
        var resize = List.of(Transforms.resize(64).method(Resize.Method.SQUISH));
        List<Tensor> pictures = Stream.of("cat", "dog")
                .flatMap(animal -> files(animal).skip((long) half * step).limit(half))
                .map(file -> Transforms.applied(resize, ImageReader.of().read(file), false, Rng.of(0)))
                .map(Pictures::tensor)
                .toList();
        return new Example(
                Tensor.stack(pictures, 0).sub(0.5),
                Tensor.arange(0, BATCH).ge(half).to(DType.INT64));
    }

    private static Stream<Path> files(String animal) {
        Path folder = Path.of(System.getProperty("espalier.shared"), "data", "dogs-vs-cats", animal);
        try (var files = Files.list(folder)) {
            return files.sorted(Comparator.comparing(file -> file.getFileName().toString())).toList().stream();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    private static void check(String golden, Module model, OptimizerFactory factory, double lr, Batches batches) {
        double[] expected = Golden.load("book").doubles("losses/" + golden);
        var group = ParameterGroup.of(List.copyOf(model.parameters().values())).lr(lr);
        var loss = Losses.crossEntropy();
        try (var optimizer = factory.create(List.of(group))) {
            for (int step = 0; step < expected.length; step++) {
                try (var scope = Scope.open()) {
                    var batch = batches.of(step);
                    Tensor value = loss.loss(model.forward(batch.x()), batch.y());
                    optimizer.zeroGrad();
                    value.backward();
                    optimizer.step();
                    assertThat(value.item()).as("step %d", step).isCloseTo(expected[step], within(1e-3));
                }
            }
        }
    }

    private static void simple(String golden, Batches batches) {
        try (var model = new SimpleNet()) {
            fill(model, 2);
            check(golden, model, Optimizers.adam().beta2(0.999).eps(1e-8).weightDecay(0), 1e-3, batches);
        }
    }

    private static void cnn(String golden, Batches batches) {
        try (var model = new CNNNet(2, 0)) {
            fill(model, 4.5);
            check(golden, model, Optimizers.sgd().momentum(0.9), 5e-4, batches);
        }
    }

    @Test
    void simpleNet_losesAsInPyTorch() {
        simple("simple", NetworksGoldenTest::waves);
    }

    @Test
    void cnnNet_losesAsInPyTorch() {
        cnn("cnn", NetworksGoldenTest::waves);
    }

    @Test
    @Tag("real")
    void simpleNet_losesAsInPyTorchOnPhotos() {
        simple("simple_photos", NetworksGoldenTest::photos);
    }

    @Test
    @Tag("real")
    void cnnNet_losesAsInPyTorchOnPhotos() {
        cnn("cnn_photos", NetworksGoldenTest::photos);
    }
}
