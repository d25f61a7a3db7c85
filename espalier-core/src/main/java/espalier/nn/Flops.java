package espalier.nn;

import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.IdentityHashMap;

/**
 * How much a model computes: the multiplications, each with an addition, of its convolutions and linear maps, as fvcore
 * and torchvision's tables count. Everything else is little in comparison and left out.
 */
public final class Flops {
    private Flops() {}

    /** The count for one run on an input of {@code inputShape}, batch included, such as {@code (1, 3, 224, 224)}. */
    public static long of(Module model, long... inputShape) {
        var modes = new IdentityHashMap<Module, Boolean>();
        model.apply(module -> modes.put(module, module.isTraining()));
        long[] count = {0};
        model.eval();
        try (var scope = Scope.open();
                var off = Grad.off();
                var watch = Watch.start((module, output) -> count[0] += of(module, output))) {
            model.forward(Tensor.zeros(inputShape));
        } finally {
            modes.forEach(Module::ownTraining);
        }
        return count[0];
    }

    private static long of(Module module, Tensor output) {
        var weight = module.ownParameters().get("weight");
        if (weight == null || weight.dim() < 2 || module instanceof Embedding) {
            return 0;
        }
        return output.numel() / weight.size(0) * weight.numel();
    }
}
