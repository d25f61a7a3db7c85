/**
 * Weights on their way into modules: published ones with their registry and cache, {@code .pth} files, state dicts.
 *
 * <p>Start with {@code Weights}. Nothing here executes code from a file.
 */
@NullMarked
package espalier.weights;

import org.jspecify.annotations.NullMarked;
