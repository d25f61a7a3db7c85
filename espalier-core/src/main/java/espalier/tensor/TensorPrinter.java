package espalier.tensor;

import espalier.format.DType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints tensors as PyTorch does with its default options: four digits, 80 columns, more than 1,000
 * elements shortened to three at each end of a dimension, scientific notation where the range needs it.
 */
final class TensorPrinter {
    private static final int DIGITS = 4;
    private static final int LINE = 80;
    private static final int THRESHOLD = 1000;
    private static final int EDGE = 3;

    private final Shape shape;
    private final double[] values;
    private final boolean summarize;
    private final DType dtype;
    private boolean whole;
    private boolean scientific;
    private int width = 1;

    private TensorPrinter(Tensor tensor) {
        shape = tensor.shape();
        values = tensor.detach().toDoubleArray();
        dtype = tensor.dtype();
        summarize = values.length > THRESHOLD;
        chooseFormat();
    }

    static String print(Tensor tensor) {
        try (var scope = Scope.open()) {
            var printer = new TensorPrinter(tensor);
            boolean empty = printer.values.length == 0;
            String prefix = "tensor(";
            String body = empty ? "[]" : printer.body(0, 0, prefix.length());
            var suffixes = new ArrayList<String>();
            if (empty && printer.shape.dim() != 1) {
                suffixes.add("size=(" + printer.commas() + ")");
            }
            if (empty ? printer.dtype != DType.FLOAT32 : !printer.isDefaultType()) {
                suffixes.add("dtype=torch." + printer.dtype.torchName());
            }
            String history = tensor.gradFunction();
            if (!history.isEmpty()) {
                suffixes.add("grad_fn=<" + history + ">");
            } else if (tensor.requiresGrad()) {
                suffixes.add("requires_grad=True");
            }
            return finish(prefix + body, suffixes);
        }
    }

    /** Suffixes go on the last line while they fit, which PyTorch takes to be two characters longer than it is. */
    private static String finish(String text, List<String> suffixes) {
        var out = new StringBuilder(text);
        int last = text.length() - text.lastIndexOf('\n') + 1;
        for (String suffix : suffixes) {
            int length = suffix.length();
            if (last + length + 2 > LINE) {
                out.append(",\n").append(" ".repeat(7)).append(suffix);
                last = 7 + length;
            } else {
                out.append(", ").append(suffix);
                last += length + 2;
            }
        }
        return out.append(')').toString();
    }

    private boolean isDefaultType() {
        return dtype == DType.FLOAT32 || dtype == DType.INT64 || dtype == DType.BOOL;
    }

    private String commas() {
        String sizes = shape.toString();
        return sizes.substring(1, sizes.length() - 1);
    }

    /** Looks at the values that will be shown and settles notation and width. */
    private void chooseFormat() {
        List<Double> shown = new ArrayList<>();
        collect(0, 0, shown);
        if (!dtype.isFloatingPoint()) {
            shown.forEach(v -> width = Math.max(width, format(v).length()));
            return;
        }
        // Zeros, infinities and NaN have no say; they may stick out of the column.
        var telling = shown.stream().filter(v -> Double.isFinite(v) && v != 0).toList();
        double max = telling.stream().mapToDouble(Math::abs).max().orElse(0);
        double min = telling.stream().mapToDouble(Math::abs).min().orElse(1);
        whole = telling.stream().allMatch(v -> v == Math.ceil(v));
        scientific = max / min > 1000 || max > 1e8 || (!whole && min < 1e-4);
        telling.forEach(v -> width = Math.max(width, format(v).length()));
    }

    private void collect(int dim, int offset, List<Double> shown) {
        if (dim == shape.dim()) {
            shown.add(values[offset]);
            return;
        }
        for (int i : positions(dim)) {
            if (i >= 0) {
                collect(dim + 1, offset + i * stride(dim), shown);
            }
        }
    }

    /** The positions of a dimension that are shown, -1 standing for the dots. */
    private int[] positions(int dim) {
        int size = values.length == 0 ? 0 : (int) shape.size(dim);
        if (!summarize || size <= 2 * EDGE) {
            return java.util.stream.IntStream.range(0, size).toArray();
        }
        int[] shown = new int[2 * EDGE + 1];
        for (int i = 0; i < EDGE; i++) {
            shown[i] = i;
            shown[EDGE + 1 + i] = size - EDGE + i;
        }
        shown[EDGE] = -1;
        return shown;
    }

    private int stride(int dim) {
        int stride = 1;
        for (int i = dim + 1; i < shape.dim(); i++) {
            stride *= (int) shape.size(i);
        }
        return stride;
    }

    private String format(double value) {
        if (dtype == DType.BOOL) {
            return value != 0 ? "True" : "False";
        }
        if (!dtype.isFloatingPoint()) {
            return Long.toString((long) value);
        }
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        String sign = Math.copySign(1, value) < 0 ? "-" : "";
        var size = new BigDecimal(Math.abs(value));
        if (scientific) {
            return sign + scientific(size);
        }
        // The exact value, ties to even, as C prints it; Java's own formatting rounds ties up.
        return whole
                ? sign + size.setScale(0, RoundingMode.HALF_EVEN).toPlainString() + "."
                : sign + size.setScale(DIGITS, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String scientific(BigDecimal size) {
        if (size.signum() == 0) {
            return "0." + "0".repeat(DIGITS) + "e+00";
        }
        var rounded = size.round(new MathContext(DIGITS + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        var digits = rounded.movePointLeft(exponent).setScale(DIGITS, RoundingMode.UNNECESSARY);
        return digits.toPlainString()
                + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    private String padded(double value) {
        String text = format(value);
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private String body(int dim, int offset, int indent) {
        if (dim == shape.dim()) {
            return padded(values[offset]).strip();
        }
        if (dim == shape.dim() - 1) {
            return row(offset, indent);
        }
        var parts = new ArrayList<String>();
        for (int i : positions(dim)) {
            parts.add(i < 0 ? "..." : body(dim + 1, offset + i * stride(dim), indent + 1));
        }
        String separator = "," + "\n".repeat(shape.dim() - dim - 1) + " ".repeat(indent + 1);
        return "[" + String.join(separator, parts) + "]";
    }

    /** One row of the last dimension, broken where the line is full. */
    private String row(int offset, int indent) {
        int perLine = Math.max(1, (LINE - indent) / (width + 2));
        var lines = new ArrayList<String>();
        var line = new ArrayList<String>();
        for (int i : positions(shape.dim() - 1)) {
            if (line.size() == perLine) {
                lines.add(String.join(", ", line));
                line.clear();
            }
            line.add(i < 0 ? " ..." : padded(values[offset + i]));
        }
        lines.add(String.join(", ", line));
        return "[" + String.join(",\n" + " ".repeat(indent + 1), lines) + "]";
    }
}
