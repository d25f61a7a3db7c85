package espalier.vision.model;

import espalier.nn.BatchNorm1d;
import espalier.nn.FoldBatchNorm;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.Sequential;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The features of a network with a new {@link Head} for other classes, fastai's unless told otherwise.
 *
 * <p>Also takes the pooled features themselves, as {@link #features} gives them: what a frozen body says about a picture
 * need not be computed more than once.
 *
 * <p>A body of which no parameter gets a gradient runs without being recorded. Its batch norms are folded into the
 * convolutions while they are in evaluation mode, in training too.
 *
 * @shape {@code [N, 3, H, W]} or pooled features {@code [N, F]} to scores {@code [N, classes]}
 */
public final class TransferModel extends Module {
    private final Body body;
    private final Sequential head;
    private final int pooling;
    private final Head form;
    private Optional<Module> output = Optional.empty();

    private TransferModel(Body body, Sequential head, Head form) {
        this.body = child("body", body);
        FoldBatchNorm.apply(body);
        this.head = child("head", head);
        this.form = form;
        this.pooling = form.pooling().size();
    }

    /** The features of {@code backbone}, shared with it, and fastai's head for {@code classes} classes drawn from {@code rng}. */
    public static TransferModel of(Backbone backbone, int classes, Rng rng) {
        return of(backbone, Head.fastai(), classes, rng);
    }

    /** The features of {@code backbone}, shared with it, and a head for {@code classes} classes drawn from {@code rng}. */
    public static TransferModel of(Backbone backbone, Head head, int classes, Rng rng) {
        var model = new TransferModel(new Body(backbone), head.create(backbone.width(), classes), head);
        model.resetParameters(rng);
        return model;
    }

    /**
     * Puts a module behind the head, such as a {@link espalier.nn.Rescale}; it is entered as {@code output}.
     *
     * @throws IllegalArgumentException when there is one already
     */
    public TransferModel output(Module module) {
        output = Optional.of(child("output", module));
        return this;
    }

    /** Lets the head's last layer begin with these scores for all pictures: weights of 0, the scores as its bias. Nothing for none. */
    public TransferModel firstScores(List<Double> scores) {
        var layers = List.copyOf(head.children().values());
        if (!scores.isEmpty() && layers.get(layers.size() - 1) instanceof Linear last) {
            double[] values = scores.stream().mapToDouble(Double::doubleValue).toArray();
            try (var scope = Scope.open();
                    var off = Grad.off()) {
                last.weight().zero_();
                last.bias().ifPresent(bias -> bias.copy_(Tensor.of(values, values.length)));
            }
        }
        return this;
    }

    /** The part that comes from the backbone. @shape {@code [N, 3, H, W]} to {@code [N, width, h, w]} */
    public Module body() {
        return body;
    }

    /** The new part. @shape {@code [N, width, h, w]} to {@code [N, classes]} */
    public Module head() {
        return head;
    }

    /** The parameters from input to output in groups for rates of their own; the last is the head. */
    public List<List<Tensor>> parameterGroups() {
        var groups = new ArrayList<List<Tensor>>();
        var own = body.ownParameters().values().stream();
        for (List<Module> group : body.backbone.groups()) {
            var below = group.stream().flatMap(module -> module.parameters().values().stream());
            groups.add(Stream.concat(own, below).toList());
            own = Stream.empty();
        }
        groups.add(List.copyOf(head.parameters().values()));
        return List.copyOf(groups);
    }

    /** What the head is made of. */
    public Head form() {
        return form;
    }

    /** What the head's first layer with parameters takes. @shape {@code [N, 3, H, W]} to {@code [N, F]} */
    public Tensor features(Tensor x) {
        return layers(maps(x), 0, pooling);
    }

    @Override
    public Tensor forward(Tensor x) {
        var scores = x.dim() == 2 ? layers(x, pooling, Integer.MAX_VALUE) : head.forward(maps(x)); // [N, classes]
        return seen(output.map(module -> module.forward(scores)).orElse(scores));
    }

    private Tensor maps(Tensor x) {
        if (!isFrozen()) {
            return body.forward(x); // [N, width, h, w]
        }
        try (var off = Grad.off()) {
            return body.forward(x); // [N, width, h, w]
        }
    }

    /** Whether no parameter of the body gets a gradient. */
    public boolean isFrozen() {
        return body.parameters().values().stream().noneMatch(Tensor::requiresGrad);
    }

    private Tensor layers(Tensor x, int from, int to) {
        int position = 0;
        for (Module layer : head.children().values()) {
            if (position >= from && position < to) {
                x = layer.forward(x);
            }
            position++;
        }
        return x;
    }

    /** Draws the head as fastai does: Kaiming normal weights, batch norms with bias 1e-3, other biases 0. */
    @Override
    protected void resetParameters(Rng rng) {
        int position = 0;
        for (Module module : head.children().values()) {
            position++;
            if (module instanceof Linear linear) {
                Init.kaimingNormal().apply(linear.weight(), rng.derive(position));
                linear.bias().ifPresent(bias -> Init.constant(0).apply(bias, rng));
            } else if (module instanceof BatchNorm1d norm) {
                Optional.ofNullable(norm.ownParameters().get("bias"))
                        .ifPresent(bias -> Init.constant(1e-3).apply(bias, rng));
            }
        }
    }

    /** A backbone without its classifier. */
    private static final class Body extends Module implements FoldBatchNorm.InOrder {
        private final Backbone backbone;

        Body(Backbone backbone) {
            this.backbone = backbone;
            backbone.ownParameters().forEach(this::parameter);
            backbone.children().forEach((name, module) -> {
                if (!backbone.classifierNames().contains(name)) {
                    child(name, module);
                }
            });
        }

        @Override
        public Tensor forward(Tensor x) {
            return seen(backbone.maps(backbone.features(x)));
        }

        /** As the backbone itself would be drawn; what is left of its classifier has no part in it. */
        @Override
        protected void resetParameters(Rng rng) {
            backbone.resetParameters(rng);
        }
    }
}
