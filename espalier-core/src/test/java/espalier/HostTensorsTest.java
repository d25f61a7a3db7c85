package espalier;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import espalier.tensor.Device;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What a training step makes is made where the model is: in the packages whose code runs within one, a method that makes a
 * tensor on the CPU moves it, or is listed here with its reason. Constructors are free: a module's parameters and buffers
 * follow {@code Module.to(Device)}.
 */
class HostTensorsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("espalier");

    private static final List<String> PACKAGES = List.of(
            "espalier.loss",
            "espalier.nn",
            "espalier.optim",
            "espalier.tensor",
            "espalier.text",
            "espalier.train.callback",
            "espalier.vision.model");
    private static final Set<String> MAKERS =
            Set.of("arange", "empty", "eye", "full", "linspace", "of", "ones", "rand", "scalar", "zeros");

    private static final String MODULE = "parameters and buffers of a new module, which follow it";

    private static final String BATCH = "a batch, which is moved as a whole";

    /** Methods that make tensors on the CPU and leave them there, as {@code CLASS.METHOD}, each with its reason. */
    private static final Map<String, String> ON_CPU = Map.ofEntries(
            Map.entry("BatchNorm.counter", MODULE),
            Map.entry("BatchNorm.state", MODULE),
            Map.entry("Block.collate", BATCH),
            Map.entry("Conv1d.groups", MODULE),
            Map.entry("Conv1d.of", MODULE),
            Map.entry("Conv2d.drawn", MODULE),
            Map.entry("ConvTranspose2d.drawn", MODULE),
            Map.entry("ConvTranspose2d.of", MODULE),
            Map.entry("DirectMemory.tensor", "memory of this process as a tensor"),
            Map.entry("Embedding.of", MODULE),
            Map.entry("Field.process", BATCH),
            Map.entry("Field.tensor", BATCH),
            Map.entry("Flops.of", "an input for a model that is looked at on the CPU"),
            Map.entry("GradScaler.state", "a number for a checkpoint"),
            Map.entry("GroupNorm.of", MODULE),
            Map.entry("Index.of", "positions, which libtorch takes from the CPU for any device"),
            Map.entry("Init.truncated", "copied into the parameter"),
            Map.entry("InstanceNorm2d.affine", MODULE),
            Map.entry("LayerNorm.of", MODULE),
            Map.entry("Lbfgs.write", "copied into the parameter"),
            Map.entry("Linear.of", MODULE),
            Map.entry("MultiheadAttention.of", MODULE),
            Map.entry("Nothing.collate", BATCH),
            Map.entry("ProcessGroup.barrier", "a message"),
            Map.entry("RecurrentLayer.enter", MODULE),
            Map.entry("RecurrentNetwork.packed", "lengths, which packing takes from the CPU"),
            Map.entry("RuleOptimizer.state", "a number for a checkpoint"),
            Map.entry("SaveBest.state", "a number for a checkpoint"),
            Map.entry("Summary.of", "an input for a model that is looked at on the CPU"),
            Map.entry("TextLearner.fill", "copied into the parameter"),
            Map.entry("TextNetwork.behind", "its callers move it"),
            Map.entry("TextNetwork.positions", "its callers move it"),
            Map.entry("TransferModel.firstScores", "copied into the parameter"),
            Map.entry("WeightAverage.state", "a number for a checkpoint"));

    @Test
    void whatAStepMakes_isMadeWhereTheModelIs() {
        var found = new TreeMap<String, Set<String>>();
        for (var type : CLASSES) {
            if (!PACKAGES.contains(type.getPackageName()) || type.isAssignableTo(Tensor.class)) {
                continue;
            }
            for (JavaMethod method : type.getMethods()) {
                var made = new TreeSet<String>();
                method.getMethodCallsFromSelf().stream()
                        .filter(HostTensorsTest::makesOnCpu)
                        .forEach(call -> made.add(call.getTarget().getName()));
                if (!made.isEmpty() && method.getMethodCallsFromSelf().stream().noneMatch(HostTensorsTest::moves)) {
                    found.put(type.getSimpleName() + "." + method.getName(), made);
                }
            }
        }
        assertThat(found.keySet()).isEqualTo(new TreeSet<>(ON_CPU.keySet()));
    }

    private static boolean makesOnCpu(JavaMethodCall call) {
        return call.getTargetOwner().isEquivalentTo(Tensor.class)
                && MAKERS.contains(call.getTarget().getName())
                && call.getTarget().getRawParameterTypes().stream()
                        .noneMatch(type -> type.isEquivalentTo(Device.class));
    }

    private static boolean moves(JavaMethodCall call) {
        return call.getTarget().getName().equals("to")
                && call.getTarget().getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Device.class));
    }
}
