package espalier.optim;

import espalier.tensor.Gradients;
import espalier.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the small gradients of float16 from becoming zero: the loss is multiplied by a scale before {@code backward}, and the
 * gradients are divided by it before the step. A step whose gradients hold an infinity or NaN is left out, and the scale falls; after
 * enough steps without one it grows. PyTorch's {@code torch.amp.GradScaler}, for loops written by hand; {@code Learner} has one of
 * its own under {@code Precision.FLOAT16}.
 *
 * <pre>{@code
 * scaler.scale(loss).backward();
 * scaler.unscale(optimizer);                  // only where something looks at the gradients, such as clipping
 * Gradients.clipNorm(parameters, 1);
 * scaler.step(optimizer);
 * scaler.update();
 * optimizer.zeroGrad();
 * }</pre>
 *
 * @paper Micikevicius et al. 2017, "Mixed Precision Training", <a href="https://arxiv.org/abs/1710.03740">arXiv:1710.03740</a>,
 *     section 3.2
 */
public final class GradScaler {
    private static final String SCALE = "scale";
    private static final String TRACKER = "growth_tracker";

    private final Options options;
    private final IdentityHashMap<Optimizer, Boolean> finite = new IdentityHashMap<>();
    private float scale;
    private int tracker;

    /**
     * How the scale moves.
     *
     * @param initScale the scale to begin with, above 0; 65536
     * @param growthFactor what it is multiplied by after enough good steps, above 1; 2
     * @param backoffFactor what it is multiplied by after a step that was left out, between 0 and 1; 0.5
     * @param growthInterval how many good steps in a row are enough; 2000
     */
    public record Options(double initScale, double growthFactor, double backoffFactor, int growthInterval) {
        /** Checks the numbers. */
        public Options {
            if (!(initScale > 0) || !(growthFactor > 1) || !(backoffFactor > 0 && backoffFactor < 1)) {
                throw new IllegalArgumentException("a scale needs a positive start, growth above 1 and backoff within"
                        + " (0, 1), received " + initScale + ", " + growthFactor + " and " + backoffFactor
                        + ". Maybe GradScaler.Options.standard().");
            }
            if (growthInterval < 1) {
                throw new IllegalArgumentException(
                        "the growth interval must be positive, received " + growthInterval + ". Maybe 2000.");
            }
        }

        /** PyTorch's defaults: from 65536, doubled after 2000 steps, halved after one that was left out. */
        public static Options standard() {
            return new Options(65536, 2, 0.5, 2000);
        }

        /** The same from another scale on. */
        public Options initScale(double scale) {
            return new Options(scale, growthFactor, backoffFactor, growthInterval);
        }

        /** The same with another interval of growth. */
        public Options growthInterval(int steps) {
            return new Options(initScale, growthFactor, backoffFactor, steps);
        }
    }

    private GradScaler(Options options) {
        this.options = options;
        this.scale = (float) options.initScale();
    }

    /** A scaler with options of one's own. */
    public static GradScaler of(Options options) {
        return new GradScaler(options);
    }

    /** A scaler with PyTorch's defaults. */
    public static GradScaler standard() {
        return of(Options.standard());
    }

    /** What the next loss is multiplied by. */
    public double scale() {
        return scale;
    }

    /** The loss times the scale, to call {@code backward} on. */
    public Tensor scale(Tensor loss) {
        return loss.mul(scale);
    }

    /**
     * Divides the gradients by the scale and looks whether all are finite, so that they can be clipped before {@link #step}.
     *
     * @return false when one is not, and the step will be left out
     * @throws IllegalStateException when called twice for an optimiser before {@link #update}
     */
    public boolean unscale(Optimizer optimizer) {
        if (finite.containsKey(optimizer)) {
            throw new IllegalStateException("the gradients of this optimiser were divided by the scale already. Maybe"
                    + " update() is missing after the step before.");
        }
        List<Tensor> parameters = optimizer.groups().stream()
                .flatMap(group -> group.parameters().stream())
                .toList();
        boolean all = Gradients.scale(parameters, (float) (1.0 / scale));
        finite.put(optimizer, all);
        return all;
    }

    /**
     * Makes the step, after {@link #unscale} where that was not called, unless a gradient is not finite.
     *
     * @return whether the step was made
     */
    public boolean step(Optimizer optimizer) {
        if (!finite.containsKey(optimizer)) {
            unscale(optimizer);
        }
        boolean made = Boolean.TRUE.equals(finite.get(optimizer));
        if (made) {
            optimizer.step();
        }
        return made;
    }

    /**
     * Chooses the scale of the next step.
     *
     * @throws IllegalStateException when no gradients were looked at since the last call
     */
    public void update() {
        if (finite.isEmpty()) {
            throw new IllegalStateException(
                    "update() comes before any step. Maybe call scale, backward, step and then update.");
        }
        if (finite.containsValue(false)) {
            scale *= (float) options.backoffFactor();
            tracker = 0;
        } else if (++tracker == options.growthInterval()) {
            float grown = scale * (float) options.growthFactor();
            scale = Float.isFinite(grown) ? grown : scale;
            tracker = 0;
        }
        finite.clear();
    }

    /** What a checkpoint needs: {@code scale} and {@code growth_tracker}, as in PyTorch's state dict. */
    public Map<String, Tensor> state() {
        return Map.of(SCALE, Tensor.of(new float[] {scale}, 1), TRACKER, Tensor.of(new long[] {tracker}, 1));
    }

    /** Takes over a {@link #state}. */
    public void loadState(Map<String, Tensor> state) {
        scale = (float) value(state, SCALE);
        tracker = (int) value(state, TRACKER);
        finite.clear();
    }

    private static double value(Map<String, Tensor> state, String name) {
        Tensor value = state.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the state of a loss scale needs " + SCALE + " and " + TRACKER
                    + ", received " + state.keySet() + ".");
        }
        return value.item();
    }
}
