package espalier.tensor;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every operation of the golden files gives PyTorch's values and gradients. */
@ExtendWith(NoLeaks.class)
class TensorGoldenTest {
    private static final List<String> GROUPS = List.of(
            "arithmetic",
            "comparison",
            "reductions",
            "linear_algebra",
            "shapes",
            "indexing",
            "grid_sample",
            "similarity",
            "random",
            "creation",
            "in_place",
            "second_order");

    /** What is not offered: nothing here samples by the nearest pixel, and files are resized before the batch. */
    private static final Set<String> NOT_OFFERED = Set.of(
            "shapes/interpolate_antialias",
            "grid_sample/nearest_zeros_corners",
            "grid_sample/nearest_zeros_edges",
            "grid_sample/nearest_border_corners",
            "grid_sample/nearest_border_edges",
            "grid_sample/nearest_reflection_corners",
            "grid_sample/nearest_reflection_edges");

    private static final Map<String, Golden> FILES = new LinkedHashMap<>();

    static {
        GROUPS.forEach(group -> FILES.put(group, Golden.load("tensor/" + group)));
    }

    /** An operation of the table: inputs by position, options by PyTorch's names. */
    private interface Op {
        List<Tensor> run(List<Tensor> in, JsonNode options);
    }

    private interface One {
        Tensor run(List<Tensor> in, JsonNode options);
    }

    private static final Map<String, Op> OPS = new HashMap<>();

    private static void one(String name, One op) {
        OPS.put(name, (in, options) -> List.of(op.run(in, options)));
    }

    private static Tensor x(List<Tensor> in) {
        return in.get(0);
    }

    private static double num(JsonNode options, String name) {
        return options.get(name).asDouble();
    }

    private static int dim(JsonNode options) {
        return options.get("dim").isArray()
                ? options.get("dim").get(0).asInt()
                : options.get("dim").asInt();
    }

    private static int[] ints(JsonNode array) {
        return Stream.of(Golden.longs(array))
                .flatMapToInt(values -> java.util.Arrays.stream(values).mapToInt(Math::toIntExact))
                .toArray();
    }

    private static boolean flag(JsonNode options, String name) {
        return options.path(name).asBoolean(false);
    }

    private interface Binary {
        Tensor run(Tensor x, Tensor other);
    }

    private interface WithNumber {
        Tensor run(Tensor x, double other);
    }

    private static void binary(String name, Binary tensors, WithNumber number) {
        one(name, (in, o) -> in.size() == 2 ? tensors.run(x(in), in.get(1)) : number.run(x(in), num(o, "other")));
    }

    private static void unary(String name, java.util.function.UnaryOperator<Tensor> op) {
        one(name, (in, o) -> op.apply(x(in)));
    }

    static {
        binary("add", Tensor::add, Tensor::add);
        binary("sub", Tensor::sub, Tensor::sub);
        binary("mul", Tensor::mul, Tensor::mul);
        binary("div", Tensor::div, Tensor::div);
        binary("remainder", Tensor::remainder, Tensor::remainder);
        binary("rsub", (x, other) -> other.sub(x), (x, other) -> x.neg().add(other));
        binary("rdiv", (x, other) -> other.div(x), (x, other) -> x.reciprocal().mul(other));
        binary("eq", Tensor::eq, Tensor::eq);
        binary("ne", Tensor::ne, Tensor::ne);
        binary("lt", Tensor::lt, Tensor::lt);
        binary("le", Tensor::le, Tensor::le);
        binary("gt", Tensor::gt, Tensor::gt);
        binary("ge", Tensor::ge, Tensor::ge);
        one("pow", (in, o) -> in.size() == 2 ? x(in).pow(in.get(1)) : x(in).pow(num(o, "exponent")));
        one("floor_divide", (in, o) -> x(in).floorDivide(in.get(1)));
        one("atan2", (in, o) -> x(in).atan2(in.get(1)));
        one("maximum", (in, o) -> x(in).maximum(in.get(1)));
        one("minimum", (in, o) -> x(in).minimum(in.get(1)));
        one("lerp", (in, o) -> x(in).lerp(in.get(1), num(o, "weight")));
        one("addcmul", (in, o) -> x(in).addcmul(in.get(1), in.get(2), num(o, "value")));
        one("addcdiv", (in, o) -> x(in).addcdiv(in.get(1), in.get(2), num(o, "value")));
        one("clamp", (in, o) -> {
            if (!o.has("max")) {
                return x(in).clampMin(num(o, "min"));
            }
            return o.has("min") ? x(in).clamp(num(o, "min"), num(o, "max")) : x(in).clampMax(num(o, "max"));
        });
        one("logical_and", (in, o) -> x(in).logicalAnd(in.get(1)));
        one("logical_or", (in, o) -> x(in).logicalOr(in.get(1)));
        one("logical_xor", (in, o) -> x(in).logicalXor(in.get(1)));
        one("isclose", (in, o) -> x(in).isClose(in.get(1), num(o, "rtol"), num(o, "atol")));
        one("where", (in, o) -> in.get(1).where(x(in), in.get(2)));
    }

