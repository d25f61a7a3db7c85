/**
 * Fitting a model to loaders: the learner, the training loop, checkpoints, and the search for a learning rate.
 *
 * <p>Start with {@link espalier.train.Learner}; then read {@link espalier.train.TrainingLoop}, which is the whole
 * of training on two screens. Callbacks are in {@code espalier.train.callback}, one a file.
 */
@NullMarked
package espalier.train;

import org.jspecify.annotations.NullMarked;
