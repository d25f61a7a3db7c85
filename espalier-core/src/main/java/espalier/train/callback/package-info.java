/** Callbacks: what happens beside the training loop, one a file. Start with {@link espalier.train.Callback}. */
@NullMarked
package espalier.train.callback;

import org.jspecify.annotations.NullMarked;
