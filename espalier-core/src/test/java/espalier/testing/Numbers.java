package espalier.testing;

import espalier.data.BatchTransform;
import espalier.data.DataBlock;
import espalier.data.InputBlock;
import espalier.data.Targets;
import espalier.format.Transform;
import espalier.item.Item;
import espalier.item.Items;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A block of tiny real inputs, for tests of data and training that are not about pictures: each file holds numbers
 * separated by spaces.
 */
public final class Numbers implements InputBlock<double[]> {
    /** The endings of these files. */
    public static final Set<String> ENDINGS = Set.of("num");

    /** Writes {@code count} files a class around the class's centre: separable, with noise. */
    public static void write(Path root, List<String> classes, int count, long seed) throws IOException {
        for (int c = 0; c < classes.size(); c++) {
            Path folder = Files.createDirectories(root.resolve(classes.get(c)));
            for (int i = 0; i < count; i++) {
                var rng = Rng.of(seed).derive(c, i);
                String text = (c * 2 - 1 + rng.normal() * 0.5) + " " + (1 - c * 2 + rng.normal() * 0.5);
                Files.writeString(folder.resolve("%04d.num".formatted(i)), text);
            }
        }
    }

    /** Adds noise in training, so that runs depend on the items' generators. */
    public static Transform<double[]> noise(double scale) {
        return new Transform<>() {
            @Override
            public double[] apply(double[] x, boolean training, Rng rng) {
                double[] noisy = x.clone();
                for (int i = 0; training && i < noisy.length; i++) {
                    noisy[i] += scale * rng.normal();
                }
                return noisy;
            }

            @Override
            public String name() {
                return "noise";
            }

            @Override
            public Map<String, Object> parameters() {
                return Map.of("scale", scale);
            }
        };
    }

    /** The usual way to such files in a folder by class. */
    public static DataBlock<double[]> block() {
        return DataBlock.of(new Numbers(), Targets.category()).items(Items.files(ENDINGS));
    }

    @Override
    public String name() {
        return "number";
    }

    @Override
    public Optional<String> reject(Item item) {
        return item.path().toFile().length() == 0 ? Optional.of("empty file") : Optional.empty();
    }

    @Override
    public double[] read(Item item, List<? extends Transform<double[]>> transforms, boolean training, Rng rng) {
        try {
            String[] parts = Files.readString(item.path()).strip().split(" ");
            double[] x = new double[parts.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = Double.parseDouble(parts[i]);
            }
            for (var transform : transforms) {
                x = transform.apply(x, training, rng);
            }
            return x;
        } catch (IOException | NumberFormatException unreadable) {
            throw new DataException("cannot read " + item.id() + ": " + unreadable.getMessage(), unreadable);
        }
    }

    @Override
    public Supplier<Tensor> collate(
            List<double[]> inputs, List<BatchTransform> transforms, boolean training, List<Rng> rngs) {
        int width = inputs.get(0).length;
        float[] flat = new float[inputs.size() * width];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) inputs.get(i / width)[i % width];
        }
        return () -> Tensor.of(flat, inputs.size(), width);
    }

    @Override
    public List<Map.Entry<String, String>> explain(Item item, List<? extends Transform<double[]>> transforms) {
        return List.of(Map.entry("read", item.id()));
    }
}
