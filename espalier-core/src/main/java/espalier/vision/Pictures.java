package espalier.vision;

import espalier.format.DType;
import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.tensor.Scope;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/** Pictures as tensors and back, as torchvision's {@code ToTensor} and {@code ToPILImage}. */
public final class Pictures {
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
}
