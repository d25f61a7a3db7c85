package espalier.examples;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.data.DataBlock;
import espalier.format.ModelFileException;
import espalier.image.Transforms;
import espalier.metric.Metrics;
import espalier.nn.Linear;
import espalier.nn.Sequential;
import espalier.optim.Rates;
import espalier.predict.Predictor;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.vision.Blocks;
import espalier.vision.VisionLearner;
import espalier.vision.model.Architecture;
import espalier.vision.model.Models;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class RecipesTest {
    @Test
    void confidence_isTheMeanProbabilityOfTheRightClass() {
        try (var scope = Scope.open()) {
            var metric = AddAMetric.confidence();
            metric.update(Tensor.of(new float[] {0, 0, 100, 0}, 2, 2), Tensor.of(new long[] {1, 0}, 2));
            assertThat(metric.value().orElseThrow()).isCloseTo(0.75, within(1e-6));
        }
    }

    @Test
    void balancedAccuracy_countsRareClassesAsMuchAsFrequentOnes() {
        try (var scope = Scope.open()) {
            var metric = new AddAMetric.BalancedAccuracy();
            assertThat(metric.value()).isEmpty();
            // Class 0: three of three right; class 1: none of one.
            metric.update(Tensor.of(new float[] {1, 0, 1, 0}, 2, 2), Tensor.of(new long[] {0, 0}, 2));
            metric.update(Tensor.of(new float[] {1, 0, 1, 0}, 2, 2), Tensor.of(new long[] {0, 1}, 2));
            assertThat(metric.value().orElseThrow()).isCloseTo(0.5, within(1e-12));
            assertThat(metric.fresh().value()).isEmpty();
        }
    }

    @Test
    void layerScale_multipliesAndLearnsItsFactors() {
        try (var scope = Scope.open();
                var model = Sequential.of(
                        Linear.of(3, 2), AddALayer.LayerScale.of(2).start(0.5))) {
            assertThat(model.stateDict()).containsKey("1.gamma");
            Tensor x = Tensor.ones(1, 3);
            Tensor before = model.children().values().iterator().next().forward(x);
            assertThat(model.forward(x)).hasShape(1, 2).isCloseTo(before.mul(0.5), 1e-6);
            model.forward(x).sum().backward();
            Tensor gamma = model.parameters().get("1.gamma");
            assertThat(gamma.grad().orElseThrow()).isCloseTo(before.flatten(), 1e-6);
        }
    }

    @Test
    void solarize_turnsLightPixelsInTrainingOnly() {
        try (var scope = Scope.open()) {
            var solarize = new AddAnAugmentation.Solarize(0.5, 1);
            Tensor x = Tensor.of(new float[] {0.25f, 0.75f}, 1, 1, 1, 2);
            var items = List.of(Rng.of(1));
            assertThat(solarize.apply(x, true, items)).isCloseTo(Tensor.of(new float[] {0.25f, 0.25f}, 1, 1, 1, 2), 0);
            assertThat(solarize.apply(x, false, items)).isCloseTo(x, 0);
            assertThat(new AddAnAugmentation.Solarize(0.5, 0).apply(x, true, items))
                    .isCloseTo(x, 0);
        }
    }

    @Test
    void tinyNet_learnsTwoClassesFromScratch(@TempDir Path folder) throws IOException {
        var loaders = DataBlock.of(Blocks.image(), Blocks.category())
                .itemTransform(Transforms.resize(32))
                .batchTransform(new AddAnAugmentation.Solarize(0.5, 0.1))
                .batchSize(8)
                .loaders(Samples.twoClasses(folder, 40));
        try (var learner = VisionLearner.of(loaders, AddAModel.tinyNet(), VisionLearner.Start.scratch())
                .metrics(Metrics.accuracy(), new AddAMetric.BalancedAccuracy())) {
            learner.fitOneCycle(6, Rates.of(1e-2));
            assertThat(learner.validate().metrics().get("accuracy").orElseThrow())
                    .isGreaterThan(0.85);
            assertThat(learner.validate().metrics().get("balanced_accuracy").orElseThrow())
                    .isGreaterThan(0.85);
        }
    }

    @Test
    void tinyNet_hasTheStatedShapesAndSize() {
        try (var scope = Scope.open();
                var net = AddAModel.tinyNet().create(10)) {
            assertThat(net.forward(Tensor.zeros(2, 3, 32, 32))).hasShape(2, 10);
            assertThat(net.parameterCount()).isBetween(23_500L, 24_500L);
        }
    }

    @Test
    void modelAndTransformOfYourOwn_trainExportLoadAndPredict(@TempDir Path folder) throws IOException {
        Path pictures = Samples.twoClasses(folder, 12);
        Path file = folder.resolve("model.safetensors");
        var loaders = DataBlock.of(Blocks.image(), Blocks.category())
                .itemTransform(Transforms.resize(32))
                .itemTransform(new AddATransform.Threshold(100))
                .batchSize(8)
                .loaders(pictures);
        try (var learner = VisionLearner.of(loaders, AddAModel.tinyNet(), VisionLearner.Start.scratch())) {
            learner.fit(1, Rates.of(1e-2));
            learner.export(file);
        }
        assertThatThrownBy(() -> Predictor.load(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("threshold");
        Path first = Samples.first(pictures);
        provided(folder, () -> {
            assertThat(Models.named("TinyNet").inputSize()).isEqualTo(32);
            assertThat(Transforms.names()).contains("threshold");
            try (var model = Predictor.load(file)) {
                var prediction = model.predict(first);
                assertThat(prediction.label()).isIn("bag", "trouser");
            }
        });
    }

    /** Runs with the example's providers named in {@code META-INF/services}, as in a jar of the user's. */
    private static void provided(Path folder, Runnable action) throws IOException {
        Path services = Files.createDirectories(folder.resolve("jar/META-INF/services"));
        Files.writeString(services.resolve(Architecture.Provider.class.getName()), AddAModel.Provider.class.getName());
        Files.writeString(
                services.resolve(Transforms.Provider.class.getName()), AddATransform.Provider.class.getName());
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        URL[] jar = {folder.resolve("jar").toUri().toURL()};
        try (var loader = new URLClassLoader(jar, before)) {
            thread.setContextClassLoader(loader);
            action.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
