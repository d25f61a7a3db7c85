/**
 * Tensors, automatic differentiation and random numbers, on libtorch: the only package that imports
 * Bytedeco's PyTorch.
 *
 * <p>Start with {@link espalier.tensor.Tensor}; {@link espalier.tensor.Scope} says when native memory
 * is given back. Nothing of Bytedeco is visible in a public signature.
 *
 * <p>Shape letters, here and in every other package: {@code N} items of a batch, {@code C} channels,
 * {@code H} height, {@code W} width, {@code T} time steps (tokens), {@code D} features, {@code K}
 * classes. Pictures are {@code [N, C, H, W]}, sequences {@code [N, T, D]}, scores {@code [N, K]}.
 */
@NullMarked
package espalier.tensor;

import org.jspecify.annotations.NullMarked;
