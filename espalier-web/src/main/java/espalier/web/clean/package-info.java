/**
 * The cleaner in the browser: a page over {@link espalier.clean.Cleaner}, which has all the logic, and an API of JSON for it.
 * Start with {@link espalier.web.clean.CleanServer}. The page knows pictures by ids that tell nothing; no path ever comes
 * from it.
 */
@NullMarked
package espalier.web.clean;

import org.jspecify.annotations.NullMarked;
