package espalier.optim;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.tensor.Scope;
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
class OptimizersTest {
    private static final Golden GOLDEN = Golden.load("optim/optimizers");

    static List<String> cases() {
        return GOLDEN.cases();
    }

    private static Tensor tensor(String name) {
        return Tensor.of(GOLDEN.floats(name), GOLDEN.shape(name));
    }

    /** Every step of every case equals PyTorch's or fastai's. */
    @ParameterizedTest
    @MethodSource("cases")
    void step_movesAsPyTorchAndFastai(String name) {
        var options = GOLDEN.value("/cases/" + name);
        var parameters = List.of(
                tensor("start/p0").requiresGrad(true), tensor("start/p1").requiresGrad(true));
        var group = ParameterGroup.of(parameters);
        try (var optimizer = factory(options).create(List.of(group))) {
            for (int step = 0; step < GOLDEN.value("/steps").asInt(); step++) {
                group.lr(options.has("lrs") ? options.get("lrs").get(step).asDouble() : number(options, "lr"));
                if (options.has("momenta")) {
                    group.momentum(options.get("momenta").get(step).asDouble());
                }
                for (int i = 0; i < 2; i++) {
                    parameters.get(i).setGrad(tensor("grad/" + step + "/p" + i));
                }
                optimizer.step();
                optimizer.zeroGrad();
                for (int i = 0; i < 2; i++) {
                    String expected = name + "/" + step + "/p" + i;
                    assertThat(parameters.get(i).detach()).isCloseTo(GOLDEN.doubles(expected), tolerance(name));
                }
            }
        }
    }

    /** PyTorch's RAdam adds eps before the correction for the start, fastai's and ours after it. */
    private static double tolerance(String name) {
        return name.startsWith("radam_torch") ? 1e-5 : 2e-6;
    }

    private static double number(JsonNode options, String key) {
        return options.get(key).asDouble();
    }

    private static boolean coupled(JsonNode options) {
        return options.has("decoupled") && !options.get("decoupled").asBoolean();
    }

    private static OptimizerFactory factory(JsonNode options) {
        String kind = options.get("class").asString();
        return switch (kind) {
            case "adam" -> adam(options);
            case "sgd" -> sgd(options);
            case "rmsprop", "rmsprop_fastai" -> rmsprop(options);
            case "radam", "radam_fastai" ->
                Optimizers.radam()
                        .beta2(number(options, "sqr_momentum"))
                        .eps(number(options, "eps"))
                        .weightDecay(number(options, "weight_decay"));
            case "lamb" -> Optimizers.lamb().eps(number(options, "eps"));
            case "adadelta", "adamax", "larc", "lars", "ranger" ->
                Optimizers.named(kind).orElseThrow();
            case "nadam" -> Optimizers.nadam().weightDecay(number(options, "weight_decay"));
            case "lion" -> Optimizers.lion().weightDecay(number(options, "weight_decay"));
            case "lookahead" ->
                Lookahead.of(Optimizers.sgd().momentum(0.9)).k(options.get("k").asInt());
            case "adagrad" -> Optimizers.adagrad().eps(number(options, "eps"));
            default -> throw new IllegalArgumentException("golden of an unknown optimiser: " + kind);
        };
    }

    private static Adam adam(JsonNode options) {
        var adam = Optimizers.adam()
                .beta2(number(options, "sqr_momentum"))
                .eps(number(options, "eps"))
                .weightDecay(number(options, "weight_decay"));
        return coupled(options) ? adam.l2() : adam;
    }

    private static Sgd sgd(JsonNode options) {
        var sgd = Optimizers.sgd().momentum(number(options, "momentum")).weightDecay(number(options, "weight_decay"));
        sgd = options.get("nesterov").asBoolean() ? sgd.withNesterov() : sgd;
        return coupled(options) ? sgd.l2() : sgd;
    }

    private static RmsProp rmsprop(JsonNode options) {
        var rmsprop = Optimizers.rmsprop()
                .alpha(number(options, "alpha"))
                .eps(number(options, "eps"))
                .momentum(number(options, "momentum"))
                .weightDecay(number(options, "weight_decay"));
        rmsprop = options.path("centered").asBoolean(false) ? rmsprop.withCentering() : rmsprop;
        return coupled(options) ? rmsprop.l2() : rmsprop;
    }

    @Test
    void adam_movesAsComputedByHand() {
        var p = Tensor.scalar(1).requiresGrad(true);
        var group = ParameterGroup.of(List.of(p)).lr(0.1);
        try (var adam = Optimizers.adam().create(List.of(group))) {
            p.setGrad(Tensor.scalar(0.1));
            adam.step();
            assertThat(p.item()).isCloseTo(0.89900999, within(1e-6));
            p.setGrad(Tensor.scalar(0.2));
            adam.step();
            assertThat(p.item()).isCloseTo(0.80172959, within(1e-6));
        }
    }

    @Test
    void catalogue_isAlphabeticalAndFindsNames() {
        var names = Optimizers.all().stream().map(OptimizerFactory::name).toList();
        assertThat(names).isSorted().doesNotHaveDuplicates();
        names.forEach(name -> assertThat(Optimizers.named(name)).isPresent());
        assertThat(Optimizers.named("none")).isEmpty();
    }

    @Test
    void step_leavesNothingBehind() {
        var p = Tensor.ones(3).requiresGrad(true);
        for (var factory : Optimizers.all()) {
            long before = Scope.live();
            try (var optimizer = factory.create(List.of(ParameterGroup.of(List.of(p))))) {
                for (int i = 0; i < 3; i++) {
                    try (var scope = Scope.open()) {
                        p.square().sum().backward();
                        optimizer.step();
                        optimizer.zeroGrad();
                    }
                }
            }
            assertThat(Scope.live()).as(factory.name()).isEqualTo(before);
        }
    }
}
