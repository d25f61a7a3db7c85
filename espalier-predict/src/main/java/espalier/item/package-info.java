/**
 * Items before they are read: one thing to train on or to predict, and how the files below a folder are found.
 *
 * <p>Start with {@code Items}.
 */
@NullMarked
package espalier.item;

import org.jspecify.annotations.NullMarked;
