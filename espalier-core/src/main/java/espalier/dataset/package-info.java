/**
 * Data sets and loaders of one's own for training loops by hand, as PyTorch's {@code torch.utils.data}: anything with
 * {@code get(int)} and {@code size()} is a data set. What reads folders and tables, explains itself and feeds the learner
 * is in {@code espalier.data}.
 *
 * <p>Start with {@link espalier.dataset.Dataset}, then {@link espalier.dataset.DataLoader}.
 */
@NullMarked
package espalier.dataset;

import org.jspecify.annotations.NullMarked;
