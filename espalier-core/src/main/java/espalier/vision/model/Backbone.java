package espalier.vision.model;

import espalier.nn.Conv2d;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.tensor.Rng;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A network for pictures that consists of features and a classifier, and tells what transfer learning needs to know.
 *
 * @shape {@code [N, 3, H, W]} to scores {@code [N, classes]}
 */
public abstract class Backbone extends Module {
    /** The last feature maps, before pooling. @shape {@code [N, 3, H, W]} to {@code [N, width(), h, w]} */
    public abstract Tensor features(Tensor x);

    /** The scores for pooled features. @shape {@code [N, width()]} to {@code [N, classes]} */
    public abstract Tensor classify(Tensor pooled);

    /** The number of channels of the feature maps. */
    public abstract int width();

    /** The names of the direct children that make the classifier; all others make the features. */
    public abstract List<String> classifierNames();

    /**
     * The children of the features in groups from input to output, which transfer learning trains at rates of their
     * own. One group, if an architecture does not say otherwise, as in fastai.
     */
    public List<List<Module>> groups() {
        return List.of(children().entrySet().stream()
                .filter(child -> !classifierNames().contains(child.getKey()))
                .map(Map.Entry::getValue)
                .toList());
    }

    @Override
    public final Tensor forward(Tensor x) {
        return seen(pooled(features(x))); // [N, classes]
    }

    private Tensor pooled(Tensor maps) {
        return classify(maps.mean(2, 3)); // [N, classes]
    }

    /** {@link #features} as a module in evaluation mode, which shares all parameters and lists none. */
    public final Module body() {
        return Part.of(this::features);
    }

    /** What follows the {@link #body}: pooling and {@link #classify}; likewise. */
    public final Module head() {
        return Part.of(this::pooled);
    }

    /** A part of the way through a network. */
    private static final class Part extends Module {
        private final UnaryOperator<Tensor> way;

        private Part(UnaryOperator<Tensor> way) {
            this.way = way;
        }

        static Module of(UnaryOperator<Tensor> way) {
            return new Part(way).eval();
        }

        @Override
        public Tensor forward(Tensor x) {
            return way.apply(x);
        }
    }

    /** Draws all parameters as the paper's authors do. */
    @Override
    protected abstract void resetParameters(Rng rng);

    /** Draws all convolutions as the papers do, normal by fan out, and the linear layers by {@code classifier}. */
    final void drawAs(Init classifier, Rng rng) {
        int position = 0;
        for (Module module : modules().values()) {
            position++;
            if (module instanceof Conv2d convolution) {
                Init.kaimingNormal().fanOut().apply(convolution.weight(), rng.derive(position));
                convolution.bias().ifPresent(bias -> Init.constant(0).apply(bias, rng));
            } else if (module instanceof Linear linear) {
                classifier.apply(linear.weight(), rng.derive(position));
                linear.bias().ifPresent(bias -> Init.constant(0).apply(bias, rng));
            }
        }
    }
}
