/**
 * From files to batches: what the inputs and targets are, how they are found, split, labelled,
 * transformed and collected.
 *
 * <p>Start with {@code DataBlock}. What is done to pictures in particular belongs to {@code espalier.vision}.
 */
@NullMarked
package espalier.data;

import org.jspecify.annotations.NullMarked;
