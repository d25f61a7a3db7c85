/**
 * Random numbers that can be derived by keys: no state is shared, and the same seed gives the same numbers everywhere.
 */
@NullMarked
package espalier.rng;

import org.jspecify.annotations.NullMarked;
