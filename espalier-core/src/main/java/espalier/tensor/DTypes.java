package espalier.tensor;

import espalier.format.DType;
import java.util.EnumMap;
import java.util.Map;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The translation between our element types and libtorch's. */
final class DTypes {
    private static final Map<DType, ScalarType> TO_NATIVE = new EnumMap<>(Map.ofEntries(
            Map.entry(DType.BOOL, ScalarType.Bool),
            Map.entry(DType.UINT8, ScalarType.Byte),
            Map.entry(DType.INT8, ScalarType.Char),
            Map.entry(DType.INT16, ScalarType.Short),
            Map.entry(DType.INT32, ScalarType.Int),
            Map.entry(DType.INT64, ScalarType.Long),
            Map.entry(DType.FLOAT16, ScalarType.Half),
            Map.entry(DType.BFLOAT16, ScalarType.BFloat16),
            Map.entry(DType.FLOAT32, ScalarType.Float),
            Map.entry(DType.FLOAT64, ScalarType.Double)));

    private DTypes() {}

    static ScalarType toNative(DType dtype) {
        return java.util.Objects.requireNonNull(TO_NATIVE.get(dtype));
    }

    static DType from(ScalarType type) {
        for (var entry : TO_NATIVE.entrySet()) {
            if (entry.getValue() == type) {
                return entry.getKey();
            }
        }
        throw new NativeException("element type " + type + " has no counterpart here");
    }
}
