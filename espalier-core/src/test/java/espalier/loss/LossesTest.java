package espalier.loss;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.format.DType;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(NoLeaks.class)
class LossesTest {
    private static final Golden GOLDEN = Golden.load("losses");

    static List<String> cases() {
        return GOLDEN.cases().stream().filter(name -> !name.equals("nll")).toList();
    }

    private static Tensor tensor(String name) {
        return GOLDEN.dtype(name).equals("int64")
                ? Tensor.of(GOLDEN.longs(name), GOLDEN.shape(name))
                : Tensor.of(GOLDEN.floats(name), GOLDEN.shape(name));
    }

    private static Loss loss(JsonNode options) {
        String name = options.get("loss").asString();
        double[] weight =
                options.has("weight") ? GOLDEN.doubles(options.get("weight").asString()) : new double[0];
        return switch (name) {
            case "cross_entropy" ->
                Losses.crossEntropy()
                        .labelSmoothing(options.path("label_smoothing").asDouble(0))
                        .weights(weight);
            case "focal" ->
                Losses.focal().gamma(options.get("gamma").asDouble()).weights(weight);
            case "bce_with_logits" -> {
                var loss = Losses.bceWithLogits().weights(weight);
                yield options.has("pos_weight")
                        ? loss.positiveWeights(
                                GOLDEN.doubles(options.get("pos_weight").asString()))
                        : loss;
            }
            case "huber" -> Losses.huber().width(options.path("delta").asDouble(1));
            case "smooth_l1" -> Losses.smoothL1().width(options.path("beta").asDouble(1));
            default -> Losses.named(name).orElseThrow();
        };
    }

