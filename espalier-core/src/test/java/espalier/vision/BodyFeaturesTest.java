package espalier.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.data.DataBlock;
import espalier.data.Loaders;
import espalier.data.Splits;
import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.metric.Metrics;
import espalier.optim.Rates;
import espalier.report.Rejected;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.History;
import espalier.train.Learner;
import espalier.train.Norms;
import espalier.train.Precision;
import espalier.train.Step;
import espalier.vision.augment.Augmentations;
import espalier.vision.model.Head;
import espalier.vision.model.Models;
import espalier.vision.model.TransferModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class BodyFeaturesTest {
    @TempDir
    Path data;

    @BeforeEach
    void makePictures() throws IOException {
        for (String label : List.of("left", "right")) {
            Files.createDirectories(data.resolve(label));
            for (int i = 0; i < 9; i++) {
                var rng = Rng.of(i).derive(label.hashCode());
                byte[] bytes = new byte[32 * 32 * 3];
                for (int p = 0; p < bytes.length; p++) {
                    boolean bright = (p / 3 % 32 < 16) == label.equals("left");
                    bytes[p] = (byte) ((bright ? 160 : 20) + rng.nextInt(60));
                }
                ImageWriter.write(Image.of(32, 32, bytes), data.resolve(label).resolve(i + ".png"));
            }
        }
    }

    private DataBlock<Image> block() {
        return DataBlock.of(Blocks.image(), Blocks.category()).batchSize(4);
    }

    private static Learner<Image> learner(Loaders<Image> loaders) {
        var learner = VisionLearner.of(loaders, Models.resnet18(), VisionLearner.Start.scratch())
                .norms(Norms.REST)
                .precision(Precision.FLOAT32)
                .metrics(Metrics.accuracy());
        learner.freeze();
        return learner;
    }

    /** Every loss of a training with the head alone, of batches and of epochs. */
    private static double[] losses(History history) {
        var all = new ArrayList<Double>();
        history.steps().forEach(step -> all.add(step.loss()));
        history.epochs().forEach(epoch -> all.add(epoch.validLoss().orElseThrow()));
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private double[] trained(BodyFeatures features) {
        try (var learner = learner(block().loaders(data)).precomputed(features)) {
            return losses(learner.fit(3, Rates.of(2e-3)));
        }
    }

    @Test
    void features_giveTheLossesOfComputingThemAnew() {
        double[] anew;
        try (var learner = learner(block().loaders(data))) {
            anew = losses(learner.fit(3, Rates.of(2e-3)));
        }
        assertThat(anew).hasSizeGreaterThan(9);
        assertThat(Arrays.stream(anew).distinct().count()).isGreaterThan(6);
        assertThat(trained(BodyFeatures.of(Views.plain()))).containsExactly(anew, within(1e-4));
    }

    /** The recipe of the x-rays: batch norm, hidden layers with dropout, Adam at a constant rate, ten epochs. */
    @Test
    void features_giveTheLossesOfComputingThemAnew_alsoWithAHeadOfOnesOwnAndItsDropout() {
        double[] anew = withOwnHead(false);
        assertThat(anew).hasSizeGreaterThan(30);
        assertThat(withOwnHead(true)).containsExactly(anew, within(1e-4));
    }

    private double[] withOwnHead(boolean once) {
        var start = VisionLearner.Start.scratch().head(Head.of(16, 8).norm().dropout(0.4));
        try (var learner = VisionLearner.of(block().loaders(data), Models.resnet18(), start)
                .norms(Norms.REST)
                .precision(Precision.FLOAT32)) {
            learner.freeze();
            if (once) {
                learner.precomputed(BodyFeatures.of(Views.plain()));
            }
            return losses(learner.fit(10, Rates.of(5e-4)));
        }
    }

    @Test
    void featuresInAFile_areThoseInMemory() {
        double[] inMemory = trained(BodyFeatures.of(Views.withMirror()));
        assertThat(trained(BodyFeatures.of(Views.withMirror()).memory(3 * 1024 * 4)))
                .containsExactly(inMemory);
        assertThat(trained(BodyFeatures.of(Views.plain()))).isNotEqualTo(inMemory);
    }

    @Test
    void views_areThePictureItsMirrorOrAugmented() {
        var loaders = block().batchTransform(Augmentations.standard()).loaders(data);
        var item = loaders.train().dataset().items().get(0);
        try (var learner = learner(loaders);
                var mirrored = BodyFeatures.of(Views.withMirror());
                var random = BodyFeatures.of(Views.random(3))) {
            var model = (espalier.vision.model.TransferModel) learner.model();
            var two = mirrored.vectors(learner, model).orElseThrow().views(item);
            var three = random.vectors(learner, model).orElseThrow().views(item);
            assertThat(two).hasSize(2);
            assertThat(two.get(0)).hasSize(1024).isNotEqualTo(two.get(1));
            assertThat(three).hasSize(3);
            assertThat(three.get(0)).isNotEqualTo(three.get(1)).isNotEqualTo(two.get(0));
            var valid = loaders.valid().dataset().items().get(0);
            assertThat(random.vectors(learner, model).orElseThrow().views(valid))
                    .hasSize(1);
        }
    }

    @Test
    void unfrozenBody_seesPictures() {
        var dimensions = new ArrayList<Integer>();
        try (var learner = learner(block().loaders(data))
                .precomputed(BodyFeatures.of(Views.plain()))
                .callback(new Callback() {
                    @Override
                    public void afterBatch(Fit fit, Step step) {
                        dimensions.add(step.batch().x().dim());
                    }
                })) {
            learner.fit(1, Rates.of(1e-3));
            assertThat(dimensions).isNotEmpty().containsOnly(2);
            dimensions.clear();
            learner.unfreeze();
            learner.fit(1, Rates.of(1e-3));
            assertThat(dimensions).isNotEmpty().containsOnly(4);
        }
    }

    @Test
    void deadline_leavesARandomChoiceOfTrainingPicturesAndAllOthers() {
        var loaders = block().loaders(data);
        try (var learner = learner(loaders);
                var features = BodyFeatures.of(Views.withMirror()).deadline(passed(false, true, false))) {
            var vectors =
                    features.vectors(learner, (TransferModel) learner.model()).orElseThrow();
            var train = loaders.train().dataset();
            var seen = train.items().stream()
                    .filter(item -> !vectors.views(item).isEmpty())
                    .toList();
            assertThat(seen).as("a batch").hasSize(4).isNotEqualTo(train.items().subList(0, 4));
            assertThat(loaders.valid().dataset().items())
                    .isNotEmpty()
                    .allSatisfy(item -> assertThat(vectors.views(item)).hasSize(1));
        }
    }

    @Test
    void deadlineThatAsksForIt_leavesOutMirrorImages() {
        var loaders = block().loaders(data);
        try (var learner = learner(loaders);
                var features = BodyFeatures.of(Views.withMirror()).deadline(passed(false, false, true))) {
            var vectors =
                    features.vectors(learner, (TransferModel) learner.model()).orElseThrow();
            assertThat(loaders.train().dataset().items())
                    .isNotEmpty()
                    .allSatisfy(item -> assertThat(vectors.views(item)).hasSize(1));
        }
    }

    private static BodyFeatures.Deadline passed(boolean valid, boolean train, boolean plainly) {
        return new BodyFeatures.Deadline() {
            @Override
            public boolean validPassed() {
                return valid;
            }

            @Override
            public boolean passed() {
                return train;
            }

            @Override
            public boolean plainly(long seen) {
                assertThat(seen).as("validation pictures").isPositive();
                return plainly;
            }
        };
    }

    /** What was not looked at is no mistake and no faulty file: it has no part in the figures. */
    @Test
    void deadlineOfValidation_leavesARandomChoiceOfItToJudgeBy() {
        var loaders = block().split(Splits.random(0.5)).loaders(data);
        var features = BodyFeatures.of(Views.plain()).deadline(passed(true, true, false));
        try (var learner = learner(loaders).precomputed(features)) {
            var vectors =
                    features.vectors(learner, (TransferModel) learner.model()).orElseThrow();
            var valid = loaders.valid().dataset();
            var seen = valid.items().stream()
                    .filter(item -> !vectors.views(item).isEmpty())
                    .toList();
            assertThat(valid.size()).isGreaterThan(4);
            assertThat(seen).as("a batch").hasSize(4);
            var judged = features.loaders(learner).orElseThrow().valid();
            assertThat(judged.dataset().items()).isEqualTo(seen);
            learner.record("head", 0, 0);
            assertThat(learner.history().epochs().get(0).validLoss()).isPresent();
            assertThat(loaders.rejected()).isEmpty();
        }
    }

    @Test
    void unreadablePicture_isRejectedOnce() throws IOException {
        byte[] whole = Files.readAllBytes(data.resolve("left/1.png"));
        for (int i = 0; i < 5; i++) {
            Files.write(data.resolve("left/cut" + i + ".png"), Arrays.copyOf(whole, whole.length / 2));
        }
        var loaders = block().loaders(data);
        try (var learner = learner(loaders).precomputed(BodyFeatures.of(Views.plain()))) {
            learner.fit(2, Rates.of(1e-3));
        }
        assertThat(loaders.rejected())
                .extracting(Rejected::file)
                .containsExactlyInAnyOrder(
                        "left/cut0.png", "left/cut1.png", "left/cut2.png", "left/cut3.png", "left/cut4.png");
    }
}
