package espalier.train;

import espalier.nn.BatchNorm1d;
import espalier.nn.BatchNorm2d;
import espalier.nn.Module;
import espalier.optim.ParameterGroup;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The parameters of a model in groups from input to output, and which of them are frozen. Frozen parameters
 * get no gradient, so nothing before the first trained layer is recorded.
 */
final class Groups {
    private final Module model;
    private final List<List<Tensor>> groups;
    private int frozenTo;
    private Norms norms = Norms.REST_FROZEN;

    /** @throws IllegalArgumentException when a parameter of the model is in no group or in two */
    Groups(Module model, List<List<Tensor>> groups) {
        this.model = model;
        this.groups = groups.stream().map(List::copyOf).toList();
        Set<Tensor> seen = new HashSet<>();
        this.groups.forEach(group -> group.forEach(parameter -> {
            if (!seen.add(parameter)) {
                throw new IllegalArgumentException("a parameter of shape " + parameter.shape() + " is in two groups");
            }
        }));
        model.parameters().forEach((name, parameter) -> {
            if (!seen.contains(parameter)) {
                throw new IllegalArgumentException(
                        "the parameter " + name + " is in no group and would never be trained");
            }
        });
    }

    /** The same norms' rule for other groups, none of them frozen. */
    Groups regrouped(List<List<Tensor>> others) {
        var regrouped = new Groups(model, others);
        regrouped.norms = norms;
        regrouped.freezeTo(0);
        return regrouped;
    }

    int count() {
        return groups.size();
    }

    void norms(Norms norms) {
        this.norms = norms;
    }

    /** The groups for an optimiser. Vectors (biases, and the parameters of norms) do not decay. */
    List<ParameterGroup> toOptimizer() {
        var result = new ArrayList<ParameterGroup>();
        for (List<Tensor> group : groups) {
            var matrices =
                    group.stream().filter(parameter -> parameter.dim() > 1).toList();
            var vectors =
                    group.stream().filter(parameter -> parameter.dim() <= 1).toList();
            result.add(ParameterGroup.of(matrices).withoutDecay(vectors));
        }
        return result;
    }

    /** Freezes the groups before {@code first}; negative numbers count from the end. */
    void freezeTo(int first) {
        int from = first < 0 ? groups.size() + first : first;
        if (from < 0 || from >= groups.size()) {
            throw new IllegalArgumentException(
                    "freezeTo(" + first + "): there are " + groups.size() + " parameter groups");
        }
        frozenTo = from;
        for (int i = 0; i < groups.size(); i++) {
            boolean trained = i >= from;
            groups.get(i).forEach(parameter -> parameter.requiresGrad(trained));
        }
        if (norms == Norms.TRAIN) {
            layers().forEach(norm -> norm.requiresGrad(true));
        }
    }

    int frozenTo() {
        return frozenTo;
    }

    /** Puts those batch norms to rest that are not to normalise by the batch. */
    void settleNorms() {
        layers().stream().filter(this::rests).forEach(Module::eval);
    }

    private boolean rests(Module norm) {
        var own = norm.ownParameters().values();
        return switch (norms) {
            case REST -> own.stream().noneMatch(groups.get(groups.size() - 1)::contains);
            case REST_FROZEN -> own.stream().noneMatch(Tensor::requiresGrad);
            case TRAIN -> false;
        };
    }

    private List<Module> layers() {
        return model.modules().values().stream()
                .filter(module -> module instanceof BatchNorm1d || module instanceof BatchNorm2d)
                .toList();
    }
}
