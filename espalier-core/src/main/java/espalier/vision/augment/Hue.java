package espalier.vision.augment;

import espalier.data.BatchTransform;
import espalier.format.Parameters;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns the hues of a colour picture around the circle of colours, keeping saturation and value (HSV).
 *
 * <p>The turn is what fastai draws: a factor between {@code 1 - maxHue} and its reciprocal, of which only the
 * part after the point counts, so about {@code maxHue} of a whole turn to either side.
 *
 * @param maxHue the largest turn, in [0, 1)
 * @param p the probability
 */
public record Hue(double maxHue, double p) implements BatchTransform {
    /** Checks the ranges. */
    public Hue {
        Chance.below("maxHue", maxHue, 0, 1);
        Chance.probability("p", p);
    }

    /** The same with another largest turn, in [0, 1). */
    public Hue maxHue(double turn) {
        return new Hue(turn, p);
    }

    /** The same with another probability. */
    public Hue p(double probability) {
        return new Hue(maxHue, probability);
    }

    /** @shape x {@code [N, 3, H, W]} in 0 to 1 */
    @Override
    public Tensor apply(Tensor x, boolean training, List<Rng> items) {
        if (!training) {
            return x;
        }
        Batches.check("hue", x, items);
        Batches.colour("hue", x);
        var pictures = new ArrayList<Tensor>();
        for (int i = 0; i < items.size(); i++) {
            double turn = Chance.factor(items.get(i), p, maxHue) % 1;
            Tensor picture = x.select(0, i);
            pictures.add(turn == 0 ? picture : turn(picture, turn));
        }
        return Tensor.stack(pictures, 0);
    }

    static Tensor turn(Tensor picture, double turn) {
        float[] values = picture.toFloatArray();
        int plane = values.length / 3;
        for (int i = 0; i < plane; i++) {
            float red = values[i];
            float green = values[plane + i];
            float blue = values[2 * plane + i];
            float max = Math.max(red, Math.max(green, blue));
            float chroma = max - Math.min(red, Math.min(green, blue));
            if (chroma > 0) {
                double sixths = red == max
                        ? (green - blue) / chroma
                        : green == max ? 2 + (blue - red) / chroma : 4 + (red - green) / chroma;
                sixths += 6 * turn;
                values[i] = channel(5, sixths, max, chroma);
                values[plane + i] = channel(3, sixths, max, chroma);
                values[2 * plane + i] = channel(1, sixths, max, chroma);
            }
        }
        return Tensor.of(values, picture.shape().sizes());
    }

    /** One channel of a colour given by hue (in sixths of a turn), value and chroma, in the form without cases. */
    private static float channel(int offset, double sixths, float value, float chroma) {
        double k = ((offset + sixths) % 6 + 6) % 6;
        return (float) (value - chroma * Math.max(0, Math.min(Math.min(k, 4 - k), 1)));
    }

    @Override
    public String name() {
        return "hue";
    }

    @Override
    public Map<String, Object> parameters() {
        return Parameters.of("maxHue", maxHue, "p", p);
    }
}
