package espalier.vision.augment;

import espalier.data.BatchTransform;
import espalier.rng.Rng;
import espalier.tensor.Functional.Padding;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Random changes of pictures in 0 to 1 composed so that each pixel is sampled once and lit once: all geometry
 * in one sampling, then all light in one pass, then everything else in its order.
 *
 * <p>In validation nothing is drawn; only the resize to {@link #size}, if there is one, still happens. What
 * happens to a picture depends on its own generator alone, never on its neighbours in the batch; in fastai the
 * choice to shrink before sampling looks at the whole batch.
 */
public final class Augmentation implements BatchTransform {
    private final List<BatchTransform> parts;
    private final int height;
    private final int width;
    private final Padding padding;

    private Augmentation(List<BatchTransform> parts, int height, int width, Padding padding) {
        this.parts = parts;
        this.height = height;
        this.width = width;
        this.padding = padding;
    }

    /** The composition of {@code parts}, with reflection at the borders and sizes kept. */
    public static Augmentation of(BatchTransform... parts) {
        return new Augmentation(List.of(parts), 0, 0, Padding.REFLECTION);
    }

    /** The composition of {@code parts}, with reflection at the borders and sizes kept. */
    public static Augmentation of(Collection<? extends BatchTransform> parts) {
        return new Augmentation(List.copyOf(parts), 0, 0, Padding.REFLECTION);
    }

    /** The same with square results of {@code side} pixels. */
    public Augmentation size(int side) {
        return size(side, side);
    }

    /** The same with results of the given size in pixels; 0 and 0 keep the pictures' own. */
    public Augmentation size(int newHeight, int newWidth) {
        Chance.between("height", newHeight, 0, Short.MAX_VALUE);
        Chance.between("width", newWidth, newHeight == 0 ? 0 : 1, newHeight == 0 ? 0 : Short.MAX_VALUE);
        return new Augmentation(parts, newHeight, newWidth, padding);
    }

    /** The same with another filling of what lies outside a picture. */
    public Augmentation padding(Padding mode) {
        return new Augmentation(parts, height, width, mode);
    }

    /** The changes, in the order in which they were given. */
    public List<BatchTransform> parts() {
        return parts;
    }

    /** Whether every part is geometry or light of each channel by itself, so that {@link FusedWarp} can do it. */
    boolean isFusible() {
        return parts.stream()
                .allMatch(part -> part instanceof Geometry || part instanceof Brightness || part instanceof Contrast);
    }

    /** The same size and padding for other parts. */
    Augmentation with(List<BatchTransform> others) {
        return new Augmentation(List.copyOf(others), height, width, padding);
    }

    Padding padding() {
        return padding;
    }

    boolean resizes() {
        return height > 0;
    }

    int outHeight(int inHeight) {
        return height == 0 ? inHeight : height;
    }

    int outWidth(int inWidth) {
        return width == 0 ? inWidth : width;
    }

    /** @shape x {@code [N, C, H, W]} in 0 to 1; gives {@code [N, C, height, width]} */
    @Override
    public Tensor apply(Tensor x, boolean training, List<Rng> items) {
        Batches.check(name(), x, items);
        int inHeight = Math.toIntExact(x.size(2));
        int inWidth = Math.toIntExact(x.size(3));
        var maps = new ArrayList<double[]>();
        var tones = new ArrayList<Tone>();
        for (Rng rng : items) {
            maps.add(map(inHeight, inWidth, training, rng));
            tones.add(tone(training, rng));
        }
        Tensor y = Sampling.sample(x, maps, new Sampling.Target(outHeight(inHeight), outWidth(inWidth), padding));
        y = tones.stream().allMatch(Tone::neutral) ? y : Relighting.light_(y == x ? x.copy() : y, tones);
        for (BatchTransform part : parts) {
            boolean composed = part instanceof Geometry || part instanceof Lighting;
            y = composed ? y : part.apply(y, training, items);
        }
        return y;
    }

    /** Draws where the pixels of one picture come from. */
    double[] map(int inHeight, int inWidth, boolean training, Rng rng) {
        var map = CoordinateMap.of(inHeight, inWidth);
        for (BatchTransform part : parts) {
            if (part instanceof Geometry geometry && training) {
                geometry.draw(rng, map);
            } else if (part instanceof Geometry geometry) {
                geometry.still(map);
            }
        }
        return map.matrix();
    }

    /** Draws the light of one picture; call it after {@link #map}. */
    Tone tone(boolean training, Rng rng) {
        var tone = new Tone();
        for (BatchTransform part : parts) {
            if (training && part instanceof Lighting lighting) {
                lighting.draw(rng, tone);
            }
        }
        return tone;
    }

    @Override
    public String name() {
        return "augmentation";
    }

    @Override
    public Map<String, Object> parameters() {
        var transforms = new ArrayList<Map<String, Object>>();
        for (BatchTransform part : parts) {
            var described = new LinkedHashMap<String, Object>();
            described.put("name", part.name());
            described.putAll(part.parameters());
            transforms.add(described);
        }
        var parameters = new LinkedHashMap<String, Object>();
        parameters.put("transforms", transforms);
        parameters.putAll(outputParameters());
        return parameters;
    }

    /** Size and padding, for JSON. */
    Map<String, Object> outputParameters() {
        var parameters = new LinkedHashMap<String, Object>();
        parameters.put("height", height);
        parameters.put("width", width);
        parameters.put("padMode", padding.name().toLowerCase(Locale.ROOT));
        return parameters;
    }
}
