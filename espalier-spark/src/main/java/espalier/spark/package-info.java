/**
 * Model files applied by Apache Spark: as a stage of a pipeline, on a stream, and in SQL.
 *
 * <p>Start with {@code EspalierModel}. What a model says about a row is {@link espalier.predict.Predictor}'s; what belongs here is the
 * way of models, rows and errors through a cluster. The names are Spark's: parameters are set by {@code setX}, as in all stages.
 */
@NullMarked
package espalier.spark;

import org.jspecify.annotations.NullMarked;
