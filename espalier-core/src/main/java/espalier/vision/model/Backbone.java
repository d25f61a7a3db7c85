package espalier.vision.model;

import espalier.format.RawTensor;
import espalier.nn.Conv2d;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.weights.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A network for pictures that consists of features and a classifier, and tells what transfer learning needs to know.
 *
 * @shape {@code [N, 3, H, W]} to scores {@code [N, classes]}
 */
public abstract class Backbone extends Module {
    private final int width;
    private final List<String> classifierNames;

    /**
     * A network whose features have {@code width} channels.
     *
     * @param classifierNames the direct children that make the classifier; all others make the features
     */
    protected Backbone(int width, String... classifierNames) {
        this.width = width;
        this.classifierNames = List.of(classifierNames);
    }

    /**
     * The last features, before pooling: maps in most architectures, tokens in transformers, which override
     * {@link #maps}. They are what the children outside of the classifier make one after the other, if an architecture
     * does not say otherwise.
     *
     * @shape {@code [N, 3, H, W]} to {@code [N, width(), h, w]}, or {@code [N, T, width()]}
     */
    public Tensor features(Tensor x) {
        return inOrder(x, false);
    }

    /**
     * The scores for the features: their {@link #means} through the children of the classifier one after the other, if an
     * architecture does not say otherwise.
     *
     * @shape {@link #features} to {@code [N, classes]}
     */
    public Tensor classify(Tensor features) {
        return inOrder(means(features), true);
    }

    private Tensor inOrder(Tensor x, boolean classifier) {
        for (var child : children().entrySet()) {
            if (classifierNames.contains(child.getKey()) == classifier) {
                x = child.getValue().forward(x);
            }
        }
        return x;
    }

    /** The mean of each feature map. @shape {@code [N, C, h, w]} to {@code [N, C]} */
    protected static Tensor means(Tensor maps) {
        return maps.mean(2, 3);
    }

    /**
     * The features as maps of the picture, for a new head: the features themselves, if an architecture does not say
     * otherwise.
     *
     * @shape {@link #features} to {@code [N, width(), h, w]}
     */
    public Tensor maps(Tensor features) {
        return features;
    }

    /** The number of channels of the features. */
    public final int width() {
        return width;
    }

    /** The names of the direct children that make the classifier; all others make the features. */
    public final List<String> classifierNames() {
        return classifierNames;
    }

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

    /** The name of a parameter in this network for the one that it has in a published file: in most the same. */
    protected String renamed(String published) {
        return published;
    }

    /** The tensors of a published file under the names that they have in this network. */
    public final Map<String, RawTensor> renamed(Map<String, RawTensor> published) {
        Map<String, RawTensor> own = new LinkedHashMap<>();
        published.forEach((name, tensor) -> own.put(renamed(name), tensor));
        return own;
    }

    /**
     * Copies the tensors of a published file into this network.
     *
     * @param source what errors call the file
     * @throws espalier.format.ModelFileException with all differences when names or shapes do not correspond
     */
    public final void load(Map<String, RawTensor> published, String source) {
        Weights.load(this, renamed(published), source);
    }

    @Override
    public final Tensor forward(Tensor x) {
        return seen(classify(features(x))); // [N, classes]
    }

    /** {@link #features} as a module in evaluation mode, which shares all parameters and lists none. */
    public Module body() {
        return part(this::features);
    }

    /** What follows the {@link #body}, {@link #classify}; likewise. */
    public Module head() {
        return part(this::classify);
    }

    /** A part of this network's computation as a module in evaluation mode that lists no parameters. */
    static Module part(UnaryOperator<Tensor> way) {
        return Part.of(way);
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

    /** The children of a module in two groups, the second from the child at {@code index} on. */
    static List<List<Module>> split(Module features, int index) {
        var all = List.copyOf(features.children().values());
        return List.of(all.subList(0, index), all.subList(index, all.size()));
    }

    /** Draws the weights of all convolutions and linear layers by {@code init}. */
    final void drawWeights(Init init, Rng rng) {
        drawWeights(init, init, rng);
    }

    private void drawWeights(Init convolutions, Init linears, Rng rng) {
        int position = 0;
        for (Module module : modules().values()) {
            position++;
            if (module instanceof Conv2d convolution) {
                convolutions.apply(convolution.weight(), rng.derive(position));
            } else if (module instanceof Linear linear) {
                linears.apply(linear.weight(), rng.derive(position));
            }
        }
    }

    /** Sets the biases of all convolutions and linear layers to 0. */
    final void zeroBiases() {
        for (Module module : modules().values()) {
            if (module instanceof Conv2d convolution) {
                convolution.bias().ifPresent(bias -> Init.constant(0).apply(bias, Rng.of(0)));
            } else if (module instanceof Linear linear) {
                linear.bias().ifPresent(bias -> Init.constant(0).apply(bias, Rng.of(0)));
            }
        }
    }

    /** Draws all convolutions as the papers do, normal by fan out, and the linear layers by {@code classifier}. */
    final void drawAs(Init classifier, Rng rng) {
        drawWeights(Init.kaimingNormal().fanOut(), classifier, rng);
        zeroBiases();
    }
}
