/**
 * Metrics: what a person wants to know about a model, collected batch by batch.
 *
 * <p>Start with {@link espalier.metric.Metrics}, the catalogue. What is trained by is a loss and belongs to
 * {@code espalier.loss}; pictures and tables of mistakes belong to {@code espalier.interpret}.
 */
@NullMarked
package espalier.metric;

import org.jspecify.annotations.NullMarked;
