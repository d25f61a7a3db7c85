package espalier.nn;

import espalier.tensor.Tensor;
import java.util.Iterator;
import java.util.List;

/**
 * Modules in a list, named {@code "0"}, {@code "1"}, ... as in PyTorch, for a module that runs them in a way of its own:
 * their parameters, modes and devices are its. What runs one after the other is a {@link Sequential}.
 */
public final class ModuleList extends Module implements Iterable<Module> {
    private final List<Module> modules;

    private ModuleList(List<Module> modules) {
        this.modules = modules;
        for (int i = 0; i < modules.size(); i++) {
            child(Integer.toString(i), modules.get(i));
        }
    }

    /** These modules in this order. */
    public static ModuleList of(Module... modules) {
        return new ModuleList(List.of(modules));
    }

    /** These modules in this order. */
    public static ModuleList of(List<? extends Module> modules) {
        return new ModuleList(List.copyOf(modules));
    }

    /** The module at {@code index}. */
    public Module get(int index) {
        return modules.get(index);
    }

    /** The number of modules. */
    public int size() {
        return modules.size();
    }

    @Override
    public Iterator<Module> iterator() {
        return modules.iterator();
    }

    /** Always fails: a list does not say in which way its modules run. */
    @Override
    public Tensor forward(Tensor x) {
        throw new UnsupportedOperationException("a ModuleList has no forward pass of its own: run its modules with get"
                + " or in a loop. Maybe a Sequential was meant.");
    }
}
