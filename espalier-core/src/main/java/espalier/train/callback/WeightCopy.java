package espalier.train.callback;

import espalier.nn.Module;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** A copy of a model's parameters and buffers, kept outside every scope until it is closed. */
final class WeightCopy implements AutoCloseable {
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private WeightCopy(Map<String, Tensor> from) {
        try (var scope = Scope.open()) {
            from.forEach((name, tensor) ->
                    tensors.put(name, scope.keep(tensor.detach().copy())));
        }
    }

    static WeightCopy of(Module model) {
        return new WeightCopy(model.stateDict());
    }

    /** Takes back what {@link #state} gave. */
    static WeightCopy of(Map<String, Tensor> state, String prefix) {
        Map<String, Tensor> own = new LinkedHashMap<>();
        state.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                own.put(name.substring(prefix.length()), tensor);
            }
        });
        return new WeightCopy(own);
    }

    Map<String, Tensor> tensors() {
        return tensors;
    }

    /** The live tensors, their names behind a prefix. */
    Map<String, Tensor> state(String prefix) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> state.put(prefix + name, tensor));
        return state;
    }

    void copyInto(Module model) {
        model.loadStateDict(tensors);
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
        tensors.clear();
    }
}
