package espalier.app;

import espalier.data.DataBlock;
import espalier.format.Transform;
import espalier.image.Image;
import espalier.image.Resize;
import espalier.image.Transforms;
import espalier.report.DataException;
import espalier.vision.ImageGrid;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The job of looking at data before training: a grid of pictures with their labels, or one picture many times as
 * training will alter it.
 *
 * <pre>{@code
 * Show.of(Path.of("data/dogs")).augmentations().write(Path.of("show.png"));
 * }</pre>
 *
 * @param data the folder with one sub-folder a class
 * @param pictures how they become batches, as in training
 * @param count how many are shown
 * @param style how they are brought to that size
 * @param part which pictures; augmented is always one to train on
 * @param isAugmented whether one picture's augmentations are shown instead of several pictures
 * @param seed of the order and the augmentations
 */
public record Show(
        Path data, PictureOptions pictures, int count, Style style, Part part, boolean isAugmented, long seed) {
    /** Which pictures are shown. */
    public enum Part {
        /** Those to train on. */
        TRAIN,
        /** Those to judge by. */
        VALID
    }

    /** How pictures of all shapes become squares. */
    public enum Style {
        /** The middle is cut out. */
        CROP,
        /** Padded by reflection. */
        PAD,
        /** A random part is cut out, another each time; in validation the middle. */
        RANDOM,
        /** Stretched. */
        SQUISH
    }

    /** Says what is out of range. */
    public Show {
        if (count < 1 || count > 10_000) {
            throw new IllegalArgumentException("count must be 1 to 10000, received " + count + ".");
        }
        if (pictures.size() < 8 || pictures.size() > 4096) {
            throw new IllegalArgumentException("size must be 8 to 4096 pixels, received " + pictures.size() + ".");
        }
    }

    /** Nine pictures of 224 pixels, the middle cut out; seed 42. */
    public static Show of(Path data) {
        return new Show(data, PictureOptions.standard(), 9, Style.CROP, Part.TRAIN, false, TrainImage.STANDARD_SEED);
    }

    /** A copy with another number of pictures, 1 to 10,000. */
    public Show count(int count) {
        return new Show(data, pictures, count, style, part, isAugmented, seed);
    }

    /** A copy with another size, 8 to 4,096 pixels. */
    public Show size(int size) {
        return pictures(pictures.size(size));
    }

    /** A copy for batches made otherwise. */
    public Show pictures(PictureOptions options) {
        return new Show(data, options, count, style, part, isAugmented, seed);
    }

    /** A copy with another way to the size. */
    public Show style(Style style) {
        return new Show(data, pictures, count, style, part, isAugmented, seed);
    }

    /** A copy that shows one picture's augmentations, over random parts of it. */
    public Show augmentations() {
        return new Show(data, pictures, count, Style.RANDOM, part, true, seed);
    }

    /** A copy that shows the pictures of this part. */
    public Show part(Part part) {
        return new Show(data, pictures, count, style, part, isAugmented, seed);
    }

    /** A copy with another seed. */
    public Show seed(long seed) {
        return new Show(data, pictures, count, style, part, isAugmented, seed);
    }

    /** The data block that is looked at: training's, with the pictures brought to their size as wanted. */
    public DataBlock<Image> block() {
        var options = isAugmented ? pictures : pictures.augment(Variation.Augment.NONE);
        return sized(options.batchSize(Math.min(count, 32)).block(seed));
    }

    private Transform<Image> transform() {
        var middle = Transforms.resize(pictures.size());
        return switch (style) {
            case PAD -> middle.method(Resize.Method.PAD);
            case SQUISH -> middle.method(Resize.Method.SQUISH);
            default -> middle;
        };
    }

    /** The grid. @throws espalier.report.DataException when there is nothing to show */
    public ImageGrid grid() {
        var loaders = block().loaders(data);
        if (isAugmented) {
            return ImageGrid.augmentations(loaders, count);
        }
        if (part == Part.TRAIN) {
            return ImageGrid.of(loaders, count);
        }
        if (loaders.valid().dataset().size() == 0) {
            throw new DataException("there are no validation pictures in " + data
                    + " to show. Maybe keep some by a larger share for validation, or show those to train on.");
        }
        return ImageGrid.ofValid(loaders, count);
    }

    /** Writes the grid as a PNG. @throws espalier.report.DataException when there is nothing to show */
    public void write(Path png) throws IOException {
        grid().write(png);
    }

    /**
     * What training's data block does, step by step, with its own batch size and augmentation, and with this way to the
     * size; see {@link DataBlock#explain}.
     */
    public String explain() {
        return sized(pictures.block(seed)).explain(data);
    }

    private DataBlock<Image> sized(DataBlock<Image> block) {
        return style == Style.RANDOM ? block : block.with(transform());
    }
}
