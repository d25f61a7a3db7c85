package espalier.nn;

import espalier.tensor.Rng;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
}
