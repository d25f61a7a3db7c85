package espalier.nn;

import espalier.tensor.Tensor;
import java.util.List;

/** Modules one after the other, named {@code "0"}, {@code "1"}, ... as in PyTorch. */
public final class Sequential extends Module {
    private Sequential(List<? extends Module> modules) {
        for (int i = 0; i < modules.size(); i++) {
            child(Integer.toString(i), modules.get(i));
        }
    }

    /** The modules in the order of computation. */
    public static Sequential of(Module... modules) {
        return new Sequential(List.of(modules));
    }

    /** The modules in the order of computation. */
    public static Sequential of(List<? extends Module> modules) {
        return new Sequential(modules);
    }

    @Override
    public Tensor forward(Tensor x) {
        for (Module module : children().values()) {
            x = module.forward(x);
        }
        return seen(x);
    }
}
