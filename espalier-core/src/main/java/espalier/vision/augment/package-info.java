/**
 * Random changes of whole batches of pictures, for training: where pixels come from and how light they are.
 *
 * <p>Start with {@code Augmentations}. A change is one class that implements {@code Geometry}, {@code Lighting}
 * or {@code espalier.data.BatchTransform}; {@code Augmentation} composes any number of them into one sampling
 * and one pass of light, and {@code FusedWarp} does the same straight from bytes, with the normalisation.
 * Cropping and resizing single pictures belongs to {@code espalier.vision}.
 */
@NullMarked
package espalier.vision.augment;

import org.jspecify.annotations.NullMarked;
