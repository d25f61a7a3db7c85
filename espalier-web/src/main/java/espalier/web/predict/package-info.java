/**
 * A page and an API that predict: one model or several, each of which may be replaced while it serves.
 *
 * <p>Start with {@link espalier.web.predict.PredictionServer}. A request goes this way: the body is read without a thread
 * ({@code espalier.web}); {@code Uploads} finds the pictures in it; {@code Admission} counts them, or says come back
 * later; a few threads decode; the models run one at a time ({@code Batcher}), a single picture at once, under load up to
 * eight together; {@code Shelf} holds the models and loads them anew when their files change.
 */
@NullMarked
package espalier.web.predict;

import org.jspecify.annotations.NullMarked;
