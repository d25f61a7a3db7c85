/**
 * Weights and model files: reading and writing safetensors, importing {@code .pth}, the registry and
 * cache of pretrained weights, the model file, and prediction from it.
 *
 * <p>Start with {@code Predictor}, or with {@code Safetensors} for the format. Nothing here executes
 * code from a file, and loading never writes.
 */
@NullMarked
package espalier.model;

import org.jspecify.annotations.NullMarked;
