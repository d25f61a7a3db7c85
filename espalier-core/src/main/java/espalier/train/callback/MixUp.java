package espalier.train.callback;

import espalier.data.Batch;
import espalier.format.DType;
import espalier.tensor.Tensor;
import espalier.train.Fit;
import espalier.train.Step;

/**
 * Trains on mixtures of two items, {@code x = l x1 + (1 - l) x2} and {@code y = l y1 + (1 - l) y2}, with the share {@code l}
 * of each item drawn from Beta(alpha, alpha), the larger side being the item's own. As fastai's. Validation sees the items
 * as they are.
 *
 * <p>Classes become probabilities, which cross entropy takes; with class weights it weighs the mixed target instead of
 * mixing two weighted means.
 *
 * @paper Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization",
 *     <a href="https://arxiv.org/abs/1710.09412">arXiv:1710.09412</a>, equation 1; there one share for the whole batch
 */
public final class MixUp extends Mixing {
    private MixUp(double alpha) {
        super(alpha);
    }

    /** With fastai's alpha, 0.4. */
    public static MixUp standard() {
        return of(0.4);
    }

    /** With shares from Beta(alpha, alpha): the larger alpha, the more even the mixtures. */
    public static MixUp of(double alpha) {
        return new MixUp(alpha);
    }

    @Override
    public void beforeBatch(Fit fit, Step step) {
        var batch = step.batch();
        var rng = rng(fit);
        Tensor partners = partners(rng, batch);
        float[] shares = new float[batch.size()];
        for (int i = 0; i < shares.length; i++) {
            double share = share(rng);
            shares[i] = (float) Math.max(share, 1 - share);
        }
        Tensor share = Tensor.of(shares, shares.length).to(batch.x().device()); // [N]
        Tensor x = batch.x().to(DType.FLOAT32);
        Tensor y = soft(fit, batch);
        step.batch(new Batch(
                mixed(x, x.indexSelect(0, partners), share),
                mixed(y, y.indexSelect(0, partners), share),
                batch.items()));
    }
}
