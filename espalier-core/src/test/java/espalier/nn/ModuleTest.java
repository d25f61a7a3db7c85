package espalier.nn;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.tensor.NativeException;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class ModuleTest {
    private static Sequential net() {
        return Sequential.of(Linear.of(3, 4), ReLU.of(), BatchNorm1d.of(4), Linear.of(4, 2));
    }

    private static Map<String, Tensor> state(Module module) {
        var copies = new LinkedHashMap<String, Tensor>();
        module.stateDict()
                .forEach((name, value) -> copies.put(name, value.detach().copy()));
        return copies;
    }

    @Test
    void stateDict_hasPyTorchsNamesInItsOrder() {
        assertThat(net().stateDict().keySet())
                .containsExactly(
                        "0.weight",
                        "0.bias",
                        "2.weight",
                        "2.bias",
                        "2.running_mean",
                        "2.running_var",
                        "2.num_batches_tracked",
                        "3.weight",
                        "3.bias");
        assertThat(net().stateDict().get("2.num_batches_tracked").dtype()).isEqualTo(DType.INT64);
        assertThat(net().parameterCount()).isEqualTo(12 + 4 + 8 + 8 + 2);
    }

    @Test
    void M08_missingWeights_areListedAndNothingIsCopied() {
        var net = net();
        double[] before = net.stateDict().get("0.weight").toDoubleArray();
        var values = state(net);
        values.remove("2.running_var");
        values.remove("3.bias");
        values.put("0.weight", Tensor.ones(4, 3));
        assertThatThrownBy(() -> net.loadStateDict(values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 differences")
                .hasMessageContaining("missing: 2.running_var [4]")
                .hasMessageContaining("missing: 3.bias [2]")
                .hasMessageContaining("Maybe");
        assertThat(net.stateDict().get("0.weight")).isCloseTo(before, 0);
    }

    @Test
    void M08_extraWeights_areListed() {
        var net = net();
        var values = state(net);
        values.put("4.weight", Tensor.ones(1));
        assertThatThrownBy(() -> net.loadStateDict(values)).hasMessageContaining("unexpected: 4.weight");
    }

    @Test
    void M08_transposedWeights_areListed() {
        var net = net();
        var values = state(net);
        values.put("0.weight", Tensor.ones(3, 4));
        assertThatThrownBy(() -> net.loadStateDict(values))
                .hasMessageContaining("mismatched: 0.weight expected [4, 3], received [3, 4]");
    }

    @Test
    void M08_otherNumberOfClasses_isListedAndNothingIsCopied() {
        var net = net();
        double[] before = net.stateDict().get("0.bias").toDoubleArray();
        var other = Sequential.of(Linear.of(3, 4), ReLU.of(), BatchNorm1d.of(4), Linear.of(4, 5));
        other.reset(Rng.of(9));
        assertThatThrownBy(() -> net.loadStateDict(state(other)))
                .hasMessageContaining("2 differences")
                .hasMessageContaining("mismatched: 3.weight expected [2, 4], received [5, 4]")
                .hasMessageContaining("number of classes");
        assertThat(net.stateDict().get("0.bias")).isCloseTo(before, 0);
    }

    @Test
    void M08_manyDifferences_areCut() {
        var net = net();
        var values = state(net);
        IntStream.range(0, 30).forEach(i -> values.put("x" + i, Tensor.ones(1)));
        assertThatThrownBy(() -> net.loadStateDict(values))
                .hasMessageContaining("30 differences")
                .hasMessageContaining("x19")
                .hasMessageNotContaining("x20")
                .hasMessageContaining("...");
    }

    @Test
    void copySetters_shareTheParameters() {
        var plain = Conv2d.of(2, 3, 3);
        var strided = plain.stride(2).padding(1);
        assertThat(strided.weight()).isSameAs(plain.weight());
        assertThat(strided.noBias().parameters()).containsOnlyKeys("weight");
    }

    @Test
    void reluInPlace_givesTheSameGradients() {
        var plain = Sequential.of(Linear.of(3, 4), BatchNorm1d.of(4), ReLU.of(), Linear.of(4, 4), ReLU6.of());
        var inPlace = Sequential.of(
                Linear.of(3, 4),
                BatchNorm1d.of(4),
                ReLU.of().inPlace(),
                Linear.of(4, 4),
                ReLU6.of().inPlace());
        plain.reset(Rng.of(4));
        inPlace.loadStateDict(state(plain));
        Tensor x = Tensor.randn(Rng.of(5), 6, 3);
        Tensor g = Tensor.randn(Rng.of(6), 6, 4);
        plain.forward(x).mul(g).sum().backward();
        inPlace.forward(x).mul(g).sum().backward();
        plain.parameters()
                .forEach((name, parameter) -> assertThat(
                                inPlace.parameters().get(name).grad().orElseThrow())
                        .isCloseTo(parameter.grad().orElseThrow(), 0));
    }

    @Test
    void reluInPlace_behindLayersThatNeedTheirOutput_failsInsteadOfBeingWrong() {
        var wrong = Sequential.of(Linear.of(3, 4), Sigmoid.of(), ReLU.of().inPlace());
        Tensor loss = wrong.forward(Tensor.randn(Rng.of(5), 6, 3)).sum();
        assertThatThrownBy(loss::backward).isInstanceOf(NativeException.class).hasMessageContaining("inplace");
    }

    @Test
    void summary_listsModulesShapesAndTotals() {
        var net = Sequential.of(
                Conv2d.of(3, 8, 3).samePadding().stride(2),
                BatchNorm2d.of(8),
                ReLU.of(),
                AdaptiveAvgPool2d.of(1),
                Flatten.of(),
                Linear.of(8, 2));
        net.children().get("0").requiresGrad(false);
        var counts = net.stateDict().get("1.num_batches_tracked").item();
        var summary = net.summary(1, 3, 9, 9);
        assertThat(summary.rows()).hasSize(7);
        assertThat(summary.rows().get(1).output().orElseThrow().sizes()).containsExactly(1, 8, 5, 5);
        assertThat(summary.parameters()).isEqualTo(224 + 16 + 18);
        assertThat(summary.trainable()).isEqualTo(16 + 18);
        assertThat(summary.toString())
                .contains("0 Conv2d")
                .contains("[1, 8, 5, 5]")
                .contains("258 parameters, 34 trainable, 224 frozen");
        assertThat(net.isTraining()).isTrue();
        assertThat(net.stateDict().get("1.num_batches_tracked").item()).isEqualTo(counts);
    }

    @Test
    void wrongInputs_areNamed() {
        assertThatThrownBy(() -> Conv2d.of(3, 4, 3).forward(Tensor.ones(1, 4, 8, 8)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("expected 3 channels");
        assertThatThrownBy(() -> BatchNorm2d.of(3).forward(Tensor.ones(1, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("[N, C, H, W]");
        assertThatThrownBy(() -> BatchNorm1d.of(3).forward(Tensor.ones(1, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("more than one value");
        assertThatThrownBy(() -> LayerNorm.of(4).forward(Tensor.ones(1, 3))).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Conv2d.of(3, 4, 3).groups(2)).hasMessageContaining("groups must divide");
        assertThatThrownBy(() -> Dropout.of(1)).hasMessageContaining("[0, 1)");
        assertThatThrownBy(() -> Lstm.of(3, 2).runPacked(Tensor.ones(2, 4, 3), Tensor.of(new long[] {2, 4}, 2)))
                .hasMessageContaining("longest first");
    }

    @Test
    void dropout_keepsTheMeanAndTheSeed() {
        var dropout = Dropout.of(0.25);
        Tensor x = Tensor.ones(100, 100);
        Tensor y = dropout.forward(x);
        assertThat(y.mean().item()).isBetween(0.97, 1.03);
        assertThat(y.max().item()).isEqualTo(1 / 0.75, org.assertj.core.api.Assertions.within(1e-6));
        assertThat(dropout.eval().forward(x)).isSameAs(x);
    }

    @Test
    void foldedBatchNorms_giveTheSameOutput() {
        var net = Sequential.of(
                Conv2d.of(3, 8, 3).samePadding().stride(2),
                BatchNorm2d.of(8).eps(1e-3),
                ReLU6.of().inPlace(),
                Conv2d.depthwise(8, 5).samePadding().noBias(),
                BatchNorm2d.of(8).noAffine(),
                Conv2d.of(8, 4, 1),
                ReLU.of(),
                BatchNorm2d.of(4));
        Tensor x = Tensor.randn(Rng.of(1), 4, 3, 12, 12);
        net.forward(x); // moves the running statistics
        net.eval();
        Tensor before = net.forward(x).detach();
        assertThat(FoldBatchNorm.apply(net)).isEqualTo(2);
        try (var off = espalier.tensor.Grad.off()) {
            assertThat(net.forward(x)).isCloseTo(before, 1e-5);
            net.requiresGrad(false);
            var scale = net.parameters().get("1.weight");
            scale.mul_(2);
            assertThat(net.forward(x)).isCloseTo(before, 1e-5);
            net.train();
            net.eval();
            assertThat(net.forward(x).sub(before).abs().max().item()).isGreaterThan(1e-3);
        }
    }

    @Test
    void foldedBatchNorms_giveTheSameGradientsInTraining() {
        var plain = atRest();
        var folded = atRest();
        assertThat(FoldBatchNorm.apply(folded)).isEqualTo(2);
        Tensor x = Tensor.randn(Rng.of(1), 4, 3, 12, 12);
        for (int step = 0; step < 2; step++) {
            Tensor expected = plain.forward(x);
            Tensor output = folded.forward(x);
            assertThat(output).isCloseTo(expected.detach(), 1e-5);
            expected.mul(expected).mean().backward();
            output.mul(output).mean().backward();
            plain.parameters().forEach((name, parameter) -> {
                var own = folded.parameters().get(name);
                assertThat(own.grad().orElseThrow())
                        .as(name)
                        .isCloseTo(parameter.grad().orElseThrow(), 1e-5);
                try (var off = espalier.tensor.Grad.off()) { // what the fold is made of must not be remembered
                    parameter.mul_(1.5);
                    own.mul_(1.5);
                }
            });
        }
        plain.eval();
        folded.eval();
        try (var off = espalier.tensor.Grad.off()) {
            assertThat(folded.forward(x)).isCloseTo(plain.forward(x), 1e-5);
        }
    }

    /** Two convolutions in training whose norms rest, with statistics of their own. */
    private static Sequential atRest() {
        var net = Sequential.of(
                Conv2d.of(3, 8, 3).samePadding().stride(2),
                BatchNorm2d.of(8).eps(1e-3),
                ReLU6.of().inPlace(),
                Conv2d.depthwise(8, 5).samePadding().noBias(),
                BatchNorm2d.of(8));
        net.reset(Rng.of(3));
        net.forward(Tensor.randn(Rng.of(2), 4, 3, 12, 12)); // moves the running statistics
        net.modules().values().stream().filter(BatchNorm2d.class::isInstance).forEach(Module::eval);
        return net;
    }

    @Test
    void replace_putsANewHeadIntoASequential() {
        var model = Sequential.of(Linear.of(3, 4), Sequential.of(ReLU.of(), Linear.of(4, 2)));
        var head = Linear.of(4, 7);
        var old = model.replace("1.1", head);
        assertThat(old.parameters().get("weight").shape().size(0)).isEqualTo(2);
        assertThat(model.forward(Tensor.ones(1, 3)).shape().size(1)).isEqualTo(7);
        assertThat(model.stateDict().get("1.1.bias")).isSameAs(head.stateDict().get("bias"));
        assertThatThrownBy(() -> model.replace("1.2", head))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Maybe");
        var holder = new Module() {
            private final Linear inner = child("inner", Linear.of(2, 2));

            @Override
            public Tensor forward(Tensor x) {
                return inner.forward(x);
            }
        };
        assertThatThrownBy(() -> holder.replace("inner", head)).hasMessageContaining("Sequential");
    }

    @Test
    void loadMatching_takesWhatFitsAndNamesTheRest() {
        var source = Sequential.of(Linear.of(3, 4), Linear.of(4, 2), Linear.of(2, 2));
        source.reset(Rng.of(5));
        var target = Sequential.of(Linear.of(3, 4), Linear.of(4, 7));
        var before = target.stateDict().get("1.weight").detach().copy();
        assertThat(target.loadMatching(source.stateDict()))
                .containsExactly(
                        "mismatched: 1.weight expected [7, 4], received [2, 4]",
                        "mismatched: 1.bias expected [7], received [2]",
                        "unexpected: 2.weight",
                        "unexpected: 2.bias");
        assertThat(target.stateDict().get("0.weight").equalTo(source.stateDict().get("0.weight")))
                .isTrue();
        assertThat(target.stateDict().get("1.weight").equalTo(before)).isTrue();
    }
}
