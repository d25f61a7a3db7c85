/**
 * A training in the browser: live curves, the table of epochs, the pictures of the present batch, and the buttons to stop
 * and to save. Start with {@link espalier.web.monitor.TrainingMonitor}.
 */
@NullMarked
package espalier.web.monitor;

import org.jspecify.annotations.NullMarked;
