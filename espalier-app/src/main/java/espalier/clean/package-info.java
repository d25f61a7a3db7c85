/**
 * Cleaning a labelled data set by what a model says of it: {@link espalier.clean.Cleaner} shows the pictures that are
 * most likely wrong, takes a choice for each (keep, relabel, delete, move to another split), shows a
 * {@link espalier.clean.Plan} of what that does to the files, and does it through the data set's
 * {@link espalier.files.Journal}, so that all of it can be undone.
 *
 * <p>Where labels come from is a {@link espalier.clean.LabelledSet}: folders or a table. What shows all this to people
 * (the page in the browser, the command line) lives above and has no logic of its own.
 */
@NullMarked
package espalier.clean;

import org.jspecify.annotations.NullMarked;
