package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.DType;
import espalier.loss.Losses;
import espalier.nn.Dropout;
import espalier.nn.Linear;
import espalier.nn.Lstm;
import espalier.nn.Module;
import espalier.nn.Sequential;
import espalier.nn.StochasticDepth;
import espalier.nn.Tanh;
import espalier.optim.Optimizer;
import espalier.optim.OptimizerFactory;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.tensor.Device;
import espalier.tensor.Grad;
import espalier.tensor.NativeException;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Steps on libtorch's meta device, which computes shapes and types: what a step would leave on the CPU (masks, recurrent
 * states, generators, averages) is seen here, without a graphics card. Convolutions, batch norms, look-ups by index and Adam's
 * fused step have their shapes in PyTorch's Python only, so networks with them cannot run there; that nothing else in them
 * makes tensors on the CPU is for {@link espalier.HostTensorsTest}.
 */
@ExtendWith(NoLeaks.class)
class MetaDeviceTest {
    private static final Device META = Device.meta();

    /** Two steps: the second finds the optimiser's averages in their place. */
    private static void train(Module model, OptimizerFactory factory, java.util.function.Supplier<Tensor> scores) {
        try (var optimizer = optimizer(model, factory)) {
            for (int i = 0; i < 2; i++) {
                try (var scope = Scope.open()) {
                    Tensor out = scores.get();
                    assertThat(out.device()).isEqualTo(META);
                    Tensor loss = out.square().mean(); // cross entropy reads its labels, to check them
                    assertThat(loss.device()).isEqualTo(META);
                    loss.backward();
                    model.parameters()
                            .forEach((name, parameter) -> assertThat(parameter.grad())
                                    .as(name)
                                    .hasValueSatisfying(gradient ->
                                            assertThat(gradient.device()).isEqualTo(META)));
                    optimizer.step();
                    optimizer.zeroGrad();
                    optimizer.state().forEach((name, value) -> {
                        if (!name.endsWith(".step")) {
                            assertThat(value.device()).as(name).isEqualTo(META);
                        }
                    });
                }
            }
        }
        model.stateDict()
                .forEach((name, value) -> assertThat(value.device()).as(name).isEqualTo(META));
    }

    private static Optimizer optimizer(Module model, OptimizerFactory factory) {
        return factory.create(List.of(
                ParameterGroup.of(List.copyOf(model.parameters().values())).lr(0.1)));
    }

    /** Two layers in both directions with dropout between them, and dropout of every kind behind. */
    private static final class Reader extends Module {
        private final Lstm encoder =
                child("encoder", Lstm.of(8, 6).layers(2).bidirectional().dropout(0.3));
        private final StochasticDepth depth = child("depth", StochasticDepth.of(0.2));
        private final Dropout dropout = child("dropout", Dropout.of(0.5));
        private final Linear predictor = child("predictor", Linear.of(12, 3));

        @Override
        public Tensor forward(Tensor x) {
            Tensor states = depth.forward(encoder.forward(x)).mean(false, 1); // [N, 2 * D]
            return predictor.forward(dropout.forward(states)); // [N, K]
        }
    }

    /** Those whose steps libtorch computes there without Python: not Adam's fused one, nor those that read a norm. */
    @ParameterizedTest
    @ValueSource(strings = {"adadelta", "adagrad", "lion", "nadam", "radam", "rmsprop", "sgd"})
    void trainingStep_ofAnLstm_staysOnItsDevice(String optimizer) {
        try (var model = new Reader()) {
            model.to(META);
            model.train();
            model.seed(Rng.of(3));
            train(
                    model,
                    Optimizers.named(optimizer).orElseThrow(),
                    () -> model.forward(Tensor.zeros(DType.FLOAT32, META, 2, 5, 8)));
        }
    }

    @Test
    void valuesOfTheMetaDevice_cannotBeRead() {
        try (var scope = Scope.open()) {
            var tensor = Tensor.zeros(DType.FLOAT32, META, 2);
            assertThat(tensor.add(1).device()).isEqualTo(META);
            assertThatThrownBy(tensor::toFloatArray).isInstanceOf(NativeException.class);
        }
    }

    /** The learner moves its batches where the model is; only where the loss looks at the labels does the step end. */
    @Test
    void learner_bringsEachBatchToItsDevice(@TempDir Path folder) throws IOException {
        Numbers.write(folder, List.of("cat", "dog"), 12, 1);
        var loaders = Numbers.block().batchSize(4).loaders(folder);
        var net = Sequential.of(Linear.of(2, 6), Tanh.of(), Dropout.of(0.2), Linear.of(6, 2));
        var seen = new ArrayList<Device>();
        try (var learner = Learner.of(loaders, net, Losses.crossEntropy()).device(META)) {
            learner.callback(new Callback() {
                @Override
                public void beforeBatch(Fit fit, Step step) {
                    seen.add(step.batch().x().device());
                    seen.add(step.batch().y().device());
                }
            });
            assertThatThrownBy(() -> learner.fit(1, Rates.of(0.1)))
                    .isInstanceOf(NativeException.class)
                    .hasMessageContaining("meta")
                    .hasStackTraceContaining("ClassLoss.labels");
            assertThat(seen).containsExactly(META, META);
            learner.optimizer();
            assertThatThrownBy(() -> learner.device(Device.cpu()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("too late");
        }
        assertThat(Grad.isOn()).isTrue();
    }
}
