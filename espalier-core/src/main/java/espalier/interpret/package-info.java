/**
 * Judging a model by its predictions: confusion matrix, classification report, curves, calibration, top losses,
 * Grad-CAM, plots and a self-contained HTML report.
 *
 * <p>Everything here works on {@link espalier.interpret.Predictions}, which are plain arrays: read that class first,
 * then {@link espalier.interpret.Interpretation}. What makes predictions (learners, predictors) does not belong here.
 * Figures are those of scikit-learn; every class gives them as plain maps for JSON by {@code toMap()}. All colours
 * and fonts are {@link espalier.interpret.Theme}'s.
 */
@NullMarked
package espalier.interpret;

import org.jspecify.annotations.NullMarked;
