package espalier.vision.model;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import espalier.nn.BatchNorm2d;
import espalier.nn.Module;
import espalier.nn.ModuleContract;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class TransferModelTest {
    private static Tensor pictures() {
        return Tensor.randn(Rng.of(1), 4, 3, 32, 32).channelsLast();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"resnet18", "efficientnet-b0", "mobilenet-v3-large", "mobilenetv4-conv-small", "squeezenet1.1"})
    void transferModels_keepTheContract(String name) {
        ModuleContract.check(() -> Models.named(name).transfer(3, Rng.of(2)), pictures());
    }

    @Test
    void head_isFastais() {
        var model = Models.resnet18().transfer(10, Rng.of(2));
        assertThat(model.head().parameterCount()).isEqualTo(527_360 + 512 * 10);
        assertThat(Models.efficientNetLite0().transfer(2, Rng.of(2)).head().parameterCount())
                .isEqualTo(1_316_864 + 512 * 2);
        var state = model.stateDict();
        assertThat(state.keySet()).contains("body.layer4.1.bn2.weight", "head.2.running_var", "head.8.weight");
        assertThat(state.keySet()).noneMatch(key -> key.contains("fc"));
        assertThat(state.get("head.2.bias").max().item()).isEqualTo((double) 1e-3f);
        assertThat(state.get("head.2.weight").min().item()).isEqualTo(1);
        double std = state.get("head.4.weight").std(0).item();
        assertThat(std).isBetween(0.98 * Math.sqrt(2.0 / 1024), 1.02 * Math.sqrt(2.0 / 1024));
    }

    @Test
    void resnet_hasFastaisThreeGroups() {
        var model = Models.resnet18().transfer(10, Rng.of(2));
        var groups = model.parameterGroups();
        assertThat(groups).hasSize(3);
        var parameters = model.parameters();
        assertThat(groups.get(0))
                .contains(parameters.get("body.conv1.weight"), parameters.get("body.layer2.1.bn2.bias"));
        assertThat(groups.get(1).get(0)).isSameAs(parameters.get("body.layer3.0.conv1.weight"));
        assertThat(groups.get(2))
                .containsExactlyElementsOf(model.head().parameters().values());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resnet50",
                "efficientnet-b0",
                "efficientnet-lite0",
                "mobilenet-v2",
                "alexnet",
                "densenet121",
                "googlenet",
                "squeezenet1.1",
                "mobilenetv4-conv-small",
                "convnext-tiny",
                "vit-small-patch14-dinov2",
                "vit-small-patch16-224"
            })
    void groups_holdEachParameterOnce(String name) {
        var model = Models.named(name).transfer(10, Rng.of(2));
        var all = new ArrayList<Tensor>();
        model.parameterGroups().forEach(all::addAll);
        assertThat(all).containsExactlyElementsOf(model.parameters().values());
    }

    @Test
    void reset_decidesEveryParameter() {
        var one = Models.resnet18().transfer(3, Rng.of(4)).stateDict();
        var same = Models.resnet18().transfer(3, Rng.of(4)).stateDict();
        one.forEach((name, value) -> assertThat(same.get(name)).isCloseTo(value.detach(), 0));
        assertThat(one.get("body.layer1.0.conv1.weight")
                        .sub(one.get("body.layer1.0.conv2.weight"))
                        .abs()
                        .max()
                        .item())
                .isGreaterThan(0.01);
        double std = one.get("body.layer3.1.conv2.weight").std(0).item();
        assertThat(std).isBetween(0.98 * Math.sqrt(2.0 / 2304), 1.02 * Math.sqrt(2.0 / 2304));
    }

    @Test
    void frozenBody_recordsNothingAndMayRest() {
        var model = Models.efficientNetLite0().transfer(3, Rng.of(2));
        model.body().requiresGrad(false);
        Tensor x = pictures();
        model.seed(Rng.of(1));
        Tensor moving = model.forward(x);
        moving.sum().backward();
        assertThat(model.body().parameters().values())
                .allMatch(parameter -> parameter.grad().isEmpty());
        assertThat(model.head().parameters().values())
                .allMatch(parameter -> parameter.grad().isPresent());
        var counter = model.stateDict().get("body._bn0.num_batches_tracked");
        assertThat(counter.item()).isEqualTo(1);

        rest(model);
        Tensor resting = model.body().forward(x).detach(); // not folded yet
        model.seed(Rng.of(1));
        model.forward(x);
        assertThat(counter.item()).isEqualTo(1);
        assertThat(model.body().forward(x)).isCloseTo(resting, 1e-4);
    }

    @Test
    void unfrozenBody_forgetsItsFolds() {
        var model = Models.resnet18().transfer(3, Rng.of(2));
        model.body().requiresGrad(false);
        rest(model);
        Tensor x = pictures();
        model.forward(x);
        model.body().requiresGrad(true);
        model.parameters().get("body.conv1.weight").requiresGrad(false).mul_(3).requiresGrad(true);
        model.train();
        model.forward(x).sum().backward();
        assertThat(model.parameters().get("body.conv1.weight").grad()).isPresent();
        model.eval();
        model.body().requiresGrad(false);
        Tensor folded = model.forward(x).detach();
        model.train();
        model.eval();
        model.requiresGrad(true);
        assertThat(model.forward(x)).isCloseTo(folded, 1e-4);
    }

    private static void rest(TransferModel model) {
        model.body().modules().values().stream()
                .filter(BatchNorm2d.class::isInstance)
                .forEach(Module::eval);
    }

    @Test
    void summary_showsTheWayOfAPicture() {
        var summary = Models.efficientNetLite0().transfer(3, Rng.of(2)).summary(1, 3, 224, 224);
        var shapes = summary.rows().stream()
                .filter(row -> List.of("body", "head.0", "").contains(row.path()))
                .map(row -> row.output().orElseThrow().toString())
                .toList();
        assertThat(shapes).containsExactly("[1, 3]", "[1, 1280, 7, 7]", "[1, 2560, 1, 1]");
        assertThat(summary.rows()).allMatch(row -> row.output().isPresent());
    }
}
