package espalier.vision;

import espalier.format.DType;
import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/** Pictures as tensors and back, as torchvision's {@code ToTensor} and {@code ToPILImage}. */
public final class Pictures {
    /** The width of a line of {@link #grid}, in pixels. */
    private static final long LINE = 2;

    private Pictures() {}

    /** The picture in a file as float32 {@code [3, H, W]} from 0 to 1. @throws espalier.report.DataException when unreadable */
    public static Tensor read(Path file) {
        return tensor(ImageReader.of().read(file));
    }

    /** A Java2D picture as float32 {@code [3, H, W]} from 0 to 1; transparent pixels come out over white. */
    public static Tensor tensor(BufferedImage picture) {
        return tensor(Image.from(picture));
    }

    /** A picture as float32 {@code [3, H, W]} from 0 to 1. */
    public static Tensor tensor(Image picture) {
        return ImageBlock.batch(picture.data(), 1, picture.height(), picture.width())
                .squeeze(0) // [3, H, W]
                .contiguous();
    }

    /** A Java2D picture changed by a transform of tensors, in a scope of its own. */
    public static BufferedImage changed(BufferedImage picture, TensorTransform transform, Rng rng) {
        try (var scope = Scope.open()) {
            return toImage(transform.apply(tensor(picture), rng));
        }
    }

    /**
     * A tensor as a Java2D picture: floating-point values from 0 to 1, which are cut off outside, or uint8.
     *
     * @shape {@code [3, H, W]}, {@code [1, H, W]} or {@code [H, W]} (grey)
     * @throws ShapeException when it is none of these
     */
    public static BufferedImage toImage(Tensor tensor) {
        boolean grey = tensor.dim() == 2 || (tensor.dim() == 3 && tensor.size(0) == 1);
        if (!grey && !(tensor.dim() == 3 && tensor.size(0) == 3)) {
            throw new ShapeException("toImage: expected [3, H, W], [1, H, W] or [H, W], received " + tensor.shape()
                    + (tensor.dim() == 4 ? ". Maybe take one of the batch: select(0, 0)." : "."));
        }
        int height = Math.toIntExact(tensor.size(-2));
        int width = Math.toIntExact(tensor.size(-1));
        try (var scope = Scope.open()) {
            Tensor channels = tensor.detach().reshape(-1, height, width).expand(3, height, width); // [3, H, W]
            Tensor levels = channels.dtype().isFloatingPoint()
                    ? channels.to(DType.FLOAT32).clamp(0, 1).mul(255).round()
                    : channels;
            byte[] bytes = levels.to(DType.UINT8).permute(1, 2, 0).toByteArray(); // [H, W, 3]
            return Image.of(width, height, bytes).toBufferedImage();
        }
    }

    /**
     * A batch of pictures as one, in rows of {@code columns} with black lines of two pixels between, each picture stretched from
     * black to white; as torchvision's {@code make_grid(normalize=True, scale_each=True)}. For the maps of a convolution,
     * give each a channel: {@code grid(maps.select(0, 0).unsqueeze(1), 8)}.
     *
     * @shape {@code [N, 1 or 3, H, W]} to {@code [1 or 3, rows * (H + 2) + 2, columns * (W + 2) + 2]}
     * @throws ShapeException when it is no batch of pictures
     */
    public static Tensor grid(Tensor batch, int columns) {
        if (batch.dim() != 4 || batch.numel() == 0 || columns < 1) {
            throw new ShapeException("grid: expected a batch of pictures [N, C, H, W] and a column or more, received "
                    + batch.shape() + " and " + columns + ". Maybe unsqueeze(0) it.");
        }
        Tensor pictures = batch.detach();
        Tensor low = pictures.amin(true, 1, 2, 3);
        Tensor scaled =
                pictures.sub(low).div(pictures.amax(true, 1, 2, 3).sub(low).clampMin(1e-5));
        Tensor framed = Functional.padConstant(scaled, 0, LINE, 0, LINE, 0); // [N, C, H + 2, W + 2]
        long rows = (batch.size(0) + columns - 1) / columns;
        Tensor full = Functional.padConstant(framed, 0, 0, 0, 0, 0, 0, 0, 0, rows * columns - batch.size(0));
        Tensor joined = full.reshape(rows, columns, batch.size(1), framed.size(2), framed.size(3))
                .permute(2, 0, 3, 1, 4)
                .reshape(batch.size(1), rows * framed.size(2), columns * framed.size(3));
        return Functional.padConstant(joined, 0, 0, LINE, 0, LINE);
    }
}
