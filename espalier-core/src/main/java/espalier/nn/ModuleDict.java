package espalier.nn;

import espalier.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Modules by name, in an order, for a module that picks among them: their parameters, modes and devices are its. As in
 * PyTorch the names are those of the state dict, so that they must not hold a dot.
 */
public final class ModuleDict extends Module {
    private final Map<String, Module> modules;

    private ModuleDict(Map<String, Module> modules) {
        this.modules = modules;
        modules.forEach(this::child);
    }

    /** These modules in the order of the map. */
    public static ModuleDict of(Map<String, ? extends Module> modules) {
        return new ModuleDict(Collections.unmodifiableMap(new LinkedHashMap<>(modules)));
    }

    /**
     * The module of a name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Module get(String name) {
        Module module = modules.get(name);
        if (module == null) {
            throw new IllegalArgumentException(
                    "there is no module \"" + name + "\" in this ModuleDict, which has " + modules.keySet() + ".");
        }
        return module;
    }

    /** All of them, in their order. */
    public Map<String, Module> asMap() {
        return modules;
    }

    /** Always fails: a dictionary does not say which of its modules runs. */
    @Override
    public Tensor forward(Tensor x) {
        throw new UnsupportedOperationException("a ModuleDict has no forward pass of its own: pick a module with get."
                + " Maybe a Sequential was meant.");
    }
}
