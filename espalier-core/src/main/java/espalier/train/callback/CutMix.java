package espalier.train.callback;

import espalier.data.Batch;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.train.Fit;
import espalier.train.Step;
import java.util.Arrays;

/**
 * Trains on pictures into which a box of another was pasted; the target is mixed by the areas. One box for each batch: its
 * share is drawn from Beta(alpha, alpha), its centre anywhere, and what lies outside the picture is cut off. As fastai's.
 *
 * @paper Yun et al. 2019, "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features",
 *     <a href="https://arxiv.org/abs/1905.04899">arXiv:1905.04899</a>, equations 1 and 2
 */
public final class CutMix extends Mixing {
    private CutMix(double alpha) {
        super(alpha);
    }

    /** With the paper's and fastai's alpha, 1. */
    public static CutMix standard() {
        return of(1);
    }

    /** With shares from Beta(alpha, alpha). */
    public static CutMix of(double alpha) {
        return new CutMix(alpha);
    }

    @Override
    public void beforeBatch(Fit fit, Step step) {
        var batch = step.batch();
        Tensor x = batch.x();
        if (x.dim() != 4) {
            throw new ShapeException("CutMix: expected pictures [N, C, H, W], received inputs of shape " + x.shape()
                    + ". Maybe MixUp is meant, which mixes inputs of any shape.");
        }
        var rng = rng(fit);
        Tensor partners = partners(rng, batch);
        int height = Math.toIntExact(x.size(2));
        int width = Math.toIntExact(x.size(3));
        double cut = Math.sqrt(1 - share(rng));
        int[] rows = side(rng.nextInt(height), (int) (height * cut), height);
        int[] columns = side(rng.nextInt(width), (int) (width * cut), width);

        boolean[] inside = new boolean[height * width];
        for (int r = rows[0]; r < rows[1]; r++) {
            Arrays.fill(inside, r * width + columns[0], r * width + columns[1], true);
        }
        Tensor box = Tensor.of(inside, 1, 1, height, width).to(x.device());
        double own = 1 - (double) (rows[1] - rows[0]) * (columns[1] - columns[0]) / (height * width);
        Tensor y = soft(fit, batch);
        step.batch(new Batch(
                x.indexSelect(0, partners).where(box, x),
                y.mul(own).add(y.indexSelect(0, partners).mul(1 - own)),
                batch.items()));
    }

    private static int[] side(int centre, int length, int all) {
        int from = Math.max(0, centre - length / 2);
        return new int[] {from, Math.min(all, centre + length / 2)};
    }
}
