package espalier.train.callback;

import espalier.tensor.Grad;
import espalier.tensor.Gradients;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;
import java.util.List;

/** Bounds the gradients of each step: their common norm ({@link #of}), or each of their values ({@link #byValue}). */
public final class GradientClip implements Callback {
    private final double most;
    private final boolean byValue;

    private GradientClip(double most, boolean byValue) {
        if (!(most > 0)) {
            throw new IllegalArgumentException(
                    "gradients can be clipped to a positive number only, received " + most + ".");
        }
        this.most = most;
        this.byValue = byValue;
    }

    /** Scales all gradients together so that their common norm is at most {@code maxNorm}; fastai's default is 1. */
    public static GradientClip of(double maxNorm) {
        return new GradientClip(maxNorm, false);
    }

    /** Cuts each value of a gradient to {@code [-most, most]}, as PyTorch's {@code clip_grad_value_}. */
    public static GradientClip byValue(double most) {
        return new GradientClip(most, true);
    }

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

    @Override
    public void beforeStep(Fit fit, Step step) {
        var parameters = fit.learner().optimizer().groups().stream()
                .flatMap(group -> group.parameters().stream())
                .toList();
        if (byValue) {
            clipValues(parameters);
        } else {
            Gradients.clipNorm(parameters, most);
        }
    }

    private void clipValues(List<Tensor> parameters) {
        try (var off = Grad.off();
                var scope = Scope.open()) {
            parameters.forEach(parameter -> parameter.grad().ifPresent(gradient -> gradient.clamp_(-most, most)));
        }
    }
}
