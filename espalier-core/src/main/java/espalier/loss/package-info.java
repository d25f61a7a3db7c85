/**
 * Losses: how wrong a batch of scores is, and how scores become probabilities and labels.
 *
 * <p>Start with {@link espalier.loss.Losses}, the catalogue. What only measures and is not trained by belongs to
 * {@code espalier.metric}.
 */
@NullMarked
package espalier.loss;

import org.jspecify.annotations.NullMarked;
