/**
 * What long work tells while it runs and afterwards: progress and rejected files. Depends on nothing.
 */
@NullMarked
package espalier.report;

import org.jspecify.annotations.NullMarked;