    static {
        unary("neg", Tensor::neg);
        unary("abs", Tensor::abs);
        unary("exp", Tensor::exp);
        unary("expm1", Tensor::expm1);
        unary("log", Tensor::log);
        unary("log2", Tensor::log2);
        unary("log10", Tensor::log10);
        unary("log1p", Tensor::log1p);
        unary("sqrt", Tensor::sqrt);
        unary("rsqrt", Tensor::rsqrt);
        unary("square", Tensor::square);
        unary("reciprocal", Tensor::reciprocal);
        unary("sin", Tensor::sin);
        unary("cos", Tensor::cos);
        unary("tan", Tensor::tan);
        unary("asin", Tensor::asin);
        unary("acos", Tensor::acos);
        unary("atan", Tensor::atan);
        unary("sinh", Tensor::sinh);
        unary("cosh", Tensor::cosh);
        unary("tanh", Tensor::tanh);
        unary("sigmoid", Tensor::sigmoid);
        unary("erf", Tensor::erf);
        unary("logit", x -> x.logit(0));
        unary("sign", Tensor::sign);
        unary("floor", Tensor::floor);
        unary("ceil", Tensor::ceil);
        unary("round", Tensor::round);
        unary("trunc", Tensor::trunc);
        unary("frac", Tensor::frac);
        unary("nan_to_num", Tensor::nanToNum);
        unary("isnan", Tensor::isNan);
        unary("isinf", Tensor::isInf);
        unary("isfinite", Tensor::isFinite);
        unary("logical_not", Tensor::logicalNot);
    }

