/**
 * Predictions by ONNX Runtime: the files that {@code espalier-onnx} writes, without libtorch.
 *
 * <p>Start with {@link espalier.onnxruntime.OnnxModel}, a file that was looked at before anything of it runs, and {@link
 * espalier.onnxruntime.OnnxEngine}, which computes it. {@link espalier.predict.Predictor} finds both by itself.
 */
@NullMarked
package espalier.onnxruntime;

import org.jspecify.annotations.NullMarked;
