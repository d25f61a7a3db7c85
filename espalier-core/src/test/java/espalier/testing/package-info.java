/** What tests share: makers of pictures, numbers and small models, assertions on tensors, and the check for leaks. */
@NullMarked
package espalier.testing;

import org.jspecify.annotations.NullMarked;
