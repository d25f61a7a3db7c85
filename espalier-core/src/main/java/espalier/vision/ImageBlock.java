package espalier.vision;

import espalier.data.BatchTransform;
import espalier.data.InputBlock;
import espalier.format.DType;
import espalier.format.Transform;
import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.image.Transforms;
import espalier.item.Item;
import espalier.report.DataException;
import espalier.report.Notes;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.vision.augment.FusedWarp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Pictures as inputs: read through the gate of {@link ImageReader}, at reduced size where the first transform says
 * that it suffices, kept decoded in memory up to a limit; in the batch float32 {@code [N, 3, H, W]} from 0 to 1 with
 * the channels last in memory.
 */
public final class ImageBlock implements InputBlock<Image> {
    private final ImageReader reader;
    private final ImageCache cache;
    private final Notes notes = new Notes();

    private ImageBlock(ImageReader reader, ImageCache cache) {
        this.reader = reader;
        this.cache = cache;
    }

    static ImageBlock of() {
        return new ImageBlock(ImageReader.of(), ImageCache.ofHeap());
    }

    /** The same, but truncated files are taken with grey where they end. */
    public ImageBlock allowTruncated() {
        return new ImageBlock(reader.allowTruncated(), cache);
    }

    /** The same with another limit for one picture; by default 50 million pixels. */
    public ImageBlock maxPixels(long pixels) {
        return new ImageBlock(reader.maxPixels(pixels), cache);
    }

    /** The same with another limit for the decoded pictures kept in memory, in bytes; by default a quarter of the heap. */
    public ImageBlock cacheBytes(long bytes) {
        return new ImageBlock(reader, new ImageCache(bytes));
    }

    @Override
    public String name() {
        return "image";
    }

    @Override
    public Optional<String> reject(Item item) {
        try {
            reader.check(item.path());
            return Optional.empty();
        } catch (DataException unreadable) {
            return Optional.of(unreadable.reason());
        }
    }

    @Override
    public Image read(Item item, List<? extends Transform<Image>> transforms, boolean training, Rng rng) {
        int side = Transforms.decodeSide(transforms);
        var cached = cache.get(item.path(), side);
        Image image = cached.orElseGet(() -> decoded(item, side));
        if (cached.isEmpty()) {
            cache.put(item.path(), side, image);
        }
        return Transforms.applied(transforms, image, training, rng);
    }

    private Image decoded(Item item, int side) {
        var decoded = reader.shortSide(side).decode(item.path());
        decoded.warnings().forEach(warning -> notes.add(warning, item.id()));
        return decoded.image();
    }

    @Override
    public List<String> warnings() {
        return notes.lines();
    }

    /**
     * Where the transforms can be fused, everything is computed here, on the loader's thread, in one pass from bytes to
     * normalised floats; otherwise tensor by tensor on the training thread.
     */
    @Override
    public Supplier<Tensor> collate(
            List<Image> images, List<BatchTransform> transforms, boolean training, List<Rng> rngs) {
        Image.checkSizes(images);
        int height = images.get(0).height();
        int width = images.get(0).width();
        var fused = FusedWarp.of(transforms);
        if (fused.isPresent()) {
            return fused(fused.get(), images, training, rngs);
        }
        return () -> {
            Tensor x = batch(Image.stacked(images), images.size(), height, width);
            for (var transform : transforms) {
                x = transform.apply(x, training, rngs);
            }
            return x;
        };
    }

    private static Supplier<Tensor> fused(FusedWarp warp, List<Image> images, boolean training, List<Rng> rngs) {
        try (var scope = Scope.open()) {
            Tensor x = scope.keep(warp.apply(images, training, rngs));
            return () -> Scope.receive(x);
        }
    }

    /** @shape bytes of {@code [N, H, W, 3]} to float32 {@code [N, 3, H, W]} from 0 to 1, channels last in memory */
    static Tensor batch(byte[] bytes, int count, int height, int width) {
        return scaled(Tensor.of(bytes, count, height, width, 3));
    }

    /** @shape uint8 {@code [N, H, W, 3]} to float32 {@code [N, 3, H, W]} from 0 to 1, channels last in memory */
    static Tensor scaled(Tensor bytes) {
        return bytes.permute(0, 3, 1, 2) // [N, 3, H, W]
                .to(DType.FLOAT32)
                .div_(255);
    }

    @Override
    public List<Map.Entry<String, String>> explain(Item item, List<? extends Transform<Image>> transforms) {
        var steps = new ArrayList<Map.Entry<String, String>>();
        int side = Transforms.decodeSide(transforms);
        var header = reader.check(item.path());
        steps.add(Map.entry("file", header.type() + " " + header.width() + "x" + header.height()));
        Image image = reader.shortSide(side).read(item.path());
        steps.add(Map.entry(
                "decoded", size(image) + " RGB" + (side > 0 ? ", a short side of " + side + " suffices" : "")));
        for (var transform : transforms) {
            image = transform.apply(image, true, Rng.of(0));
            steps.add(Map.entry(transform.name(), size(image) + " " + transform.parameters()));
        }
        return steps;
    }

    private static String size(Image image) {
        return image.width() + "x" + image.height();
    }
}
