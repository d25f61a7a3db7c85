package espalier.examples;

import espalier.data.BatchTransform;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** The recipe {@code docs/recipes/add-an-augmentation.md}. */
public final class AddAnAugmentation {
    private AddAnAugmentation() {}

    // region augmentation
    /**
     * Turns light pixels dark: values from {@code threshold} on become one less the value.
     *
     * @param threshold where turning begins, in [0, 1]
     * @param p the probability for each picture
     * @shape {@code [N, C, H, W]} in 0 to 1, kept
     */
    public record Solarize(double threshold, double p) implements BatchTransform {
        @Override
        public Tensor apply(Tensor x, boolean training, List<Rng> items) {
            if (!training) {
                return x;
            }
            var limits = new float[items.size()];
            for (int i = 0; i < limits.length; i++) {
                limits[i] = items.get(i).bernoulli(p) ? (float) threshold : Float.MAX_VALUE;
            }
            Tensor limit = Tensor.of(limits, limits.length, 1, 1, 1); // [N, 1, 1, 1]
            return x.where(x.lt(limit), x.mul(-1).add(1)); // [N, C, H, W]
        }

        @Override
        public String name() {
            return "solarize";
        }

        @Override
        public Map<String, Object> parameters() {
            return Map.of("threshold", threshold, "p", p);
        }
    }
    // endregion
}
