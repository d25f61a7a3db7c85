package espalier.app;

import espalier.format.ModelDocument;
import espalier.format.RunOptions;
import espalier.format.Transform;
import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.image.Transforms;
import espalier.item.Items;
import espalier.predict.ImageTask;
import espalier.predict.PredictionTask;
import espalier.predict.Predictor;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.train.TestTimeAugmentation;
import espalier.vision.augment.FusedWarp;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Test-time augmentation for model files: each picture is predicted as it is and several times varied as in the training that
 * made the model, and the probabilities are averaged. Any engine computes them.
 *
 * <p>How a picture is varied depends on its pixels alone, so that it gets the same answer wherever it stands. The model file says
 * how the training varied pictures; of a model that a program made it knows only the transforms of single pictures.
 */
final class VariedPictures implements PredictionTask<List<Image>> {
    private static final float LEVELS = 255;

    private final ImageTask plain;
    private final TestTimeAugmentation passes;
    private final List<Transform<Image>> transforms;
    private final Optional<FusedWarp> warp;
    private final ImageReader reader;

    private VariedPictures(ImageTask plain, TestTimeAugmentation passes) {
        this.plain = plain;
        this.passes = passes;
        this.transforms = ImageTask.transforms(plain.document());
        var options = RunOptions.of(plain.document());
        this.warp = options.values().containsKey("--augment")
                ? Variation.like(options).augmentation().flatMap(how -> FusedWarp.of(List.of(how)))
                : Optional.empty();
        this.reader = ImageReader.of().shortSide(Transforms.decodeSide(transforms));
    }

    /**
     * A predictor that does what {@code predictor} does, several times; closing it closes that.
     *
     * @throws IllegalArgumentException when its model is not one for pictures
     */
    static Predictor of(Predictor predictor, TestTimeAugmentation passes) {
        if (predictor.task() instanceof ImageTask pictures) {
            return Predictor.of(new VariedPictures(pictures, passes));
        }
        throw new IllegalArgumentException("test-time augmentation is for models of pictures, and this is a model for "
                + predictor.document().task() + ". Maybe leave it out.");
    }

    @Override
    public List<Image> read(Path file) {
        return views(reader.read(file));
    }

    @Override
    public List<Image> read(byte[] bytes) {
        return views(reader.read(bytes));
    }

    @Override
    public List<Image> read(BufferedImage picture) {
        return views(Image.from(picture));
    }

    /** The picture as it is, then varied. */
    private List<Image> views(Image picture) {
        var views = new ArrayList<>(List.of(Transforms.applied(transforms, picture, false, Rng.of(0))));
        var own = Rng.of(Arrays.hashCode(picture.data()));
        for (int pass = 1; pass <= passes.passes(); pass++) {
            var rng = own.derive(pass);
            var view = Transforms.applied(transforms, picture, true, rng);
            views.add(warp.map(change -> changed(change, view, rng)).orElse(view));
        }
        return views;
    }

    private static Image changed(FusedWarp change, Image view, Rng rng) {
        try (var scope = Scope.open()) {
            float[] shares = change.apply(List.of(view), true, List.of(rng))
                    .permute(0, 2, 3, 1) // [1, H, W, 3]
                    .toFloatArray();
            byte[] levels = new byte[shares.length];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = (byte) Math.round(LEVELS * Math.min(1, Math.max(0, shares[i])));
            }
            return Image.of(view.width(), view.height(), levels);
        }
    }

    @Override
    public Items.Found find(Path folder) {
        return plain.find(folder);
    }

    @Override
    public float[][] probabilities(List<List<Image>> inputs) {
        var all = inputs.stream().flatMap(List::stream).toList();
        var rows = new ArrayList<float[]>();
        for (int from = 0; from < all.size(); from += plain.most()) {
            rows.addAll(Arrays.asList(
                    plain.probabilities(all.subList(from, Math.min(all.size(), from + plain.most())))));
        }
        int views = 1 + passes.passes();
        var means = new float[inputs.size()][];
        for (int i = 0; i < means.length; i++) {
            means[i] = passes.mean(rows.get(i * views), rows.subList(i * views + 1, (i + 1) * views));
        }
        return means;
    }

    @Override
    public int most() {
        return plain.most();
    }

    @Override
    public int runs() {
        return plain.runs();
    }

    @Override
    public PredictionTask<List<Image>> parallel() {
        return plain.parallel() instanceof ImageTask other && other != plain ? new VariedPictures(other, passes) : this;
    }

    @Override
    public String engine() {
        return plain.engine();
    }

    @Override
    public String precision() {
        return plain.precision();
    }

    @Override
    public ModelDocument document() {
        return plain.document();
    }

    @Override
    public void close() {
        plain.close();
    }
}
