/**
 * Optimisers with parameter groups and freezing, learning rates of groups, and schedules as functions of
 * progress.
 *
 * <p>Start with {@link espalier.optim.Optimizers} and {@link espalier.optim.Schedules}, the catalogues. When to
 * step and when to move the schedule on belongs to {@code espalier.train}.
 */
@NullMarked
package espalier.optim;

import org.jspecify.annotations.NullMarked;
