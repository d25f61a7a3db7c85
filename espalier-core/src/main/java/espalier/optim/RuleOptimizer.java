package espalier.optim;

import espalier.format.DType;
import espalier.optim.UpdateRule.Settings;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The optimiser around an {@link UpdateRule}: groups, freezing, state and its names. */
final class RuleOptimizer implements Optimizer {
    private static final String STEP = "step";

    private final String name;
    private final UpdateRule rule;
    private final List<ParameterGroup> groups;
    private final List<List<ParameterSlot>> slots;

    RuleOptimizer(OptimizerFactory factory, List<ParameterGroup> groups) {
        this.name = factory.name();
        this.rule = factory.rule();
        this.groups = List.copyOf(groups);
        checkDistinct();
        groups.forEach(group -> group.complete(factory.momentum(), factory.weightDecay()));
        this.slots = groups.stream()
                .map(group -> group.parameters().stream()
                        .map(parameter -> new ParameterSlot(parameter, rule.stateNames()))
                        .toList())
                .toList();
    }

    private void checkDistinct() {
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int g = 0; g < groups.size(); g++) {
            for (Tensor parameter : groups.get(g).parameters()) {
                if (!seen.add(parameter)) {
                    throw new IllegalArgumentException("a parameter of shape " + parameter.shape() + " of group " + g
                            + " is in the groups twice and would be moved twice. Maybe two groups overlap.");
                }
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<ParameterGroup> groups() {
        return groups;
    }

    @Override
    public void step() {
        try (var off = Grad.off();
                var scope = Scope.open()) {
            for (int g = 0; g < groups.size(); g++) {
                if (!groups.get(g).frozen()) {
                    step(groups.get(g), slots.get(g));
                }
            }
        }
    }

    /** Parameters that decay alike and have taken as many steps go to the rule together, so that it can fuse them. */
    private void step(ParameterGroup group, List<ParameterSlot> all) {
        var alike = new LinkedHashMap<Settings, List<UpdateRule.Slot>>();
        for (int i = 0; i < all.size(); i++) {
            var slot = all.get(i);
            if (slot.takeGradient()) {
                double weightDecay = group.decays(i) ? group.weightDecay() : 0;
                var settings = new Settings(group.lr(), group.momentum(), weightDecay, slot.nextStep());
                alike.computeIfAbsent(settings, key -> new ArrayList<>()).add(slot);
            }
        }
        alike.forEach((settings, some) -> rule.updateAll(some, settings));
        all.forEach(ParameterSlot::dropGradient);
    }

    @Override
    public void clearState() {
        rule.close();
        slots.forEach(group -> group.forEach(ParameterSlot::clear));
    }

    @Override
    public Map<String, Tensor> state() {
        var state = new LinkedHashMap<String, Tensor>();
        for (int g = 0; g < slots.size(); g++) {
            for (int i = 0; i < slots.get(g).size(); i++) {
                String prefix = g + "." + i + ".";
                var slot = slots.get(g).get(i);
                if (slot.steps() > 0) {
                    state.put(prefix + STEP, Tensor.of(new long[] {slot.steps()}));
                    rule.stateNames().forEach(part -> state.put(prefix + part, slot.state(part)));
                }
            }
        }
        return state;
    }

    @Override
    public void loadState(Map<String, Tensor> state) {
        state.forEach(this::check);
        state.keySet().forEach(key -> checkComplete(key.substring(0, key.lastIndexOf('.') + 1), state));
        rule.close();
        try (var off = Grad.off()) {
            for (int g = 0; g < slots.size(); g++) {
                for (int i = 0; i < slots.get(g).size(); i++) {
                    slots.get(g).get(i).load(g + "." + i + ".", STEP, state);
                }
            }
        }
    }

    private void check(String key, Tensor value) {
        String[] parts = key.split("\\.", 3);
        try {
            var slot = slots.get(Integer.parseInt(parts[0])).get(Integer.parseInt(parts[1]));
            boolean step = parts[2].equals(STEP) && value.numel() == 1 && value.dtype() == DType.INT64;
            boolean tensor = rule.stateNames().contains(parts[2])
                    && value.shape().equals(slot.parameter().shape());
            if (step || tensor) {
                return;
            }
        } catch (IndexOutOfBoundsException | NumberFormatException unknown) {
            // told below, with everything else that does not fit
        }
        throw new IllegalArgumentException("the state \"" + key + "\" of shape " + value.shape() + " does not fit "
                + name + " with " + groups.size() + " groups. Maybe it belongs to another optimiser or model.");
    }

    private void checkComplete(String prefix, Map<String, Tensor> state) {
        var missing = new ArrayList<>(rule.stateNames());
        missing.add(STEP);
        missing.removeIf(part -> state.containsKey(prefix + part));
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("the state of parameter " + prefix + " lacks " + missing
                    + ". Maybe the checkpoint is damaged, or belongs to another optimiser than " + name + ".");
        }
    }

    @Override
    public void close() {
        clearState();
    }
}