    static {
        one("sum", (in, o) -> o.has("dim") ? x(in).sum(flag(o, "keepdim"), ints(o.get("dim"))) : x(in).sum());
        one("mean", (in, o) -> o.has("dim") ? x(in).mean(flag(o, "keepdim"), ints(o.get("dim"))) : x(in).mean());
        one(
                "var",
                (in, o) -> o.has("dim")
                        ? x(in).var(flag(o, "unbiased") ? 1 : 0, flag(o, "keepdim"), ints(o.get("dim")))
                        : x(in).var(1));
        one(
                "std",
                (in, o) -> o.has("dim")
                        ? x(in).std(flag(o, "unbiased") ? 1 : 0, flag(o, "keepdim"), ints(o.get("dim")))
                        : x(in).std(1));
        one("prod", (in, o) -> o.has("dim") ? x(in).prod(dim(o)) : x(in).prod());
        OPS.put("max", (in, o) -> o.has("dim") ? pair(x(in).max(dim(o), flag(o, "keepdim"))) : List.of(x(in).max()));
        OPS.put("min", (in, o) -> o.has("dim") ? pair(x(in).min(dim(o), flag(o, "keepdim"))) : List.of(x(in).min()));
        one("amax", (in, o) -> x(in).amax(flag(o, "keepdim"), ints(o.get("dim"))));
        one("amin", (in, o) -> x(in).amin(flag(o, "keepdim"), ints(o.get("dim"))));
        one("argmax", (in, o) -> o.has("dim") ? x(in).argmax(dim(o)) : x(in).argmax());
        one("argmin", (in, o) -> o.has("dim") ? x(in).argmin(dim(o)) : x(in).argmin());
        one("all", (in, o) -> o.has("dim") ? x(in).all(dim(o)) : x(in).all());
        one("any", (in, o) -> o.has("dim") ? x(in).any(dim(o)) : x(in).any());
        one(
                "norm",
                (in, o) ->
                        o.has("dim") ? x(in).norm(num(o, "p"), flag(o, "keepdim"), ints(o.get("dim"))) : x(in).norm());
        one("logsumexp", (in, o) -> x(in).logSumExp(dim(o)));
        one("cumsum", (in, o) -> x(in).cumsum(dim(o)));
        one("cumprod", (in, o) -> x(in).cumprod(dim(o)));
        unary("median", Tensor::median);
        OPS.put("topk", (in, o) -> {
            int k = o.get("k").asInt();
            return pair(o.path("largest").asBoolean(true) ? x(in).topk(k, dim(o)) : x(in).topkSmallest(k, dim(o)));
        });
        OPS.put("sort", (in, o) -> pair(x(in).sort(dim(o), flag(o, "descending"))));
        one("argsort", (in, o) -> x(in).argsort(dim(o), flag(o, "descending")));
        unary("count_nonzero", Tensor::countNonzero);
        unary("bincount", Tensor::bincount);
        unary("unique", Tensor::unique);
        one("quantile", (in, o) -> x(in).quantile(num(o, "q")));
    }

    private static List<Tensor> pair(Reductions.Extremes extremes) {
        return List.of(extremes.values(), extremes.indices());
    }

    static {
        one("matmul", (in, o) -> x(in).matmul(in.get(1)));
        one("mm", (in, o) -> x(in).matmul(in.get(1)));
        one("bmm", (in, o) -> x(in).bmm(in.get(1)));
        one("dot", (in, o) -> x(in).dot(in.get(1)));
        one("outer", (in, o) -> x(in).outer(in.get(1)));
        one("addmm", (in, o) -> x(in).addmm(in.get(1), in.get(2)));
        one("solve", (in, o) -> x(in).solve(in.get(1)));
        unary("inverse", Tensor::inverse);
        unary("det", Tensor::det);
        unary("cholesky", Tensor::cholesky);
        unary("svdvals", x -> x.svd().s());
        unary("eigvalsh", Tensor::eigvalsh);
        unary("matrix_norm", Tensor::norm);
        unary("trace", Tensor::trace);
        unary("diag", Tensor::diag);
        unary("diagonal", Tensor::diagonal);
        unary("tril", x -> x.tril(0));
        one("triu", (in, o) -> x(in).triu(o.get("diagonal").asLong()));
        one("einsum", (in, o) -> Tensor.einsum(o.get("equation").asString(), x(in), in.get(1)));
    }

