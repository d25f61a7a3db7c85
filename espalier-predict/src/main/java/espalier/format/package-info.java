/**
 * The model file: safetensors, and the document that says all that a prediction needs.
 *
 * <p>Start with {@code ModelFile}, or with {@code Safetensors} for the format alone. Nothing here executes code from a file, and
 * loading never writes.
 */
@NullMarked
package espalier.format;

import org.jspecify.annotations.NullMarked;
