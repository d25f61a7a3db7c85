/**
 * Learning from pictures: the transforms of single pictures, the blocks and the learner for them.
 *
 * <p>Start with {@code Transforms}. Files and pixels are in {@code espalier.image}, the random
 * changes of whole batches in {@code espalier.vision.augment}, networks in {@code espalier.vision.model}.
 */
@NullMarked
package espalier.vision;

import org.jspecify.annotations.NullMarked;
