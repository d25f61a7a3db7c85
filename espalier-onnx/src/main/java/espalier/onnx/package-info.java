/**
 * Models as ONNX files, for any runtime that reads them.
 *
 * <p>Start with {@link espalier.onnx.OnnxExport}. A forward pass is recorded by {@link espalier.tensor.Recording};
 * {@link espalier.onnx.OnnxWriter} turns a recording into a file, for modules of a user's own too. How one operation is
 * written stands in {@code Operators}.
 */
@NullMarked
package espalier.onnx;

import org.jspecify.annotations.NullMarked;
