package espalier.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.data.DataBlock;
import espalier.data.Loaders;
import espalier.data.Splits;
import espalier.data.Targets;
import espalier.format.DType;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.image.ImageWriter;
import espalier.image.Transforms;
import espalier.item.Items;
import espalier.metric.Metrics;
import espalier.optim.Rates;
import espalier.predict.Predictor;
import espalier.report.Rejected;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import espalier.train.Learner;
import espalier.train.Precision;
import espalier.vision.augment.Augmentations;
import espalier.vision.model.Models;
import espalier.weights.WeightCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class VisionLearnerTest {
    @TempDir
    Path folder;

    Path data;

    /** Pictures whose left (class left) or right half is bright, with noise. */
    @BeforeEach
    void makePictures() throws IOException {
        data = folder.resolve("pictures");
        for (String label : List.of("left", "right")) {
            Files.createDirectories(data.resolve(label));
            for (int i = 0; i < 12; i++) {
                var rng = Rng.of(i).derive(label.hashCode());
                byte[] bytes = new byte[40 * 40 * 3];
                for (int p = 0; p < bytes.length; p++) {
                    boolean bright = (p / 3 % 40 < 20) == label.equals("left");
                    bytes[p] = (byte) ((bright ? 160 : 20) + rng.nextInt(60));
                }
                ImageWriter.write(Image.of(40, 40, bytes), data.resolve(label).resolve(i + ".png"));
            }
        }
    }

    private Loaders<Image> loaders() {
        return DataBlock.of(Blocks.image(), Blocks.category())
                .itemTransform(Transforms.resize(32))
                .batchTransform(Augmentations.standard().noFlip())
                .batchSize(8)
                .loaders(data);
    }

    private static Learner<Image> learner(Loaders<Image> loaders) {
        return VisionLearner.of(loaders, Models.resnet18(), VisionLearner.Start.scratch())
                .metrics(Metrics.accuracy());
    }

    /** But for the clock: when the file was made, and how long each epoch took. */
    @Test
    void sameTraining_writesTheSameBytes() throws Exception {
        for (String name : List.of("a", "b")) {
            try (var learner = learner(loaders())) {
                learner.fineTune(1);
                learner.export(folder.resolve("exported"));
            }
            var model = ModelFile.load(folder.resolve("exported"));
            List<Map<String, Object>> history = new ArrayList<>();
            for (var row : model.document().history()) {
                Map<String, Object> timeless = new LinkedHashMap<>(row);
                assertThat(timeless.remove("seconds")).isNotNull();
                history.add(timeless);
            }
            var document = model.document().created(Instant.EPOCH).history(history);
            ModelFile.save(folder.resolve(name), document, model.tensors());
        }
        assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
    }

    @Test
    void exportedModel_predictsAsTheLearnerDid() throws Exception {
        Path file = folder.resolve("model.safetensors");
        var loaders = loaders();
        float[][] expected;
        List<Path> files;
        // A predictor computes in float32, so the learner must, for its answers to be the same to the digits below.
        try (var learner = learner(loaders).precision(Precision.FLOAT32)) {
            learner.fineTune(1);
            var outputs = learner.predictions();
            expected = outputs.probabilities();
            files = outputs.items().stream().map(item -> item.path()).toList();
            learner.export(file);
        }
        try (var model = Predictor.load(file)) {
            assertThat(model.classes()).containsExactly("left", "right");
            var answers = model.predictAll(files);
            for (int i = 0; i < files.size(); i++) {
                var together = answers.get(i).prediction().orElseThrow();
                var alone = model.predict(files.get(i));
                var fromBytes = model.predict(Files.readAllBytes(files.get(i)));
                var fromPicture =
                        model.predict(ImageReader.of().read(files.get(i)).toBufferedImage());
                for (int k = 0; k < 2; k++) {
                    assertThat((double) together.probabilities()[k]).isCloseTo(expected[i][k], within(1e-4));
                    assertThat((double) alone.probabilities()[k]).isCloseTo(together.probabilities()[k], within(1e-5));
                    assertThat(fromBytes.probabilities()[k]).isEqualTo(alone.probabilities()[k]);
                    assertThat(fromPicture.probabilities()[k]).isEqualTo(alone.probabilities()[k]);
                }
            }
        }
    }

    @Test
    void newTags_beginAsOftenAsTheyAre() throws Exception {
        var loaders = DataBlock.of(Blocks.image(), Targets.multiCategory())
                .items(Items.imageFiles())
                .split(Splits.random(0.25).seed(1))
                .label(item -> item.id().startsWith("left") ? List.of("bright", "left") : List.of("bright"))
                .itemTransform(Transforms.resize(32))
                .batchSize(8)
                .loaders(data);
        long left = loaders.train().dataset().labels().stream()
                .filter(labels -> labels.contains("left"))
                .count();
        Path file = folder.resolve("tags.safetensors");
        try (var learner = learner(loaders)) {
            learner.export(file);
        }
        try (var predictor = Predictor.load(file)) {
            for (String picture : List.of("left/0.png", "right/3.png")) {
                float[] found = predictor.predict(data.resolve(picture)).probabilities();
                assertThat(found[0]).isCloseTo(18.5f / 19, within(1e-5f)); // of 18, all are bright
                assertThat(found[1]).isCloseTo((left + 0.5f) / 19, within(1e-5f));
            }
        }
    }

    @Test
    void bfloat16_trainsAsFloat32Does() {
        Map<Precision, Double> first = new LinkedHashMap<>();
        for (var precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
            try (var learner = learner(loaders()).precision(precision)) {
                learner.unfreeze();
                var history = learner.fitOneCycle(6, Rates.of(2e-3));
                first.put(precision, history.steps().get(0).loss());
                assertThat(learner.model().parameters().values())
                        .allMatch(parameter -> parameter.dtype() == DType.FLOAT32);
                assertThat(history.last().orElseThrow().value("accuracy").orElseThrow())
                        .as("%s", precision)
                        .isGreaterThan(0.9);
            }
        }
        // Of the same weights and pictures. Later losses are no measure: training makes much of any rounding, and the
        // kernels round differently from processor to processor.
        assertThat(first.get(Precision.BFLOAT16))
                .isNotEqualTo(first.get(Precision.FLOAT32))
                .isCloseTo(first.get(Precision.FLOAT32), within(0.15));
    }

    @Test
    void predictor_isThreadSafeAndReportsUnreadableFiles() throws Exception {
        Path file = folder.resolve("model.safetensors");
        try (var learner = learner(loaders())) {
            learner.fineTune(0);
            learner.export(file);
        }
        Path bad = Files.writeString(folder.resolve("bad.jpg"), "<html>not a picture</html>");
        try (var model = Predictor.load(file)) {
            Path one = data.resolve("left/0.png");
            float[] expected = model.predict(one).probabilities();
            var pool = Executors.newFixedThreadPool(4);
            var futures = IntStream.range(0, 24)
                    .mapToObj(i -> pool.submit(() -> model.predict(one).probabilities()))
                    .toList();
            for (var future : futures) {
                assertThat(future.get()).isEqualTo(expected);
            }
            pool.shutdown();
            var answers = model.predictAll(List.of(one, bad, data.resolve("right")));
            assertThat(answers).hasSize(14);
            assertThat(answers.get(0).file()).isEqualTo(one);
            assertThat(answers.get(1).prediction()).isEmpty();
            assertThat(answers.get(1).error().orElseThrow()).contains("text/html");
            assertThat(answers.get(2).prediction()).isPresent();
        }
    }

    @Test
    void brokenPictures_areRejectedAtTheDoorOrAtUseAndNamed() throws IOException {
        Files.writeString(data.resolve("left/page.jpg"), "<html></html>");
        Files.write(data.resolve("right/empty.png"), new byte[0]);
        byte[] whole = Files.readAllBytes(data.resolve("left/0.png"));
        Files.write(data.resolve("left/cut.png"), java.util.Arrays.copyOf(whole, whole.length / 2));
        var loaders = loaders();
        assertThat(loaders.rejected()).extracting(Rejected::file).containsExactly("left/page.jpg", "right/empty.png");
        try (var learner = learner(loaders)) {
            learner.fineTune(1);
            learner.validate();
        }
        assertThat(loaders.rejected()).extracting(Rejected::file).contains("left/cut.png");
    }

    @Test
    void missingWeights_sayWhichFileAndWhereToPutIt() {
        var architecture = Models.resnet34();
        var start = VisionLearner.Start.pretrained(architecture)
                .cache(WeightCache.system()
                        .home(folder.resolve("none"))
                        .torchHome(folder.resolve("none"))
                        .offline());
        var loaders = loaders();
        assertThatThrownBy(() -> VisionLearner.of(loaders, architecture, start))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("resnet34-b627a593.pth")
                .hasMessageContaining("none");
    }

    @Test
    void sizeInTheBatchTransforms_isRefusedByTheExport() {
        var loaders = DataBlock.of(Blocks.image(), Blocks.category())
                .itemTransform(Transforms.resize(40))
                .batchTransform(Augmentations.standard().size(32))
                .batchSize(8)
                .loaders(data);
        try (var learner = learner(loaders)) {
            assertThatThrownBy(() -> learner.export(folder.resolve("m.safetensors")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Transforms.resize");
        }
    }

    @Test
    void grid_showsPicturesAndAugmentations() throws IOException {
        var loaders = loaders();
        Path file = folder.resolve("grid.png");
        ImageGrid.of(loaders, 9).write(file);
        var grid = ImageReader.of().read(file);
        assertThat(grid.width()).isGreaterThan(96);
        var one = ImageGrid.augmentations(loaders, 4).render();
        assertThat(one.getWidth()).isBetween(64, 100);
    }

    @Test
    void picturesOfSeveralSizes_areRefusedWithAdvice() throws IOException {
        ImageWriter.write(Image.of(30, 20, new byte[30 * 20 * 3]), data.resolve("left/odd.png"));
        var loaders =
                DataBlock.of(Blocks.image(), Blocks.category()).batchSize(64).loaders(data);
        try (var batches = loaders.train().epoch(0)) {
            assertThatThrownBy(batches::hasNext).hasMessageContaining("Transforms.resize");
        }
    }
}
