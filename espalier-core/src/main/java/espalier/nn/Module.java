package espalier.nn;

import espalier.rng.Rng;
import espalier.tensor.Device;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A part of a model: named parameters, buffers and children, and a forward computation. Names are those of
 * PyTorch's {@code state_dict}, so that its weights load as they are.
 *
 * <pre>{@code
 * final class Net extends Module {
 *     private final Linear hidden = child("hidden", Linear.of(784, 64));
 *     private final Linear out = child("out", Linear.of(64, 10));
 *
 *     public Tensor forward(Tensor x) {                    // [N, 784]
 *         return out.forward(hidden.forward(x).relu());    // [N, 10]
 *     }
 * }
 * }</pre>
 *
 * <p>Parameters and buffers outlive every scope; they are freed by {@link #close} or by the garbage collector.
 * A new module is in training mode, as in PyTorch.
 */
public abstract class Module implements AutoCloseable {
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private final Map<String, Module> children = new LinkedHashMap<>();
    private boolean closed;
    private boolean training = true;

    /** Computes the output for a batch. */
    public abstract Tensor forward(Tensor x);

    // ---- building

    /** Enters a parameter, which will be trained; gives it back. Call from the constructor. */
    protected final Tensor parameter(String name, Tensor value) {
        parameters.put(checkNew(name), keep(value.requiresGrad(true)));
        return value;
    }

    /** Enters a buffer: state that is saved but not trained, such as running statistics; gives it back. */
    protected final Tensor buffer(String name, Tensor value) {
        buffers.put(checkNew(name), keep(value));
        return value;
    }

    /** Enters a child; gives it back. */
    protected final <M extends Module> M child(String name, M module) {
        children.put(checkNew(name), module);
        return module;
    }

    /** Puts another module in the place of a child. @throws IllegalArgumentException when there is no such child */
    protected final void replaceChild(String name, Module module) {
        if (!children.containsKey(name)) {
            throw new IllegalArgumentException("no child " + name + " in " + children.keySet());
        }
        children.put(name, module);
    }

    /**
     * Puts {@code module} in the place of the one at {@code path}, such as {@code "classifier.6"}: a new head. The one
     * above it must be a {@link Sequential}, since other modules go on computing with the fields that they have.
     *
     * @return the module that was there, which the caller may close
     * @throws IllegalArgumentException when there is none at that path, or what is above it is no Sequential
     */
    public final Module replace(String path, Module module) {
        int dot = path.lastIndexOf('.');
        Module above = modules().get(dot < 0 ? "" : path.substring(0, dot));
        String name = path.substring(dot + 1);
        if (above == null || !above.children.containsKey(name)) {
            throw new IllegalArgumentException(
                    "there is no module " + path + " in " + getClass().getSimpleName() + ": there are "
                            + modules().keySet() + ". Maybe a number counts from 0.");
        }
        if (!(above instanceof Sequential)) {
            throw new IllegalArgumentException("the module " + path + " is held by a field of "
                    + above.getClass().getSimpleName()
                    + ", which would go on using it. Maybe put it into a Sequential.");
        }
        Module old = java.util.Objects.requireNonNull(above.children.get(name));
        above.replaceChild(name, module);
        return old;
    }

    private String checkNew(String name) {
        if (parameters.containsKey(name) || buffers.containsKey(name) || children.containsKey(name)) {
            throw new IllegalArgumentException(
                    "the name " + name + " is taken in " + getClass().getSimpleName());
        }
        return name;
    }

    private static Tensor keep(Tensor tensor) {
        try (var scope = Scope.open()) {
            return scope.keep(tensor);
        }
    }

    /**
     * Gives {@code output} back after showing it to the {@link Watch} of this thread, if there is one. The layers of
     * this library return their output through it; modules that do not are left out of {@link #summary}'s shapes.
     */
    protected final Tensor seen(Tensor output) {
        Watch.show(this, output);
        return output;
    }

    /**
     * Drops what this module computed from its parameters, because they may change: called by {@link #train},
     * {@link #reset}, {@link #loadStateDict} and moves. Most modules keep nothing.
     */
    protected void forget() {}

    // ---- looking

    /** The direct children by name, in the order of entering. */
    public final Map<String, Module> children() {
        return Collections.unmodifiableMap(children);
    }

    /** This module and everything below it by its path ({@code ""} for this, {@code "layer1.0.conv1"}), parents first. */
    public final Map<String, Module> modules() {
        var all = new LinkedHashMap<String, Module>();
        walk("", (path, module) -> all.put(path, module));
        return all;
    }

    /** All parameters of the tree by their full name. */
    public final Map<String, Tensor> parameters() {
        var all = new LinkedHashMap<String, Tensor>();
        walk("", (path, module) -> module.parameters.forEach((name, value) -> all.put(join(path, name), value)));
        return all;
    }

    /** The parameters of this module itself, without its children's, by their short name. */
    public final Map<String, Tensor> ownParameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** All buffers of the tree by their full name. */
    public final Map<String, Tensor> buffers() {
        var all = new LinkedHashMap<String, Tensor>();
        walk("", (path, module) -> module.buffers.forEach((name, value) -> all.put(join(path, name), value)));
        return all;
    }

    /** Parameters and buffers by their full name, module by module, as PyTorch orders a {@code state_dict}. */
    public final Map<String, Tensor> stateDict() {
        var all = new LinkedHashMap<String, Tensor>();
        walk("", (path, module) -> {
            module.parameters.forEach((name, value) -> all.put(join(path, name), value));
            module.buffers.forEach((name, value) -> all.put(join(path, name), value));
        });
        return all;
    }

    /**
     * A table of all modules: path, type, output shape, parameters; made by a run in evaluation mode on zeros of
     * {@code inputShape}, batch included, such as {@code (1, 3, 224, 224)}.
     */
    public final Summary summary(long... inputShape) {
        return Summary.of(this, inputShape);
    }

    /** The number of trainable values, frozen ones included. */
    public final long parameterCount() {
        return parameters().values().stream().mapToLong(Tensor::numel).sum();
    }

    // ---- changing

    /**
     * Copies values into all parameters and buffers.
     *
     * @throws IllegalArgumentException with the list of missing, unexpected and mismatched names, before anything
     *     is copied, when they do not correspond one to one
     */
    public final void loadStateDict(Map<String, Tensor> values) {
        var own = stateDict();
        var problems = problems(own, values);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("the weights do not fit "
                    + getClass().getSimpleName() + ": "
                    + problems.size() + " differences:\n  "
                    + String.join("\n  ", problems.subList(0, Math.min(20, problems.size())))
                    + (problems.size() > 20 ? "\n  ..." : "")
                    + "\nMaybe they belong to another architecture or number of classes.");
        }
        walk("", (path, module) -> module.forget());
        try (var off = Grad.off()) {
            own.forEach((name, tensor) -> tensor.copy_(java.util.Objects.requireNonNull(values.get(name))));
        }
    }

    /**
     * Copies the values whose names and shapes fit, and leaves everything else as it is; as {@code strict=False}, but
     * that a mismatched shape is no error.
     *
     * @return what did not fit, one line each: {@code "missing: NAME"}, {@code "mismatched: NAME ..."},
     *     {@code "unexpected: NAME"}
     */
    public final List<String> loadMatching(Map<String, Tensor> values) {
        walk("", (path, module) -> module.forget());
        var own = stateDict();
        var problems = problems(own, values);
        try (var off = Grad.off()) {
            own.forEach((name, tensor) -> Optional.ofNullable(values.get(name))
                    .filter(value -> value.shape().equals(tensor.shape()))
                    .ifPresent(tensor::copy_));
        }
        return problems;
    }

    private static List<String> problems(Map<String, Tensor> own, Map<String, Tensor> values) {
        var problems = new ArrayList<String>();
        own.forEach((name, tensor) -> {
            var value = Optional.ofNullable(values.get(name));
            if (value.isEmpty()) {
                problems.add("missing: " + name + " " + tensor.shape());
            } else if (!value.get().shape().equals(tensor.shape())) {
                problems.add("mismatched: " + name + " expected " + tensor.shape() + ", received "
                        + value.get().shape());
            }
        });
        values.keySet().stream()
                .filter(name -> !own.containsKey(name))
                .forEach(name -> problems.add("unexpected: " + name));
        return problems;
    }

    /** Puts this and all below into training mode (dropout drops, batch norm uses the batch); returns this module. */
    public final Module train() {
        return training(true);
    }

    /** Puts this and all below into evaluation mode; returns this module. */
    public final Module eval() {
        return training(false);
    }

    /** Sets the mode of this and all below; returns this module. */
    public final Module training(boolean mode) {
        walk("", (path, module) -> {
            module.training = mode;
            if (mode) {
                module.forget();
            }
        });
        return this;
    }

    /** Sets the mode of this module alone. */
    void ownTraining(boolean mode) {
        training = mode;
    }

    /** True in training mode. */
    public final boolean isTraining() {
        return training;
    }

    /** Sets whether the parameters of the tree get gradients; returns this module. */
    public final Module requiresGrad(boolean required) {
        parameters().values().forEach(parameter -> parameter.requiresGrad(required));
        return this;
    }

    /** Calls {@code action} with this and every module below. */
    public final void apply(Consumer<Module> action) {
        walk("", (path, module) -> action.accept(module));
    }

    /**
     * Gives every random module of the tree (dropout) a generator of its own, derived from {@code rng} and its
     * position: after this call the next forward pass depends on nothing else.
     */
    public final void seed(Rng rng) {
        var all = List.copyOf(modules().values());
        for (int i = 0; i < all.size(); i++) {
            all.get(i).reseed(rng.derive(i));
        }
    }

    /**
     * Draws all parameters of the tree anew, each layer as PyTorch does by default, from {@code rng} and the layer's
     * position; returns this module. Children come before parents, which may draw their children's parameters in a way of
     * their own. A layer made on its own starts as {@code reset(Rng.of(0))}: reset a model that is built of several
     * and not loaded, so that equal layers do not start equal.
     */
    public final Module reset(Rng rng) {
        var all = List.copyOf(modules().values());
        for (int i = all.size() - 1; i >= 0; i--) {
            all.get(i).forget();
            all.get(i).resetParameters(rng.derive(i));
        }
        return this;
    }

    /** Draws the own parameters of this module anew, its children's having been drawn; by default nothing. */
    protected void resetParameters(Rng rng) {}

    /** Takes a generator for the random part of this module alone; modules that draw nothing ignore it. */
    protected void reseed(Rng rng) {}

    /** Moves all parameters and buffers to {@code device}, in place; returns this module. */
    public final Module to(Device device) {
        rearrange(tensor -> tensor.to(device));
        return this;
    }

    /** Lays out the weights of 2d convolutions with channels last, the fast order for pictures; returns this module. */
    public final Module channelsLast() {
        rearrange(tensor -> tensor.dim() == 4 ? tensor.channelsLast() : tensor);
        return this;
    }

    private void rearrange(UnaryOperator<Tensor> change) {
        walk("", (path, module) -> module.forget());
        try (var scope = Scope.open();
                var off = Grad.off()) {
            for (Tensor tensor : stateDict().values()) {
                Tensor changed = change.apply(tensor);
                if (changed != tensor) {
                    tensor.setData(changed);
                }
            }
        }
    }

    /** Frees the parameters and buffers of the whole tree. The module cannot be used afterwards. */
    @Override
    public void close() {
        closed = true;
        stateDict().values().forEach(Tensor::close);
    }

    /**
     * Passes as long as this module was not closed.
     *
     * @param owner what the user closed: {@code "learner"}
     * @throws IllegalStateException when it was
     */
    public final void checkOpen(String owner) {
        if (closed) {
            throw new IllegalStateException(
                    "this " + owner + " was closed. Maybe use it inside of its try block, or make it anew.");
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private void walk(String path, Visitor visitor) {
        visitor.visit(path, this);
        children.forEach((name, child) -> child.walk(join(path, name), visitor));
    }

    private interface Visitor {
        void visit(String path, Module module);
    }
}
