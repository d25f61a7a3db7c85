/**
 * Whole jobs, each as plain Java: a record that says what to do (the spec), a run, a record with what came out.
 * Nothing here prints; the command line and the web build the same specs and show the same results.
 * What belongs to one step alone (reading, training, predicting) lives in the packages below.
 */
@NullMarked
package espalier.app;

import org.jspecify.annotations.NullMarked;
