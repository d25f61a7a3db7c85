package espalier.app;

import java.util.Optional;

/**
 * How a folder of pictures becomes batches.
 *
 * @param size rows and columns of the pictures that the model sees, 224
 * @param batchSize pictures a batch; empty: 32, and 64 from 2,000 training pictures on
 * @param threads threads that read pictures; empty: one less than there are processors
 * @param split how validation pictures are chosen; empty: by folder where there are folders train and valid, else by chance
 * @param validShare the share for validation when they are chosen by chance, 0.2
 * @param augment how training pictures are varied
 * @param mult how strongly: fastai's factor on rotation, lighting and warp, 2
 * @param minScale least share of a picture's area that a training crop shows, 0.08 as fastai's
 * @param allowTruncated whether truncated files are taken as far as they go
 */
public record PictureOptions(
        int size,
        Optional<Integer> batchSize,
        Optional<Integer> threads,
        Optional<Split> split,
        double validShare,
        Augment augment,
        double mult,
        double minScale,
        boolean allowTruncated) {
    /** How validation pictures are chosen. */
    public enum Split {
        /** By chance, the same ones whenever the seed is the same. */
        RANDOM,
        /** By the names of folders: train, valid, test. */
        FOLDER
    }

    /** How training pictures are varied. */
    public enum Augment {
        /** Only by the random crop. */
        NONE,
        /** Also turned, warped, zoomed, flipped and relit, as by fastai's {@code aug_transforms}. */
        STANDARD
    }

    /** The defaults. */
    public static PictureOptions standard() {
        return new PictureOptions(
                224, Optional.empty(), Optional.empty(), Optional.empty(), 0.2, Augment.STANDARD, 2, 0.08, false);
    }

    /** The same with another size. */
    public PictureOptions size(int size) {
        return new PictureOptions(size, batchSize, threads, split, validShare, augment, mult, minScale, allowTruncated);
    }

    /** The same with a batch size. */
    public PictureOptions batchSize(int pictures) {
        return new PictureOptions(
                size, Optional.of(pictures), threads, split, validShare, augment, mult, minScale, allowTruncated);
    }

    /** The same with a number of reading threads. */
    public PictureOptions threads(int count) {
        return new PictureOptions(
                size, batchSize, Optional.of(count), split, validShare, augment, mult, minScale, allowTruncated);
    }

    /** The same with a split. */
    public PictureOptions split(Split split) {
        return new PictureOptions(
                size, batchSize, threads, Optional.of(split), validShare, augment, mult, minScale, allowTruncated);
    }

    /** The same with another share for validation. */
    public PictureOptions validShare(double share) {
        return new PictureOptions(size, batchSize, threads, split, share, augment, mult, minScale, allowTruncated);
    }

    /** The same with another augmentation. */
    public PictureOptions augment(Augment augment) {
        return new PictureOptions(size, batchSize, threads, split, validShare, augment, mult, minScale, allowTruncated);
    }

    /** The same with another strength of augmentation. */
    public PictureOptions mult(double factor) {
        return new PictureOptions(
                size, batchSize, threads, split, validShare, augment, factor, minScale, allowTruncated);
    }

    /** The same with another least share of the area. */
    public PictureOptions minScale(double share) {
        return new PictureOptions(size, batchSize, threads, split, validShare, augment, mult, share, allowTruncated);
    }

    /** The same with truncated files taken as far as they go, or left out. */
    public PictureOptions allowTruncated(boolean allow) {
        return new PictureOptions(size, batchSize, threads, split, validShare, augment, mult, minScale, allow);
    }
}
