package espalier.web.monitor;

import espalier.data.Batch;
import espalier.data.Loaders;
import espalier.image.Image;
import espalier.train.Learner;
import espalier.vision.ImageBlock;
import espalier.vision.ImageGrid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import javax.imageio.ImageIO;

/** The first pictures of a batch with their labels, as a PNG. */
final class BatchPicture {
    private static final int MOST = 9;

    private BatchPicture() {}

    /** Empty when the batch is not of pictures. */
    @SuppressWarnings("unchecked") // an ImageBlock reads images
    static Optional<byte[]> of(Learner<?> learner, Batch batch) {
        if (!(learner.loaders().input() instanceof ImageBlock)) {
            return Optional.empty();
        }
        var grid = ImageGrid.of((Loaders<Image>) learner.loaders(), batch, MOST);
        var png = new ByteArrayOutputStream();
        try {
            ImageIO.write(grid.render(), "png", png);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a picture in memory could not be written", impossible);
        }
        return Optional.of(png.toByteArray());
    }
}
