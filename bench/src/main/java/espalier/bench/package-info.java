/** Espalier's side of the comparisons with fastai and PyTorch: one main class a comparison, one line of JSON each. */
@NullMarked
package espalier.bench;

import org.jspecify.annotations.NullMarked;
