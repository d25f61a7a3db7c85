package espalier.onnx;

import espalier.format.DType;
import espalier.tensor.Functional.Window;
import espalier.tensor.Pooling.Windows;
import espalier.tensor.Recording.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** How each recorded operation is written in ONNX. */
final class Operators {
    /** Operations of one or two tensors that ONNX has by itself. */
    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("abs", "Abs"),
            Map.entry("ceil", "Ceil"),
            Map.entry("cos", "Cos"),
            Map.entry("erf", "Erf"),
            Map.entry("exp", "Exp"),
            Map.entry("floor", "Floor"),
            Map.entry("hardswish", "HardSwish"),
            Map.entry("log", "Log"),
            Map.entry("matmul", "MatMul"),
            Map.entry("maximum", "Max"),
            Map.entry("minimum", "Min"),
            Map.entry("neg", "Neg"),
            Map.entry("reciprocal", "Reciprocal"),
            Map.entry("relu", "Relu"),
            Map.entry("round", "Round"),
            Map.entry("sigmoid", "Sigmoid"),
            Map.entry("sign", "Sign"),
            Map.entry("sin", "Sin"),
            Map.entry("softplus", "Softplus"),
            Map.entry("sqrt", "Sqrt"),
            Map.entry("tanh", "Tanh"));

    private static final Map<String, String> ARITHMETIC =
            Map.of("add", "Add", "sub", "Sub", "mul", "Mul", "div", "Div", "pow", "Pow");

    private final OnnxGraph graph;
    private final Step step;
    private final List<String> in;

    private Operators(OnnxGraph graph, Step step, List<String> in) {
        this.graph = graph;
        this.step = step;
        this.in = in;
    }

    /**
     * Enters the nodes of a step; returns the name of its result.
     *
     * @throws IllegalArgumentException when the step has no counterpart that is known, or several results
     */
    static String write(OnnxGraph graph, Step step, List<String> operands) {
        return new Operators(graph, step, operands).write();
    }

    private String write() {
        if (step.results() != 1) {
            throw unknown();
        }
        String x = in.get(0);
        if (SAME.containsKey(step.op())) {
            return graph.op(SAME.get(step.op()), in.toArray(String[]::new));
        }
        if (ARITHMETIC.containsKey(step.op())) {
            return arithmetic(ARITHMETIC.get(step.op()));
        }
        return switch (step.op()) {
            case "clone", "contiguous", "detach" -> x;
            case "to" -> step.arguments().isEmpty() ? x : cast();
            case "square" -> graph.op("Mul", x, x);
            case "rsqrt" -> graph.op("Reciprocal", graph.op("Sqrt", x));
            case "clamp" -> graph.op("Clip", x, number(real(0)), number(real(1)));
            case "clampMin" -> graph.op("Clip", x, number(real(0)));
            case "clampMax" -> graph.op("Clip", x, "", number(real(0)));
            case "conv1d", "conv2d" -> convolution();
            case "linear" -> linear();
            case "batchNorm" -> batchNorm();
            case "layerNorm", "groupNorm" -> norm();
            case "embedding" -> graph.op("Gather", x, in.get(1));
            default -> activation(x);
        };
    }

    private String activation(String x) {
        return switch (step.op()) {
            case "relu6" -> graph.op("Clip", x, number(0), number(6));
            case "silu" -> graph.op("Mul", x, graph.op("Sigmoid", x));
            case "mish" -> graph.op("Mul", x, graph.op("Tanh", graph.op("Softplus", x)));
            case "logSigmoid" -> graph.op("Neg", graph.op("Softplus", graph.op("Neg", x)));
            case "hardsigmoid" ->
                graph.node("HardSigmoid", x)
                        .real("alpha", 1 / 6.0)
                        .real("beta", 0.5)
                        .add();
            case "leakyRelu" ->
                graph.node("LeakyRelu", x).real("alpha", real(0)).add();
            case "elu" -> graph.node("Elu", x).real("alpha", real(0)).add();
            case "gelu" -> {
                String phi = graph.op("Add", graph.op("Erf", graph.op("Mul", x, number(Math.sqrt(0.5)))), number(1));
                yield graph.op("Mul", graph.op("Mul", x, phi), number(0.5));
            }
            case "softmax" -> graph.node("Softmax", x).number("axis", whole(0)).add();
            case "logSoftmax" ->
                graph.node("LogSoftmax", x).number("axis", whole(0)).add();
            default -> shaping(x);
        };
    }

    private String shaping(String x) {
        return switch (step.op()) {
            case "reshape" -> graph.op("Reshape", x, graph.longs(sizes(0)));
            case "flatten" -> flatten(x);
            case "permute" -> graph.node("Transpose", x).ints("perm", sizes(0)).add();
            case "transpose" -> transpose(x);
            case "unsqueeze" -> graph.op("Unsqueeze", x, graph.longs(whole(0)));
            case "squeeze" -> squeeze(x);
            case "flip" -> flip(x);
            case "cat" ->
                graph.node("Concat", in.toArray(String[]::new))
                        .number("axis", axis(whole(0)))
                        .add();
            case "narrow" ->
                graph.op("Slice", x, graph.longs(whole(1)), graph.longs(whole(1) + whole(2)), graph.longs(whole(0)));
            case "select" ->
                graph.node("Gather", x, graph.scalar(DType.INT64, whole(1)))
                        .number("axis", whole(0))
                        .add();
            case "indexSelect" ->
                graph.node("Gather", x, in.get(1)).number("axis", whole(0)).add();
            case "pad" -> pad(x);
            case "padConstant" -> padConstant(x);
            case "unflatten" -> unflatten(x);
            default -> pooling(x);
        };
    }

    private String pooling(String x) {
        return switch (step.op()) {
            case "maxPool1d", "maxPool2d" -> windows(graph.node("MaxPool", x)).add();
            case "avgPool1d", "avgPool2d" ->
                windows(graph.node("AveragePool", x))
                        .number("count_include_pad", step.argument(1, Boolean.class) ? 1 : 0)
                        .add();
            case "adaptiveAvgPool2d" -> adaptive(x, "GlobalAveragePool", "AveragePool");
            case "adaptiveMaxPool2d" -> adaptive(x, "GlobalMaxPool", "MaxPool");
            case "mean" -> reduce(x, "ReduceMean");
            case "amax" -> reduce(x, "ReduceMax");
            case "amin" -> reduce(x, "ReduceMin");
            case "sum" ->
                step.arguments().isEmpty()
                        ? graph.node("ReduceSum", x).number("keepdims", 0).add()
                        : graph.node("ReduceSum", x, graph.longs(sizes(0)))
                                .number("keepdims", step.argument(1, Boolean.class) ? 1 : 0)
                                .add();
            default -> throw unknown();
        };
    }

    private String arithmetic(String type) {
        String second = in.size() > 1 ? in.get(1) : number(real(0));
        boolean scaled = in.size() > 1 && !step.arguments().isEmpty();
        return graph.op(type, in.get(0), scaled ? graph.op("Mul", second, number(real(0))) : second);
    }

    private String cast() {
        int type = OnnxGraph.type(step.argument(0, DType.class)).getNumber();
        return graph.node("Cast", in.get(0)).number("to", type).add();
    }

    private String convolution() {
        Window window = step.argument(0, Window.class);
        long[] pads = step.arguments().size() > 1 ? sizes(1) : both(window.padding()); // see Unmirrored
        return graph.node("Conv", given())
                .ints("strides", window.stride())
                .ints("pads", pads)
                .ints("dilations", window.dilation())
                .number("group", window.groups())
                .add();
    }

    private String linear() {
        if (step.operand(0).kind().dim() == 2) {
            return graph.node("Gemm", given()).number("transB", 1).add();
        }
        String transposed =
                graph.node("Transpose", in.get(1)).ints("perm", 1, 0).add();
        String product = graph.op("MatMul", in.get(0), transposed);
        return step.has(2) ? graph.op("Add", product, in.get(2)) : product;
    }

    private String batchNorm() {
        if (step.argument(0, Boolean.class)) {
            throw new IllegalArgumentException(
                    "batch norm is in training mode. Maybe call eval() on the module before recording it.");
        }
        if (!step.has(1) || !step.has(2)) {
            String centred = graph.op("Sub", in.get(0), perChannel(in.get(3)));
            String deviation = graph.op("Sqrt", graph.op("Add", perChannel(in.get(4)), number(real(1))));
            return graph.op("Div", centred, deviation);
        }
        return graph.node("BatchNormalization", in.toArray(String[]::new))
                .real("epsilon", real(1))
                .add();
    }

    private String norm() {
        if (step.op().equals("groupNorm")) {
            return groupNorm();
        }
        if (!step.has(1)) {
            throw unknown();
        }
        return graph.node("LayerNormalization", given())
                .number("axis", -sizes(0).length)
                .real("epsilon", real(1))
                .add();
    }

    private String groupNorm() {
        long groups = whole(0);
        var sizes = step.operand(0).kind().sizes();
        String grouped = graph.op("Reshape", in.get(0), graph.longs(0, groups, -1));
        String normal = graph.node("InstanceNormalization", grouped, repeated(1, groups), repeated(0, groups))
                .real("epsilon", real(1))
                .add();
        String back = graph.op(
                "Reshape",
                normal,
                graph.longs(sizes.stream().mapToLong(Long::longValue).toArray()));
        return graph.op("Add", graph.op("Mul", back, perChannel(in.get(1))), perChannel(in.get(2)));
    }

    private String repeated(double value, long count) {
        return graph.op("Expand", graph.scalar(DType.FLOAT32, value), graph.longs(count));
    }

    /** {@code [C]} as {@code [C, 1, ...]}, which broadcasts over pictures. */
    private String perChannel(String values) {
        long[] sizes = new long[step.operand(0).kind().dim() - 1];
        Arrays.fill(sizes, 1);
        sizes[0] = -1;
        return graph.op("Reshape", values, graph.longs(sizes));
    }

    private String flatten(String x) {
        var sizes = step.operand(0).kind().sizes();
        long[] flat = LongStream.range(0, sizes.size())
                .filter(i -> i <= whole(0) || i > whole(1))
                .map(i -> i == whole(0) ? -1 : i < whole(0) ? 0 : sizes.get((int) i))
                .toArray();
        return graph.op("Reshape", x, graph.longs(flat));
    }

    private String transpose(String x) {
        long[] order = LongStream.range(0, step.operand(0).kind().dim()).toArray();
        order[(int) whole(0)] = whole(1);
        order[(int) whole(1)] = whole(0);
        return graph.node("Transpose", x).ints("perm", order).add();
    }

    private String flip(String x) {
        long[] axes = sizes(0);
        long[] backwards = filled(axes.length, -1);
        String starts = graph.longs(backwards);
        String ends = graph.longs(filled(axes.length, Integer.MIN_VALUE));
        return graph.op("Slice", x, starts, ends, graph.longs(axes), graph.longs(backwards));
    }

    /** Left, right, top, bottom of a picture, as ONNX orders them: begins of all dimensions, then ends. */
    private String pad(String x) {
        long[] sides = sizes(0);
        String mode = step.arguments().get(1).toString();
        String onnx = mode.equals("ZEROS") ? "constant" : mode.equals("BORDER") ? "edge" : "reflect";
        String pads = graph.longs(0, 0, sides[2], sides[0], 0, 0, sides[3], sides[1]);
        return graph.node("Pad", x, pads).text("mode", onnx).add();
    }

    /** Sides of the last dimension, then of the one before it, and so on, as ONNX orders them. */
    private String padConstant(String x) {
        long[] sides = sizes(0);
        int dims = step.operand(0).kind().dim();
        long[] pads = new long[2 * dims];
        for (int i = 0; i < sides.length / 2; i++) {
            pads[dims - 1 - i] = sides[2 * i];
            pads[2 * dims - 1 - i] = sides[2 * i + 1];
        }
        return graph.node("Pad", x, graph.longs(pads), number(real(1)))
                .text("mode", "constant")
                .add();
    }

    private String unflatten(String x) {
        var sizes = step.operand(0).kind().sizes();
        int dim = (int) whole(0);
        var before = LongStream.generate(() -> 0).limit(dim);
        var after = sizes.subList(dim + 1, sizes.size()).stream().mapToLong(Long::longValue);
        long[] shape = LongStream.concat(before, LongStream.concat(Arrays.stream(sizes(1)), after))
                .toArray();
        return graph.op("Reshape", x, graph.longs(shape));
    }

    private OnnxGraph.Node windows(OnnxGraph.Node node) {
        Windows windows = step.argument(0, Windows.class);
        int dims = step.operand(0).kind().dim() - 2;
        return node.ints("kernel_shape", filled(dims, windows.kernel()))
                .ints("strides", filled(dims, windows.stride()))
                .ints("pads", filled(2 * dims, windows.padding()))
                .number("ceil_mode", windows.ceil() ? 1 : 0);
    }

    private String adaptive(String x, String global, String pool) {
        long rows = size(2) / whole(0);
        long columns = size(3) / whole(1);
        if (whole(0) == 1 && whole(1) == 1) {
            return graph.op(global, x);
        }
        if (size(2) % whole(0) != 0 || size(3) % whole(1) != 0) {
            throw new IllegalArgumentException(step.op() + " of " + size(2) + "x" + size(3) + " to " + whole(0) + "x"
                    + whole(1) + " has windows of different sizes, which ONNX has not."
                    + " Maybe pool to a size that divides the other.");
        }
        return graph.node(pool, x)
                .ints("kernel_shape", rows, columns)
                .ints("strides", rows, columns)
                .add();
    }

    private String reduce(String x, String type) {
        var node = graph.node(type, x);
        if (!step.arguments().isEmpty()) {
            node.ints("axes", sizes(0));
        }
        boolean keep = !step.arguments().isEmpty() && step.argument(1, Boolean.class);
        return node.number("keepdims", keep ? 1 : 0).add();
    }

    /** The operands without the optional last ones that are absent. */
    private String[] given() {
        return in.stream().filter(name -> !name.isEmpty()).toArray(String[]::new);
    }

    private String squeeze(String x) {
        if (step.arguments().isEmpty()) {
            throw unknown(); // which dimensions go away would depend on the batch
        }
        return size(whole(0)) == 1 ? graph.op("Squeeze", x, graph.longs(whole(0))) : x;
    }

    private String number(double value) {
        return graph.scalar(step.operand(0).kind().dtype(), value);
    }

    private double real(int position) {
        return step.argument(position, Double.class);
    }

    private long whole(int position) {
        return step.argument(position, Long.class);
    }

    private long[] sizes(int position) {
        return step.argument(position, long[].class);
    }

    private long size(long dim) {
        return step.operand(0).kind().sizes().get((int) dim);
    }

    private long axis(long dim) {
        return dim < 0 ? dim + step.operand(0).kind().dim() : dim;
    }

    private static long[] both(long[] padding) {
        return LongStream.concat(Arrays.stream(padding), Arrays.stream(padding)).toArray();
    }

    private static long[] filled(int count, long value) {
        long[] values = new long[count];
        Arrays.fill(values, value);
        return values;
    }

    private IllegalArgumentException unknown() {
        return new IllegalArgumentException("the operation " + step.op()
                + " cannot be written as ONNX yet. Maybe the model can do with another one.");
    }
}
