/**
 * Vision models under the parameter names of their published weights, and their adaptation to new classes.
 *
 * <p>Start with {@link espalier.vision.model.Models}, the catalogue. {@link espalier.vision.model.Backbone} is what
 * all architectures share, {@link espalier.vision.model.TransferModel} puts a new head on one. Where weights come from
 * belongs to {@code espalier.weights}.
 */
@NullMarked
package espalier.vision.model;

import org.jspecify.annotations.NullMarked;