    static {
        one("reshape", (in, o) -> x(in).reshape(Golden.longs(o.get("shape"))));
        one("permute", (in, o) -> x(in).permute(ints(o.get("dims"))));
        one(
                "transpose",
                (in, o) -> x(in).transpose(o.get("dim0").asInt(), o.get("dim1").asInt()));
        unary("t", Tensor::t);
        one(
                "flatten",
                (in, o) -> x(in).flatten(o.get("start").asInt(), o.get("end").asInt()));
        one("unflatten", (in, o) -> x(in).unflatten(dim(o), Golden.longs(o.get("shape"))));
        one("squeeze", (in, o) -> o.has("dim") ? x(in).squeeze(dim(o)) : x(in).squeeze());
        one("unsqueeze", (in, o) -> x(in).unsqueeze(dim(o)));
        one("expand", (in, o) -> x(in).expand(Golden.longs(o.get("shape"))));
        one("repeat", (in, o) -> x(in).repeat(Golden.longs(o.get("repeats"))));
        one(
                "repeat_interleave",
                (in, o) -> x(in).repeatInterleave(o.get("repeats").asLong(), dim(o)));
        one("flip", (in, o) -> x(in).flip(ints(o.get("dims"))));
        one("roll", (in, o) -> x(in).roll(o.get("shifts").get(0).asLong(), ints(o.get("dims"))[0]));
        one("cat", (in, o) -> Tensor.cat(in, dim(o)));
        one("stack", (in, o) -> Tensor.stack(in, dim(o)));
        OPS.put("split", (in, o) -> x(in).split(o.get("size").asLong(), dim(o)));
        OPS.put("chunk", (in, o) -> x(in).chunk(o.get("chunks").asLong(), dim(o)));
        OPS.put("unbind", (in, o) -> x(in).unbind(dim(o)));
        one(
                "unfold",
                (in, o) -> x(in).unfold(
                                dim(o), o.get("size").asLong(), o.get("step").asLong()));
        one("pad", (in, o) -> pad(x(in), o));
        one("interpolate", (in, o) -> interpolate(x(in), o));
        one("one_hot", (in, o) -> Functional.oneHot(x(in), o.get("num_classes").asLong()));
        one("arange", (in, o) -> Tensor.arange(num(o, "start"), num(o, "end"), num(o, "step")));
        one(
                "linspace",
                (in, o) -> Tensor.linspace(
                        num(o, "start"), num(o, "end"), o.get("steps").asLong()));
        one("eye", (in, o) -> Tensor.eye(o.get("n").asLong(), o.get("m").asLong()));
        OPS.put("meshgrid", (in, o) -> Tensor.meshgrid(in.toArray(Tensor[]::new)));
    }

    private static Tensor pad(Tensor x, JsonNode o) {
        long[] sides = Golden.longs(o.get("pad"));
        return switch (o.get("mode").asString()) {
            case "reflect" -> Functional.pad(x, sides[0], sides[1], sides[2], sides[3], Functional.Padding.REFLECTION);
            case "replicate" -> Functional.pad(x, sides[0], sides[1], sides[2], sides[3], Functional.Padding.BORDER);
            default -> Functional.padConstant(x, num(o, "value"), sides);
        };
    }

    private static Tensor interpolate(Tensor x, JsonNode o) {
        long[] size = Golden.longs(o.get("size"));
        return switch (o.get("mode").asString()) {
            case "area" -> Interpolation.area(x, size[0], size[1]);
            case "bicubic" -> Interpolation.bicubic(x, size[0], size[1]);
            case "nearest" -> Interpolation.nearest(x, size[0], size[1]);
            default -> Interpolation.bilinear(x, size[0], size[1], flag(o, "align_corners"));
        };
    }