    @ParameterizedTest
    @MethodSource("cases")
    void loss_equalsPyTorchsWithItsGradient(String name) {
        var loss = loss(GOLDEN.value("/cases/" + name));
        var scores = tensor(name + "/scores").requiresGrad(true);
        var target = tensor(name + "/target");
        var mean = loss.loss(scores, target);
        assertThat(mean).hasShape().isCloseTo(GOLDEN.doubles(name + "/mean"), 1e-5);
        mean.backward();
        assertThat(scores.grad().orElseThrow()).isCloseTo(GOLDEN.doubles(name + "/grad/mean"), 1e-5);
        if (GOLDEN.has(name + "/activation")) {
            var probabilities = loss.activation(scores);
            assertThat(probabilities).isCloseTo(GOLDEN.doubles(name + "/activation"), 1e-6);
            assertThat(loss.decode(probabilities)).isCloseTo(GOLDEN.doubles(name + "/decoded"), 0);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void losses_areOneAnItem(String name) {
        var loss = loss(GOLDEN.value("/cases/" + name));
        var scores = tensor(name + "/scores").requiresGrad(true);
        var losses = loss.losses(scores, tensor(name + "/target"));
        var expected = Loss.perItem(tensor(name + "/none"));
        assertThat(losses).hasShape(scores.size(0)).isCloseTo(expected, 1e-5);
        losses.sum().backward();
        double shared = losses.numel() == tensor(name + "/none").numel() ? 1 : scores.size(1);
        var sum = tensor(name + "/grad/sum").div(shared);
        assertThat(scores.grad().orElseThrow()).isCloseTo(sum, 1e-5);
    }

    /** The one golden without a loss of its own: what cross entropy is made of. */
    @Test
    void activation_isKnownByItsNameAndByTheFirstNameOfIdentity() {
        for (var activation : Activation.values()) {
            assertThat(Activation.named(activation.modelName())).contains(activation);
        }
        assertThat(Activation.named("none")).contains(Activation.IDENTITY);
        assertThat(Activation.named("tanh")).isEmpty();
    }

    @Test
    void nll_isCrossEntropyOfLogProbabilities() {
        var scores = tensor("nll/scores");
        assertThat(Losses.crossEntropy().loss(scores, tensor("nll/target")))
                .isCloseTo(GOLDEN.doubles("nll/mean"), 1e-5);
    }

    @Test
    void numbers_areThoseOfTheReference() {
        var scores = Tensor.of(new float[] {1, 2, 3}, 1, 3);
        var target = Tensor.of(new long[] {2}, 1);
        assertThat(Losses.crossEntropy().loss(scores, target).item()).isCloseTo(.407606, within(1e-6));
        assertThat(Losses.crossEntropy().labelSmoothing(.1).loss(scores, target).item())
                .isCloseTo(.507606, within(1e-6));
        assertThat(Losses.focal().loss(scores, target).item()).isCloseTo(.0456778, within(1e-6));
    }

    @Test
    void T11_weightsOfAnAbsentClass_areZeroAndABatchOfThemTeachesNothing() {
        double[] weights = ClassWeights.balanced(6, 2, 0);
        assertThat(weights).containsExactly(new double[] {8 / 12.0, 2, 0}, within(1e-12));
        var scores = Tensor.of(new float[] {1, 2, 3}, 1, 3).requiresGrad(true);
        for (var loss : List.<Loss>of(
                Losses.crossEntropy().weights(weights),
                Losses.crossEntropy().weights(weights).labelSmoothing(0.1),
                Losses.focal().weights(weights))) {
            scores.clearGrad();
            var value = loss.loss(scores, Tensor.of(new long[] {2}, 1));
            assertThat(value.item()).isZero();
            value.backward();
            assertThat(scores.grad().orElseThrow()).isCloseTo(new double[3], 0);
        }
        assertThatThrownBy(() -> Losses.crossEntropy().weights(1, Double.POSITIVE_INFINITY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("balanced");
        assertThatThrownBy(() -> Losses.crossEntropy().weights(1, 2).loss(scores, Tensor.of(new long[] {0}, 1)))
                .hasMessageContaining("2 weights");
    }

    @Test
    void T11_onlyIgnoredItems_teachNothing() {
        var scores = Tensor.of(new float[] {1, 2, 3}, 1, 3).requiresGrad(true);
        var value = Losses.crossEntropy().loss(scores, Tensor.of(new long[] {-100}, 1));
        assertThat(value.item()).isZero();
    }

    @Test
    void T11_smoothingOfOne_doesNotDependOnTheLabel() {
        var scores = Tensor.of(new float[] {1, 2, 3}, 1, 3);
        var loss = Losses.crossEntropy().labelSmoothing(1);
        double first = loss.loss(scores, Tensor.of(new long[] {0}, 1)).item();
        assertThat(loss.loss(scores, Tensor.of(new long[] {2}, 1)).item()).isEqualTo(first);
        assertThat(first).isCloseTo(1.407606, within(1e-5));
        assertThatThrownBy(() -> Losses.crossEntropy().labelSmoothing(1.1)).hasMessageContaining("1.1");
    }

    @Test
    void T11_oneClass_hasNoLossAndNoGradient() {
        for (var loss : List.<Loss>of(Losses.crossEntropy(), Losses.focal())) {
            var scores = Tensor.of(new float[] {3, -1}, 2, 1).requiresGrad(true);
            var value = loss.loss(scores, Tensor.of(new long[] {0, 0}, 2));
            value.backward();
            assertThat(value.item()).isZero();
            assertThat(scores.grad().orElseThrow()).isCloseTo(new double[2], 0);
            assertThat(loss.decode(loss.activation(scores)).toLongArray()).containsExactly(0, 0);
        }
    }

    @Test
    void focal_isFiniteWhereItIsSure() {
        var scores = Tensor.of(new float[] {200, -200}, 1, 2).requiresGrad(true);
        var value = Losses.focal().gamma(0.5).loss(scores, Tensor.of(new long[] {0}, 1));
        assertThat(value.item()).isZero();
    }

    @Test
    void shapes_areCheckedBeforehand() {
        var scores = Tensor.zeros(2, 3);
        assertThatThrownBy(() -> Losses.crossEntropy().loss(scores, Tensor.of(new long[] {0, 3}, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("class index 3")
                .hasMessageContaining("3 classes");
        assertThatThrownBy(() -> Losses.crossEntropy().loss(scores, Tensor.of(new long[] {0}, 1)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> Losses.mse().loss(scores, Tensor.zeros(3)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("[3]");
        assertThatThrownBy(() -> Losses.bceWithLogits().loss(scores, Tensor.zeros(3, 2)))
                .isInstanceOf(ShapeException.class);
    }

    @Test
    void regression_takesAColumnForARow() {
        var column = Tensor.of(new float[] {1, 2}, 2, 1);
        assertThat(Losses.mse().loss(column, Tensor.of(new float[] {0, 0}, 2)).item())
                .isEqualTo(2.5);
    }

    @Test
    void reducedPrecision_isRaised() {
        var scores = Tensor.of(new float[] {1, 2}, 1, 2).to(DType.BFLOAT16);
        assertThat(Losses.crossEntropy()
                        .loss(scores, Tensor.of(new long[] {1}, 1))
                        .dtype())
                .isEqualTo(DType.FLOAT32);
    }

    @Test
    void klDivergence_ofClassIndices_namesCrossEntropy() {
        var scores = Tensor.zeros(2, 3);
        assertThatThrownBy(() -> Losses.klDivergence().loss(scores, Tensor.of(new long[] {2, 0}, 2)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("Maybe crossEntropy() was meant");
    }

    @Test
    void threshold_decidesWhatIsGiven() {
        var loss = Losses.bceWithLogits().threshold(0.2);
        var probabilities = Tensor.of(new float[] {0.1f, 0.3f}, 1, 2);
        assertThat(loss.decode(probabilities).toLongArray()).containsExactly(0, 1);
    }

    @Test
    void T18_gradients_equalFiniteDifferences() {
        double[] start = {0.3, -1.2, 0.8, 1.5, 0.1, -0.4};
        var classes = Tensor.of(new long[] {2, 0}, 2);
        var labels = Tensor.of(new double[] {1, 0, 0, 0, 0, 0}, 2, 3);
        for (Loss loss : Losses.all()) {
            boolean ofClasses = loss.activation() == Activation.SOFTMAX && !(loss instanceof KlDivergence);
            var target = ofClasses ? classes : labels;
            var scores = Tensor.of(start, 2, 3).requiresGrad(true);
            loss.loss(scores, target).backward();
            double[] gradient = scores.grad().orElseThrow().toDoubleArray();
            for (int i = 0; i < start.length; i++) {
                double[] up = start.clone();
                double[] down = start.clone();
                up[i] += 1e-5;
                down[i] -= 1e-5;
                double slope = (loss.loss(Tensor.of(up, 2, 3), target).item()
                                - loss.loss(Tensor.of(down, 2, 3), target).item())
                        / 2e-5;
                assertThat(gradient[i]).as("%s at %s", loss.name(), i).isCloseTo(slope, within(1e-7));
            }
        }
    }

    @Test
    void catalogue_isAlphabeticalAndFindsNames() {
        var names = Losses.all().stream().map(Loss::name).toList();
        assertThat(names).isSorted().doesNotHaveDuplicates();
        names.forEach(name -> assertThat(Losses.named(name)).isPresent());
        for (var activation : Activation.values()) {
            assertThat(Activation.named(activation.modelName())).contains(activation);
        }
    }
}
