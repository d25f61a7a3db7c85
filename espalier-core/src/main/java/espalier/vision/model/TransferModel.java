package espalier.vision.model;

import espalier.nn.AdaptiveConcatPool2d;
import espalier.nn.BatchNorm1d;
import espalier.nn.Dropout;
import espalier.nn.Flatten;
import espalier.nn.FoldBatchNorm;
import espalier.nn.Init;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.tensor.Grad;
import espalier.tensor.Rng;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The features of a network with fastai's head for other classes: largest and mean values of the maps, batch norm,
 * dropout 0.25, 512 features, ReLU, batch norm, dropout 0.5, scores.
 *
 * <p>A body of which no parameter gets a gradient runs without being recorded. Its batch norms are folded into the
 * convolutions while they are in evaluation mode, in training too.
 *
 * @shape {@code [N, 3, H, W]} to scores {@code [N, classes]}
 */
public final class TransferModel extends Module {
    private static final int HIDDEN = 512;

    private final Body body;
    private final Sequential head;

    private TransferModel(Body body, Sequential head) {
        this.body = child("body", body);
        FoldBatchNorm.apply(body);
        this.head = child("head", head);
    }

    /** The features of {@code backbone}, shared with it, and a head for {@code classes} classes drawn from {@code rng}. */
    public static TransferModel of(Backbone backbone, int classes, Rng rng) {
        int pooled = 2 * backbone.width();
        var head = Sequential.of(
                AdaptiveConcatPool2d.of(1),
                Flatten.of(),
                BatchNorm1d.of(pooled),
                Dropout.of(0.25),
                Linear.of(pooled, HIDDEN).noBias(),
                ReLU.of().inPlace(),
                BatchNorm1d.of(HIDDEN),
                Dropout.of(0.5),
                Linear.of(HIDDEN, classes).noBias());
        var model = new TransferModel(new Body(backbone), head);
        model.resetParameters(rng);
        return model;
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
        for (List<Module> group : body.backbone.groups()) {
            groups.add(group.stream()
                    .flatMap(module -> module.parameters().values().stream())
                    .toList());
        }
        groups.add(List.copyOf(head.parameters().values()));
        return List.copyOf(groups);
    }

    @Override
    public Tensor forward(Tensor x) {
        if (body.parameters().values().stream().anyMatch(Tensor::requiresGrad)) {
            return seen(head.forward(body.forward(x)));
        }
        Tensor maps;
        try (var off = Grad.off()) {
            maps = body.forward(x); // [N, width, h, w]
        }
        return seen(head.forward(maps)); // [N, classes]
    }

    /** Draws the head as fastai does: Kaiming normal weights, batch norms with bias 1e-3. */
    @Override
    protected void resetParameters(Rng rng) {
        int position = 0;
        for (Module module : head.children().values()) {
            position++;
            if (module instanceof Linear linear) {
                Init.kaimingNormal().apply(linear.weight(), rng.derive(position));
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
            backbone.children().forEach((name, module) -> {
                if (!backbone.classifierNames().contains(name)) {
                    child(name, module);
                }
            });
        }

        @Override
        public Tensor forward(Tensor x) {
            return seen(backbone.features(x));
        }

        /** As the backbone itself would be drawn; what is left of its classifier has no part in it. */
        @Override
        protected void resetParameters(Rng rng) {
            backbone.resetParameters(rng);
        }
    }
}