    static {
        one("select", (in, o) -> x(in).select(dim(o), o.get("index").asLong()));
        one(
                "narrow",
                (in, o) -> x(in).narrow(
                                dim(o), o.get("start").asLong(), o.get("length").asLong()));
        one("slice", (in, o) -> {
            long end = o.get("end").isNull() ? Long.MAX_VALUE : o.get("end").asLong();
            return x(in).slice(
                            dim(o), o.get("start").asLong(), end, o.get("step").asLong());
        });
        one("index", (in, o) -> index(in, o.path("index").asString("")));
        one("index_select", (in, o) -> x(in).indexSelect(dim(o), in.get(1)));
        one("masked_select", (in, o) -> x(in).get(Index.of(in.get(1))));
        one("gather", (in, o) -> x(in).gather(dim(o), in.get(1)));
        one("scatter", (in, o) -> x(in).copy().scatter_(dim(o), in.get(1), in.get(2)));
        one("scatter_add", (in, o) -> x(in).copy().scatterAdd_(dim(o), in.get(1), in.get(2)));
        one("index_add", (in, o) -> x(in).indexAdd(dim(o), in.get(1), in.get(2)));
        one("masked_fill", (in, o) -> x(in).maskedFill(in.get(1), num(o, "value")));
        unary("nonzero", Tensor::nonzero);
        one("take", (in, o) -> x(in).take(in.get(1)));
        one("index_put", (in, o) -> x(in).copy().set_(Tensor.scalar(num(o, "value")), Index.slice(1, 3), Index.at(0)));
        one("grid_sample", (in, o) -> {
            var mode =
                    Functional.Padding.valueOf(o.get("padding_mode").asString().toUpperCase(java.util.Locale.ROOT));
            return Functional.gridSample(x(in), in.get(1), mode, flag(o, "align_corners"));
        });
        one("affine_grid", (in, o) -> {
            long[] size = Golden.longs(o.get("size"));
            return Functional.affineGrid(x(in), size[2], size[3], flag(o, "align_corners"));
        });
    }

    static {
        one("cdist", (in, o) -> Distance.cdist(x(in), in.get(1), num(o, "p")));
        one("cosine_similarity", (in, o) -> Distance.cosineSimilarity(x(in), in.get(1), dim(o)));
        one("normalize", (in, o) -> Distance.normalize(x(in), num(o, "p"), dim(o)));
        one(
                "scaled_dot_product_attention",
                (in, o) -> Attention.scaledDotProduct(
                        x(in), in.get(1), in.get(2), Optional.ofNullable(in.size() > 3 ? in.get(3) : null)));
        one("causal_attention", (in, o) -> Attention.causal(x(in), in.get(1), in.get(2)));
        one("randint", (in, o) -> Tensor.randint(rng(o), (long) num(o, "low"), (long) num(o, "high"), shape(o)));
        one("randperm", (in, o) -> Tensor.randperm(rng(o), (long) num(o, "n")));
        one("randn", (in, o) -> Tensor.randn(rng(o), shape(o)));
        one("rand", (in, o) -> Tensor.rand(rng(o), shape(o)));
        one("normal_", (in, o) -> Tensor.zeros(shape(o)).normal_(num(o, "mean"), num(o, "std"), rng(o)));
        one("uniform_", (in, o) -> Tensor.zeros(shape(o)).uniform_(num(o, "low"), num(o, "high"), rng(o)));
        one("bernoulli_", (in, o) -> Tensor.zeros(shape(o)).bernoulli_(num(o, "p"), rng(o)));
        one("dropout", (in, o) -> Functional.dropout(x(in), num(o, "p"), rng(o)));
        one("multinomial", (in, o) -> x(in).multinomial((long) num(o, "count"), flag(o, "replacement"), rng(o)));
    }

    private static Rng rng(JsonNode options) {
        return Rng.of(options.get("rng").asLong());
    }

    private static long[] shape(JsonNode options) {
        return Golden.longs(options.get("shape"));
    }

