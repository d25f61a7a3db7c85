package espalier.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of modules, for every layer. */
@ExtendWith(NoLeaks.class)
class LayersTest {
    /** A layer with the shape of an input for it. */
    record Case(Class<?> type, Supplier<? extends Module> make, long... shape) {
        @Override
        public String toString() {
            return type.getSimpleName();
        }
    }

    /** A module with a list: the sum of two linear layers of the input. */
    private static final class Sum extends Module {
        private final ModuleList parts = child("parts", ModuleList.of(Linear.of(3, 2), Linear.of(3, 2)));

        @Override
        public Tensor forward(Tensor x) {
            Tensor sum = parts.get(0).forward(x);
            for (int i = 1; i < parts.size(); i++) {
                sum = sum.add(parts.get(i).forward(x));
            }
            return sum;
        }
    }

    /** A module with a dictionary: one of two ways through it. */
    private static final class Choice extends Module {
        private final ModuleDict ways = child("ways", ModuleDict.of(Map.of("short", Linear.of(3, 2))));

        @Override
        public Tensor forward(Tensor x) {
            return ways.get("short").forward(x);
        }
    }

    static Stream<Case> cases() {
        var cases = new ArrayList<>(List.of(
                new Case(AdaptiveAvgPool2d.class, () -> AdaptiveAvgPool2d.of(1), 2, 3, 5, 4),
                new Case(AdaptiveConcatPool2d.class, () -> AdaptiveConcatPool2d.of(1), 2, 3, 5, 4),
                new Case(AdaptiveMaxPool2d.class, () -> AdaptiveMaxPool2d.of(2), 2, 3, 5, 4),
                new Case(
                        AvgPool1d.class,
                        () -> AvgPool1d.of(3).stride(2).padding(1).ceil().ignorePadding(),
                        2,
                        3,
                        8),
                new Case(
                        AvgPool2d.class,
                        () -> AvgPool2d.of(3).stride(2).padding(1).ceil(),
                        2,
                        3,
                        8,
                        8),
                new Case(BatchNorm1d.class, () -> BatchNorm1d.of(3), 4, 3),
                new Case(BatchNorm2d.class, () -> BatchNorm2d.of(3).eps(1e-3).momentum(0.01), 2, 3, 4, 4),
                new Case(Conv1d.class, () -> Conv1d.of(4, 6, 3).groups(2), 2, 4, 8),
                new Case(
                        Conv2d.class,
                        () -> Conv2d.of(4, 6, 3).groups(2).samePadding().stride(2),
                        2,
                        4,
                        8,
                        8),
                new Case(Conv2d.class, () -> Conv2d.depthwise(4, 3).dilation(2).noBias(), 2, 4, 8, 8),
                new Case(Dropout.class, () -> Dropout.of(0.4), 20, 20),
                new Case(Embedding.class, () -> Embedding.of(7, 3).paddingIndex(0), 2, 5),
                new Case(Flatten.class, Flatten::of, 2, 3, 4),
                new Case(GroupNorm.class, () -> GroupNorm.of(2, 4).eps(1e-3), 2, 4, 5),
                new Case(Gru.class, () -> Gru.of(3, 5).layers(2).dropout(0.3).bidirectional(), 2, 4, 3),
                new Case(LayerNorm.class, () -> LayerNorm.of(5), 3, 5),
                new Case(Linear.class, () -> Linear.of(3, 5), 2, 3),
                new Case(LogSoftmax.class, () -> LogSoftmax.of(-1), 2, 3),
                new Case(Lstm.class, () -> Lstm.of(3, 5).layers(3).dropout(0.3), 2, 4, 3),
                new Case(
                        MaxPool1d.class,
                        () -> MaxPool1d.of(3).stride(2).padding(1).ceil(),
                        2,
                        3,
                        8),
                new Case(MaxPool2d.class, () -> MaxPool2d.of(3).stride(2).padding(1), 2, 3, 8, 8),
                new Case(Rescale.class, () -> Rescale.of(new float[] {1, -2, 3}, new float[] {2, 0.5f, 4}), 2, 3),
                new Case(
                        ConvTranspose2d.class,
                        () -> ConvTranspose2d.of(4, 6, 3)
                                .groups(2)
                                .stride(2)
                                .padding(1)
                                .outputPadding(1),
                        2,
                        4,
                        3,
                        3),
                new Case(Dropout2d.class, () -> Dropout2d.of(0.4), 8, 9, 2, 2),
                new Case(InstanceNorm2d.class, () -> InstanceNorm2d.of(3).affine(), 2, 3, 4, 4),
                new Case(LayerNorm2d.class, () -> LayerNorm2d.of(3), 2, 3, 4, 4),
                new Case(LstmCell.class, () -> LstmCell.of(3, 5), 4, 3),
                new Case(ModuleDict.class, Choice::new, 2, 3),
                new Case(ModuleList.class, Sum::new, 2, 3),
                new Case(
                        MultiheadAttention.class,
                        () -> MultiheadAttention.of(6, 2).dropout(0.3),
                        2,
                        4,
                        6),
                new Case(Upsample.class, () -> Upsample.of(2).bilinear(), 2, 3, 4, 4),
                new Case(ZeroPad2d.class, () -> ZeroPad2d.of(1, 2, 0, 1), 2, 3, 4, 4),
                new Case(Rnn.class, () -> Rnn.of(3, 5).layers(2).dropout(0.3), 2, 4, 3),
                new Case(
                        Sequential.class, () -> Sequential.of(Linear.of(3, 4), Dropout.of(0.5), Linear.of(4, 2)), 2, 3),
                new Case(StochasticDepth.class, () -> StochasticDepth.of(0.5), 8, 3),
                new Case(Softmax.class, () -> Softmax.of(1), 2, 3)));
        List<Supplier<? extends Module>> activations = List.of(
                ELU::of,
                GELU::of,
                Hardsigmoid::of,
                Hardswish::of,
                Identity::of,
                LeakyReLU::of,
                LogSigmoid::of,
                Mish::of,
                ReLU::of,
                ReLU6::of,
                SiLU::of,
                Sigmoid::of,
                Softplus::of,
                Tanh::of,
                () -> ReLU.of().inPlace(),
                () -> ReLU6.of().inPlace());
        for (var make : activations) {
            cases.add(new Case(make.get().getClass(), make, 3, 4));
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void layer_keepsTheContract(Case given) {
        Tensor x = given.type() == Embedding.class
                ? Tensor.of(new long[] {0, 1, 2, 3, 4, 5, 6, 1, 2, 3}, given.shape())
                : Tensor.randn(Rng.of(1), given.shape());
        ModuleContract.check(given.make(), x);
    }

    @Test
    void moduleList_namesItsModulesAndRefusesToRun() {
        try (var model = new Sum()) {
            assertThat(model.parameters().keySet())
                    .containsExactly("parts.0.weight", "parts.0.bias", "parts.1.weight", "parts.1.bias");
            assertThat(model.parts).hasSize(2).allMatch(Linear.class::isInstance);
            Tensor x = Tensor.ones(1, 3);
            assertThatThrownBy(() -> model.parts.forward(x)).hasMessageContaining("Maybe a Sequential");
        }
    }

    @Test
    void dropout2d_dropsWholeMaps() {
        var layer = Dropout2d.of(0.5);
        layer.seed(Rng.of(1));
        Tensor means = layer.forward(Tensor.ones(20, 30, 4, 4)).mean(2, 3); // [20, 30]
        double[] values = means.toDoubleArray();
        assertThat(values).containsOnly(0, 2);
        assertThat(Arrays.stream(values).average().orElseThrow()).isBetween(0.9, 1.1);
        assertThatThrownBy(() -> Dropout2d.of(1)).hasMessageContaining("[0, 1)");
    }
}
