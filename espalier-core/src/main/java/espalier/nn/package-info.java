/**
 * Modules: trees of named parameters and buffers with a forward computation, under PyTorch's parameter names.
 *
 * <p>Start with {@link espalier.nn.Module}; the layers are one file each and listed in {@code Layers}.
 * Whole architectures belong to {@code espalier.vision.model}.
 */
@NullMarked
package espalier.nn;

import org.jspecify.annotations.NullMarked;
