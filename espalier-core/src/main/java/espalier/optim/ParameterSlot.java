package espalier.optim;

import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A parameter with what its optimiser keeps for it, outside every scope. */
final class ParameterSlot implements UpdateRule.Slot {
    private final Tensor parameter;
    private final List<String> names;
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private Optional<Tensor> gradient = Optional.empty();
    private long steps;

    ParameterSlot(Tensor parameter, List<String> names) {
        this.parameter = parameter;
        this.names = names;
    }

    @Override
    public Tensor parameter() {
        return parameter;
    }

    @Override
    public Tensor gradient() {
        return gradient.orElseThrow();
    }

    @Override
    public Tensor state(String name) {
        return state.computeIfAbsent(name, key -> kept(Tensor.zerosLike(parameter)));
    }

    long steps() {
        return steps;
    }

    /** Counts the step that is being made. */
    long nextStep() {
        return ++steps;
    }

    /** Looks for a gradient; true when there is one. */
    boolean takeGradient() {
        gradient = parameter.grad();
        return gradient.isPresent();
    }

    void dropGradient() {
        gradient = Optional.empty();
    }

    void clear() {
        state.values().forEach(Tensor::close);
        state.clear();
        steps = 0;
    }

    /** Copies the state of this parameter, which may be its own, before the present one is freed. */
    void load(String prefix, String step, Map<String, Tensor> from) {
        var copies = new LinkedHashMap<String, Tensor>();
        long count = 0;
        if (from.containsKey(prefix + step)) {
            count = Math.round(Objects.requireNonNull(from.get(prefix + step)).item());
            for (String name : names) {
                var value = Objects.requireNonNull(from.get(prefix + name));
                copies.put(name, kept(Tensor.zerosLike(parameter).copy_(value)));
            }
        }
        clear();
        steps = count;
        state.putAll(copies);
    }

    private static Tensor kept(Tensor tensor) {
        try (var scope = Scope.open()) {
            return scope.keep(tensor);
        }
    }
}
