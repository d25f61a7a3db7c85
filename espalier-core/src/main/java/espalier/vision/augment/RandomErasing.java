package espalier.vision.augment;

import espalier.data.BatchTransform;
import espalier.format.Parameters;
import espalier.rng.Rng;
import espalier.tensor.Index;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Covers random rectangles of a picture, with noise or with an even grey.
 *
 * <p>fastai erases after normalisation, with N(0, 1) for noise. Here pictures are in 0 to 1, so the noise has
 * the mean and the deviation that become 0 and 1 when ImageNet's statistics are used (as an average over
 * channels: 0.449 and 0.226), clamped to 0 to 1. Another difference: each picture decides for itself instead of
 * the whole batch at once.
 *
 * @param p the probability
 * @param minArea the smallest share of the picture covered (fastai's sl)
 * @param maxArea the largest share (sh)
 * @param minAspect the smallest ratio of the sides; the largest is its reciprocal
 * @param maxCount the largest number of rectangles; each has the share of the area divided by their number
 * @param noise whether to cover with noise or with grey
 * @paper Zhong et al. 2017, "Random erasing data augmentation"; DeVries and Taylor 2017, "Improved regularization
 *     of convolutional neural networks with cutout"
 */
public record RandomErasing(double p, double minArea, double maxArea, double minAspect, int maxCount, boolean noise)
        implements BatchTransform {
    private static final double MEAN = 0.449;
    private static final double STD = 0.226;

    /** Checks the ranges. */
    public RandomErasing {
        Chance.probability("p", p);
        Chance.between("maxArea", maxArea, 0, 1);
        Chance.between("minArea", minArea, 0, maxArea);
        Chance.between("minAspect", minAspect, 1e-3, 1);
        Chance.between("maxCount", maxCount, 1, 1000);
    }

    /** The same with another probability. */
    public RandomErasing p(double probability) {
        return new RandomErasing(probability, minArea, maxArea, minAspect, maxCount, noise);
    }

    /** The same with other limits of the share covered, from 0 to 1. */
    public RandomErasing area(double min, double max) {
        return new RandomErasing(p, min, max, minAspect, maxCount, noise);
    }

    /** The same with another smallest ratio of the sides, in (0, 1]. */
    public RandomErasing minAspect(double ratio) {
        return new RandomErasing(p, minArea, maxArea, ratio, maxCount, noise);
    }

    /** The same with another largest number of rectangles. */
    public RandomErasing maxCount(int count) {
        return new RandomErasing(p, minArea, maxArea, minAspect, count, noise);
    }

    /** The same, covering with grey instead of noise. */
    public RandomErasing grey() {
        return new RandomErasing(p, minArea, maxArea, minAspect, maxCount, false);
    }

    /** @shape x {@code [N, C, H, W]} in 0 to 1 */
    @Override
    public Tensor apply(Tensor x, boolean training, List<Rng> items) {
        if (!training) {
            return x;
        }
        Batches.check("randomErasing", x, items);
        Tensor erased = x.copy();
        for (int i = 0; i < items.size(); i++) {
            Rng rng = items.get(i);
            if (rng.bernoulli(p)) {
                erase(erased, i, rng);
            }
        }
        return erased;
    }

    private void erase(Tensor x, int item, Rng rng) {
        int count = 1 + rng.nextInt(maxCount);
        double area = (double) x.size(2) * x.size(3) / count;
        double limit = -Math.log(minAspect);
        for (int i = 0; i < count; i++) {
            double covered = rng.uniform(minArea, maxArea) * area;
            double aspect = Math.exp(rng.uniform(-limit, limit));
            long[] rows = part(rng, Math.sqrt(covered * aspect), x.size(2));
            long[] columns = part(rng, Math.sqrt(covered / aspect), x.size(3));
            Tensor value = noise
                    ? Tensor.randn(rng, x.size(1), rows[1] - rows[0], columns[1] - columns[0])
                            .mul_(STD)
                            .add_(MEAN)
                            .clamp_(0, 1)
                    : Tensor.scalar(MEAN);
            x.set_(
                    value.to(x.dtype()),
                    Index.at(item),
                    Index.all(),
                    Index.slice(rows[0], rows[1]),
                    Index.slice(columns[0], columns[1]));
        }
    }

    private static long[] part(Rng rng, double length, long size) {
        long whole = Math.min(size, Math.round(length));
        long start = (long) (rng.uniform() * (size - whole + 1));
        return new long[] {start, start + whole};
    }

    @Override
    public String name() {
        return "randomErasing";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of(
                "p",
                p,
                "minArea",
                minArea,
                "maxArea",
                maxArea,
                "minAspect",
                minAspect,
                "maxCount",
                maxCount,
                "noise",
                noise);
    }
}