    static {
        unary("zeros_like", Tensor::zerosLike);
        unary("ones_like", Tensor::onesLike);
        one("full_like", (in, o) -> Tensor.fullLike(x(in), num(o, "value")));
        one("zeros", (in, o) -> Tensor.zeros(shape(o)));
        one("ones", (in, o) -> Tensor.ones(shape(o)));
        one("full", (in, o) -> Tensor.full(num(o, "value"), shape(o)));
        one("empty", (in, o) -> Tensor.empty(DType.FLOAT32, shape(o)));
        one("new_zeros", (in, o) -> x(in).newZeros(shape(o)));
        one("new_ones", (in, o) -> x(in).newOnes(shape(o)));
        one("new_full", (in, o) -> x(in).newFull(num(o, "value"), shape(o)));
        one("new_empty", (in, o) -> x(in).newEmpty(shape(o)));
        one("view", (in, o) -> x(in).view(shape(o)));
        unary("view_dtype", x -> x.viewAs(DType.INT32));
        one("expand_as", (in, o) -> x(in).expandAs(in.get(1)));
        one("movedim", (in, o) -> x(in).movedim((int) num(o, "source"), (int) num(o, "destination")));
        unary("clone", Tensor::copy);
        unary("detach", x -> x.detach().mul(2));
        one("to", (in, o) -> x(in).to(DType.valueOf(o.get("dtype").asString().toUpperCase(java.util.Locale.ROOT))));
        unary("contiguous", x -> x.t().contiguous());
        unary("size", x -> Tensor.of(new long[] {x.size(0), x.size(-1)}, 2));
        unary("dim", x -> Tensor.arange(x.dim(), x.dim() + 1L).squeeze());
        unary("numel", x -> Tensor.arange(x.numel(), x.numel() + 1).squeeze());
        unary("item", x -> Tensor.scalar(x.get(Index.at(1), Index.at(2)).item()));
        unary("tolist", x -> Tensor.of(x.t().toNestedArray(float[][].class)));
        unary("numpy", x -> Tensor.of(x.t().toFloatArray(), x.numel()));
        unary(
                "from_numpy",
                x -> Tensor.over(x.mul(2).buffer(), DType.FLOAT32, 2, 3).copy());
        unary("as_tensor", x -> Tensor.from(ByteBuffer.wrap(x.toByteArray()), DType.INT64, 2, 2));
        unary("cpu", x -> x.to(Device.cpu()));
        unary("requires_grad_", x -> x.copy().requiresGrad(true).mul(2).detach());
        unary("identity", x -> x.copy());
        one("tensor", (in, o) -> Tensor.ofNested(new long[][][] {{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}));
    }

    static {
        one("add_", (in, o) -> x(in).copy().add_(in.get(1)));
        one("sub_", (in, o) -> x(in).copy().sub_(in.get(1)));
        one("mul_", (in, o) -> x(in).copy().mul_(in.get(1)));
        one("div_", (in, o) -> x(in).copy().div_(in.get(1)));
        one("lerp_", (in, o) -> x(in).copy().lerp_(in.get(1), num(o, "weight")));
        one("addcmul_", (in, o) -> x(in).copy().addcmul_(in.get(1), in.get(2), num(o, "value")));
        one("addcdiv_", (in, o) -> x(in).copy().addcdiv_(in.get(1), in.get(2), num(o, "value")));
        one("clamp_", (in, o) -> x(in).copy().clamp_(num(o, "min"), num(o, "max")));
        one("copy_", (in, o) -> x(in).copy().copy_(in.get(1)));
        one("fill_", (in, o) -> x(in).copy().fill_(num(o, "value")));
        unary("zero_", x -> x.copy().zero_());
        one(
                "index_put_",
                (in, o) -> x(in).copy().indexPut_(in.subList(2, in.size()), in.get(1), flag(o, "accumulate")));
        one("set_columns", (in, o) -> x(in).copy().set_(in.get(1), Index.all(), Index.of(in.get(2))));
        one("set_mask", (in, o) -> x(in).copy().set_(num(o, "value"), Index.of(in.get(1))));
    }

    static {
        one("cube", (in, o) -> penalty(x(in).pow(3), in));
        one("sine_product", (in, o) -> penalty(x(in).sin().mul(x(in)), in));
        one("matmul_tanh", (in, o) -> penalty(x(in).matmul(in.get(1)).tanh(), in));
        one("softmax", (in, o) -> penalty(Functional.softmax(x(in), 1).square(), in));
        one("backward_gradient", (in, o) -> {
            x(in).requiresGrad(true).sin().backward(Tensor.arange(0, 6, 1.0).reshape(2, 3));
            var gradient = x(in).grad().orElseThrow().copy();
            x(in).clearGrad();
            return gradient;
        });
    }

    /** The sum of squares of the gradient, which can be differentiated again. */
    private static Tensor penalty(Tensor y, List<Tensor> in) {
        return Grad.of(y.sum(), in, Grad.Graph.CREATE).stream()
                .map(gradient -> gradient.square().sum())
                .reduce(Tensor::add)
                .orElseThrow();
    }

    private static Tensor index(List<Tensor> in, String expression) {
        return switch (expression) {
            case "" -> x(in).get(in.stream().skip(1).map(Index::of).toArray(Index[]::new));
            case "1, :, 2:4" -> x(in).get(Index.at(1), Index.all(), Index.slice(2, 4));
            case "..., None, 0" -> x(in).get(Index.all(), Index.all(), Index.newAxis(), Index.at(0));
            default -> throw new IllegalArgumentException("golden of an unknown index: " + expression);
        };
    }

    static Stream<String> cases() {
        return FILES.entrySet().stream()
                .flatMap(file -> file.getValue().cases().stream().map(name -> file.getKey() + "/" + name))
                .filter(name -> !NOT_OFFERED.contains(name));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void operation_equalsPyTorchsWithItsGradients(String path) {
        String group = path.substring(0, path.indexOf('/'));
        String name = path.substring(group.length() + 1);
        var golden = java.util.Objects.requireNonNull(FILES.get(group));
        var spec = golden.value("/cases/" + name);
        var op = OPS.get(spec.get("op").asString());
        assertThat(op).as("operation %s", spec.get("op")).isNotNull();
        var inputs = new ArrayList<Tensor>();
        for (JsonNode input : spec.get("inputs")) {
            var tensor = tensor(golden, name + "/" + input.asString());
            inputs.add(golden.has(name + "/grad/" + input.asString()) ? tensor.requiresGrad(true) : tensor);
        }
        var outputs = op.run(inputs, spec.get("options"));
        var loss = Tensor.scalar(0);
        for (int i = 0; i < outputs.size(); i++) {
            String suffix = golden.has(name + "/y") ? "" : Integer.toString(i);
            String expected = name + "/y" + suffix;
            assertThat(outputs.get(i)).hasShape(golden.shape(expected)).isCloseTo(golden.doubles(expected), 2e-5);
            assertThat(outputs.get(i).dtype().torchName()).isEqualTo(golden.dtype(expected));
            if (golden.has(name + "/g" + suffix)) {
                loss = loss.add(
                        outputs.get(i).mul(tensor(golden, name + "/g" + suffix)).sum());
            }
        }
        assertThat(golden.has(name + "/y" + outputs.size())).isFalse();
        checkGradients(golden, name, spec, inputs, loss);
    }

    private static void checkGradients(Golden golden, String name, JsonNode spec, List<Tensor> inputs, Tensor loss) {
        if (!loss.requiresGrad()) {
            assertThat(golden.names(name + "/grad/")).isEmpty();
            return;
        }
        loss.backward();
        for (int i = 0; i < inputs.size(); i++) {
            String gradient = name + "/grad/" + spec.get("inputs").get(i).asString();
            if (golden.has(gradient)) {
                assertThat(inputs.get(i).grad().orElseThrow()).isCloseTo(golden.doubles(gradient), 1e-4);
            }
        }
    }

    @Test
    void notOffered_areCasesOfTheFiles() {
        NOT_OFFERED.forEach(path -> {
            String group = path.substring(0, path.indexOf('/'));
            assertThat(FILES.get(group).cases()).contains(path.substring(group.length() + 1));
        });
    }

    private static Tensor tensor(Golden golden, String name) {
        long[] shape = golden.shape(name);
        var dtype = DType.valueOf(golden.dtype(name).toUpperCase(java.util.Locale.ROOT));
        return dtype == DType.INT64
                ? Tensor.of(golden.longs(name), shape)
                : Tensor.of(golden.doubles(name), shape).to(dtype);
    }
}
