/** What the tests of every module share: golden values and checks for leaks. */
@NullMarked
package espalier.testing;

import org.jspecify.annotations.NullMarked;
