package espalier.train.callback;

import espalier.tensor.Gradients;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;

/** Scales the gradients of each step so that their common norm is at most a given one. */
public final class GradientClip implements Callback {
    private final double maxNorm;

    private GradientClip(double maxNorm) {
        this.maxNorm = maxNorm;
    }

    /** Clips to {@code maxNorm}; fastai's default is 1. */
    public static GradientClip of(double maxNorm) {
        return new GradientClip(maxNorm);
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
        Gradients.clipNorm(parameters, maxNorm);
    }
}
