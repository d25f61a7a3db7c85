package espalier.vision;

import espalier.data.Batch;
import espalier.data.Loader;
import espalier.data.Loaders;
import espalier.files.AtomicFiles;
import espalier.image.Image;
import espalier.tensor.Index;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.vision.augment.Normalize;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Pictures of a batch in a grid with their labels, as the model will see them: fastai's {@code show_batch}. */
public final class ImageGrid {
    private static final int CAPTION = 18;
    private static final int GAP = 6;
    private static final int MAX_CELL = 224;

    private final List<BufferedImage> pictures = new ArrayList<>();
    private final List<String> captions = new ArrayList<>();

    private ImageGrid() {}

    /** The first {@code count} pictures of a training epoch, with their labels. */
    public static ImageGrid of(Loaders<Image> loaders, int count) {
        return of(loaders, loaders.train(), count);
    }

    /** The first {@code count} validation pictures, with their labels. */
    public static ImageGrid ofValid(Loaders<Image> loaders, int count) {
        return of(loaders, loaders.valid(), count);
    }

    private static ImageGrid of(Loaders<Image> loaders, Loader<Image> part, int count) {
        var grid = new ImageGrid();
        try (var batches = part.epoch(0)) {
            while (grid.pictures.size() < count && batches.hasNext()) {
                try (var scope = Scope.open()) {
                    grid.add(loaders, part, batches.next(), count);
                }
            }
        }
        return grid;
    }

    /** One picture as {@code count} different epochs would augment it. */
    public static ImageGrid augmentations(Loaders<Image> loaders, int count) {
        var grid = new ImageGrid();
        Loader<Image> one = loaders.train().first();
        for (int epoch = 0; epoch < count; epoch++) {
            try (var scope = Scope.open();
                    var batches = one.epoch(epoch)) {
                if (batches.hasNext()) {
                    grid.add(decoded(loaders, batches.next().x(), 0), "");
                }
            }
        }
        return grid;
    }

    /** The first {@code count} pictures of a training batch, with their labels. */
    public static ImageGrid of(Loaders<Image> loaders, Batch batch, int count) {
        var grid = new ImageGrid();
        try (var scope = Scope.open()) {
            grid.add(loaders, loaders.train(), batch, count);
        }
        return grid;
    }

    private void add(Loaders<Image> loaders, Loader<Image> part, Batch batch, int count) {
        var data = part.dataset();
        for (int i = 0; i < batch.size() && pictures.size() < count; i++) {
            int row = data.items().indexOf(batch.items().get(i));
            add(decoded(loaders, batch.x(), i), String.join(", ", data.labels().get(row)));
        }
    }

    private void add(BufferedImage picture, String caption) {
        pictures.add(picture);
        captions.add(caption);
    }

    /** One item of a batch as a picture again: normalisation undone, values cut to 0..255. */
    private static BufferedImage decoded(Loaders<Image> loaders, Tensor batch, int index) {
        Tensor x = batch.get(Index.slice(index, index + 1)); // [1, 3, H, W]
        for (var transform : loaders.batchTransforms()) {
            if (transform instanceof Normalize normalize) {
                x = normalize.decode(x);
            }
        }
        float[] levels = x.permute(0, 2, 3, 1).clamp(0, 1).mul(255).round().toFloatArray(); // [1, H, W, 3]
        byte[] bytes = new byte[levels.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (int) levels[i];
        }
        return Image.of((int) x.size(3), (int) x.size(2), bytes).toBufferedImage();
    }

    /** Writes the grid as a PNG. */
    public void write(Path file) throws IOException {
        var image = render();
        AtomicFiles.write(file, out -> ImageIO.write(image, "png", out));
    }

    /** The grid as a picture. */
    public BufferedImage render() {
        int columns = (int) Math.ceil(Math.sqrt(pictures.size()));
        int rows = columns == 0 ? 0 : (pictures.size() + columns - 1) / columns;
        int cell = Math.min(
                MAX_CELL,
                pictures.stream()
                        .mapToInt(p -> Math.max(p.getWidth(), p.getHeight()))
                        .max()
                        .orElse(1));
        var out = new BufferedImage(
                GAP + Math.max(1, columns) * (cell + GAP),
                GAP + Math.max(1, rows) * (cell + CAPTION + GAP),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D g = out.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, out.getWidth(), out.getHeight());
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        g.setColor(Color.BLACK);
        for (int i = 0; i < pictures.size(); i++) {
            int x = GAP + i % columns * (cell + GAP);
            int y = GAP + i / columns * (cell + CAPTION + GAP);
            g.drawString(captions.get(i), x, y + CAPTION - 5);
            g.drawImage(pictures.get(i), x, y + CAPTION, cell, cell, null);
        }
        g.dispose();
        return out;
    }
}
