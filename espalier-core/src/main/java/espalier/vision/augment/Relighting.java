package espalier.vision.augment;

import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.List;

/**
 * Applies tones to a batch of pictures in 0 to 1.
 *
 * <p>Works picture by picture, so that one picture's values stay in the processor's cache for all steps.
 */
final class Relighting {
    private static final double EPS = 1e-7;

    private Relighting() {}

    /** Changes {@code x} itself and gives it back. @shape x {@code [N, C, H, W]} */
    static Tensor light_(Tensor x, List<Tone> tones) {
        try (var scope = Scope.open()) {
            for (int i = 0; i < tones.size(); i++) {
                Tone tone = tones.get(i);
                if (!tone.neutral()) {
                    Tensor picture = x.select(0, i); // [C, H, W]
                    picture.copy_(light(picture, tone));
                }
            }
        }
        return x;
    }

    private static Tensor light(Tensor picture, Tone tone) {
        Tensor logits = picture.logit(EPS);
        if (tone.grey() == 0) {
            return logits.mul_(tone.own()).add_(tone.shift()).sigmoid_();
        }
        Batches.colour("saturation", picture.unsqueeze(0));
        Tensor grey = logits.select(0, 0).mul(Tone.GREY[0]);
        grey.addScaled_(logits.select(0, 1), Tone.GREY[1]).addScaled_(logits.select(0, 2), Tone.GREY[2]);
        return logits.mul_(tone.own())
                .addScaled_(grey.unsqueeze(0), tone.grey())
                .add_(tone.shift())
                .sigmoid_();
    }
}
