/**
 * Prediction from a model file: a task that prepares what the user has, and an engine that computes the model.
 *
 * <p>Start with {@code Predictor}. Knows no tensors: engines take plain arrays, and are found by {@link java.util.ServiceLoader}.
 */
@NullMarked
package espalier.predict;

import org.jspecify.annotations.NullMarked;
