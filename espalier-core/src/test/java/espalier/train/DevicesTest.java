package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.loss.Losses;
import espalier.nn.Dropout;
import espalier.nn.Linear;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.tensor.Device;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a training must do on any device: everywhere on the CPU, and on a graphics card with {@code mvn -Pgpu verify
 * -Dtest.groups=gpu -Dtest.excludedGroups=}, on a machine that has one.
 */
@ExtendWith(NoLeaks.class)
class DevicesTest {
    private static final int EPOCHS = 4;

    @TempDir
    Path folder;

    @BeforeEach
    void makeData() throws IOException {
        Numbers.write(folder.resolve("data"), List.of("cat", "dog"), 40, 1);
    }

    private Learner<double[]> learner(Device device, boolean dropout) {
        var loaders =
                Numbers.block().itemTransform(Numbers.noise(0.3)).batchSize(8).loaders(folder.resolve("data"));
        var middle = dropout ? Dropout.of(0.5) : ReLU.of();
        var model = Sequential.of(Linear.of(2, 16), middle, Linear.of(16, 2)).reset(Rng.of(7));
        return Learner.of(loaders, model, Losses.crossEntropy()).device(device);
    }

    private static double[] losses(History history) {
        return history.steps().stream().mapToDouble(History.Step::loss).toArray();
    }

    private void lossesEqualTheCpus(Device device) {
        double[] expected;
        try (var learner = learner(Device.cpu(), false)) {
            expected = losses(learner.fit(EPOCHS, Rates.of(0.3)));
        }
        try (var learner = learner(device, false)) {
            assertThat(losses(learner.fit(EPOCHS, Rates.of(0.3)))).containsExactly(expected, within(1e-4));
            assertThat(learner.model().parameters().values())
                    .allSatisfy(parameter -> assertThat(parameter.device()).isEqualTo(device));
        }
    }

    private void reducedPrecisionLearns(Device device, Precision precision) {
        try (var learner = learner(device, false).precision(precision)) {
            var epochs = learner.fit(EPOCHS, Rates.of(0.3)).epochs();
            assertThat(epochs.get(EPOCHS - 1).validLoss().orElseThrow())
                    .isLessThan(epochs.get(0).validLoss().orElseThrow());
        }
    }

    /** With dropout, whose masks must go on where they stopped. */
    private void resumptionChangesNoLoss(Device device) {
        double[] whole;
        try (var learner = learner(device, true)) {
            whole = losses(learner.fit(EPOCHS, Rates.of(0.3)));
        }
        Path run = folder.resolve("run");
        try (var learner = learner(device, true).callback(Checkpoints.in(run))) {
            learner.callback(new Callback() {
                @Override
                public void afterEpoch(Fit fit) {
                    fit.learner().interrupt();
                }
            });
            learner.fit(EPOCHS, Rates.of(0.3));
        }
        try (var learner = learner(device, true)) {
            assertThat(losses(Checkpoints.in(run).resume(learner))).containsExactly(whole, within(1e-6));
        }
    }

    private void holdsWhatATrainingNeeds(Device device) {
        assertThat(device.isAvailable()).isTrue();
        lossesEqualTheCpus(device);
        resumptionChangesNoLoss(device);
        reducedPrecisionLearns(device, Precision.BFLOAT16);
        reducedPrecisionLearns(device, Precision.FLOAT16);
    }

    @Test
    void theCpu_holdsWhatATrainingNeeds() {
        holdsWhatATrainingNeeds(Device.cpu());
    }

    @Test
    @Tag("gpu")
    void aGpu_holdsWhatATrainingNeeds() {
        holdsWhatATrainingNeeds(Device.cuda());
    }
}
