package espalier.interpret;

import espalier.nn.Module;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Shows where in a picture a convolutional model found what speaks for a class: the last feature maps, each weighted by
 * how much the class's score rises with it.
 *
 * <pre>{@code
 * var cam = GradCam.of(model.body(), model.head());
 * cam.heat(x, 3).overlay(picture);             // x [1, C, H, W], the picture as the model saw it
 * }</pre>
 *
 * <p>Changes nothing in the model and keeps no gradients, so that several threads may use it at once.
 *
 * @paper Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", 2017,
 *     https://arxiv.org/abs/1610.02391, equations 1 and 2, on scores before the activation
 */
public final class GradCam {
    private final Module body;
    private final Module head;
    private final UnaryOperator<Tensor> maps;

    private GradCam(Module body, Module head, UnaryOperator<Tensor> maps) {
        this.body = body;
        this.head = head;
        this.maps = maps;
    }

    /**
     * Grad-CAM of a model in two parts, both in evaluation mode.
     *
     * @param body from pictures to feature maps {@code [N, F, h, w]}
     * @param head from these to scores {@code [N, classes]}
     */
    public static GradCam of(Module body, Module head) {
        return new GradCam(body, head, UnaryOperator.identity());
    }

    /**
     * The same for a body that gives something else than feature maps, such as tokens.
     *
     * @param maps from what the body gives to feature maps {@code [N, F, h, w]}; moves values, but does not change them
     */
    public GradCam maps(UnaryOperator<Tensor> maps) {
        return new GradCam(body, head, maps);
    }

    /**
     * The heat map of one picture for one class.
     *
     * @shape {@code x}: {@code [1, C, H, W]}
     * @throws ShapeException when it is not one picture, or the body does not give feature maps
     * @throws IllegalStateException in training mode
     */
    public HeatMap heat(Tensor x, int category) {
        if (x.dim() != 4 || x.size(0) != 1) {
            throw new ShapeException("heat: expected one picture [1, C, H, W], received " + x.shape()
                    + ". Maybe add the first dimension with unsqueeze(0), or call heats for a batch.");
        }
        return heats(x, category).get(0);
    }

    /**
     * The heat map of each picture of a batch for one class; see {@link #heat}.
     *
     * @shape {@code x}: {@code [N, C, H, W]}
     */
    public List<HeatMap> heats(Tensor x, int category) {
        if (body.isTraining() || head.isTraining()) {
            throw new IllegalStateException("Grad-CAM needs a model in evaluation mode: in training mode dropout and"
                    + " batch norm would show another model. Maybe call eval() first.");
        }
        try (var scope = Scope.open()) {
            Tensor given = features(x);
            Tensor features = maps.apply(given.detach()); // [N, F, h, w]
            Tensor gradient = maps.apply(gradient(given, category)); // [N, F, h, w]
            Tensor weights = gradient.mean(true, 2, 3); // [N, F, 1, 1]
            Tensor heat = features.mul(weights).sum(1).relu(); // [N, h, w]
            return split(heat);
        }
    }

    private Tensor features(Tensor x) {
        try (var off = Grad.off()) {
            Tensor features = body.forward(x).detach();
            Tensor found = maps.apply(features);
            if (found.dim() != 4) {
                throw new ShapeException("Grad-CAM: expected feature maps [N, F, h, w] from the body, received "
                        + found.shape() + ". Maybe the body ends after the pooling instead of before it.");
            }
            return features.requiresGrad(true);
        }
    }

    private Tensor gradient(Tensor features, int category) {
        try (var on = Grad.on()) {
            // A copy, because a head may begin with an operation in place, which leaves cannot bear.
            Tensor scores = head.forward(features.copy()); // [N, K]
            if (scores.dim() != 2 || category < 0 || category >= scores.size(1)) {
                throw new ShapeException("Grad-CAM: there is no class " + category + " in scores of shape "
                        + scores.shape() + ", expected [N, classes].");
            }
            return Grad.of(scores.select(1, category).sum(), features);
        }
    }

    private static List<HeatMap> split(Tensor heat) {
        int height = Math.toIntExact(heat.size(1));
        int width = Math.toIntExact(heat.size(2));
        float[] flat = heat.toFloatArray();
        var maps = new ArrayList<HeatMap>();
        for (int from = 0; from < flat.length; from += height * width) {
            float[][] rows = new float[height][width];
            for (int y = 0; y < height; y++) {
                System.arraycopy(flat, from + y * width, rows[y], 0, width);
            }
            maps.add(new HeatMap(rows));
        }
        return List.copyOf(maps);
    }
}
