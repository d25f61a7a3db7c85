package espalier.tensor;

import java.util.Optional;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/** What is recorded for gradients, and the gradients themselves. */
interface Differentiation {
    /** True when gradients are wanted for this tensor or something that it was computed from. */
    default boolean requiresGrad() {
        return ((Tensor) this).alive().requires_grad();
    }

    /** Sets whether {@link #backward} computes a gradient for this tensor; returns this tensor. */
    default Tensor requiresGrad(boolean required) {
        var self = (Tensor) this;
        if (required && !self.dtype().isFloatingPoint()) {
            throw new IllegalArgumentException("requiresGrad: only floating-point tensors have gradients, received "
                    + self.dtype().torchName() + ". Maybe convert it with to(DType.FLOAT32).");
        }
        if (!required && !isLeaf()) {
            throw new IllegalStateException(
                    "requiresGrad: this tensor was computed from others that require a gradient,"
                            + " so it does too. Maybe use detach().");
        }
        self.alive().set_requires_grad(required);
        return self;
    }

    /** True when this tensor was not computed from others that require a gradient: {@link #grad} is kept for leaves. */
    default boolean isLeaf() {
        return ((Tensor) this).alive().is_leaf();
    }

    /** The name of the operation that computed this, such as {@code MulBackward0}; empty for leaves. */
    default String gradFunction() {
        return Native.run("gradFunction", () -> {
            var node = ((Tensor) this).alive().grad_fn();
            return node == null || node.isNull() ? "" : node.name().getString();
        });
    }

    /**
     * Computes the gradients of this scalar for every tensor it was computed from that requires one, and adds
     * them to those tensors' {@link #grad}. Frees what was recorded.
     *
     * @throws ShapeException when this is not a scalar
     */
    default void backward() {
        backward(Grad.Graph.FREE);
    }

    /**
     * The same, saying what becomes of the record. For gradients of gradients prefer {@link Grad#of}, which leaves nothing in
     * {@link #grad} that must be cleared.
     *
     * @throws ShapeException when this is not a scalar
     */
    default void backward(Grad.Graph graph) {
        var self = (Tensor) this;
        if (self.numel() != 1) {
            throw new ShapeException("backward: expected a scalar, received shape " + self.shape()
                    + ". Maybe reduce it with mean() or sum(), or give a gradient: backward(gradient).");
        }
        backward(Optional.empty(), graph);
    }

    /**
     * Computes gradients from the gradient of this tensor: those of {@code sum(this * gradient)}.
     *
     * @throws ShapeException when {@code gradient} has another shape
     */
    default void backward(Tensor gradient) {
        backward(gradient, Grad.Graph.FREE);
    }

    /** The same, saying what becomes of the record. @throws ShapeException when {@code gradient} has another shape */
    default void backward(Tensor gradient, Grad.Graph graph) {
        var self = (Tensor) this;
        if (!gradient.shape().equals(self.shape())) {
            throw new ShapeException("backward: the gradient has shape " + gradient.shape() + ", the tensor "
                    + self.shape() + ". Maybe use Tensor.onesLike for the gradient of the sum.");
        }
        backward(Optional.of(gradient), graph);
    }

    private void backward(Optional<Tensor> gradient, Grad.Graph graph) {
        var self = (Tensor) this;
        if (!requiresGrad()) {
            throw new IllegalStateException("backward: nothing that this tensor was computed from requires a gradient."
                    + " Maybe everything is frozen, or it was computed under Grad.off().");
        }
        HostMemory.keepFreed();
        Native.inPlace(
                "backward",
                self,
                () -> self.raw()
                        .backward(
                                gradient.map(Tensor::raw).orElseGet(org.bytedeco.pytorch.Tensor::new),
                                new BoolOptional(graph != Grad.Graph.FREE),
                                graph == Grad.Graph.CREATE,
                                new TensorArrayRefOptional()));
    }

    /** The gradient that {@link #backward} added up; empty before, and after {@link #clearGrad}. */
    default Optional<Tensor> grad() {
        return Native.run("grad", () -> {
            var reference = ((Tensor) this).raw().mutable_grad();
            return reference.defined() ? Optional.of(Native.takeCopy(reference)) : Optional.empty();
        });
    }

    /**
     * Keeps the gradient of this tensor, too, though it was computed from others: after {@link #backward}, {@link #grad} has it.
     * Returns this tensor.
     *
     * @throws IllegalStateException when no gradient will pass through it
     */
    default Tensor retainGrad() {
        var self = (Tensor) this;
        if (!requiresGrad()) {
            throw new IllegalStateException("retainGrad: no gradient passes through this tensor."
                    + " Maybe everything is frozen, or it was computed under Grad.off().");
        }
        return Native.inPlace("retainGrad", self, () -> self.raw().retain_grad());
    }

    /** Makes {@code gradient} the gradient of this tensor. @throws ShapeException when it has another shape */
    default void setGrad(Tensor gradient) {
        var self = (Tensor) this;
        if (!gradient.shape().equals(self.shape())) {
            throw new ShapeException("setGrad: the gradient has shape " + gradient.shape() + ", the tensor "
                    + self.shape() + ". Maybe reshape it.");
        }
        if (gradient.dtype() != self.dtype()) {
            throw new IllegalArgumentException(
                    "setGrad: the gradient is " + gradient.dtype().torchName() + ", the tensor "
                            + self.dtype().torchName() + ". Maybe convert it with to(DType).");
        }
        Native.run("grad", () -> self.raw().mutable_grad().put(gradient.raw()));
    }

    /** Forgets the gradient. */
    default void clearGrad() {
        Native.run("grad", () -> ((Tensor) this).raw().mutable_grad().put(new org.bytedeco.pytorch.Tensor()));
    }

    /** Makes this tensor hold {@code other}'s values in their layout, type and device, keeping its identity; {@code x.data = other}. */
    default void setData(Tensor other) {
        var self = (Tensor) this;
        Native.inPlace("setData", self, () -> {
            if (self.device().type().equals("meta") != other.device().type().equals("meta")) {
                boolean requiresGrad =
                        self.raw().requires_grad(); // libtorch exchanges data between kinds of memory only
                self.raw().put(other.raw().detach().requires_grad_(requiresGrad));
            } else {
                self.raw().__dispatch_set_data(other.raw());
            }
        });
    }

    /** The same values, cut off from how they were computed; shares memory. */
    default Tensor detach() {
        return Native.call("detach", () -> ((Tensor) this).raw().detach());
    }
}
