package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import espalier.format.DType;
import espalier.rng.Rng;
import espalier.testing.NoLeaks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What users get wrong: each call ends in an exception of ours that says what, where, and maybe why; none in a crash. */
@ExtendWith(NoLeaks.class)
class WrongCallsTest {
    private static final Functional.Window WINDOW = Functional.Window.of(2, 1, 0, 1, 1);

    private final Map<String, Runnable> calls = new LinkedHashMap<>();

    private final Tensor x = Tensor.randn(Rng.of(1), 2, 3);
    private final Tensor y = Tensor.randn(Rng.of(2), 4, 5);
    private final Tensor longs = Tensor.ofNested(new long[][] {{1, 2, 0}, {0, 1, 2}});
    private final Tensor vector = Tensor.randn(Rng.of(3), 3);
    private final Tensor image = Tensor.randn(Rng.of(4), 3, 8, 8);
    private final Tensor batch = Tensor.randn(Rng.of(5), 2, 3, 8, 8);

    private void wrong(String name, Runnable call) {
        assertThat(calls.put(name, call)).as(name).isNull();
    }

    private static Tensor closed() {
        var tensor = Tensor.ones(2, 3);
        tensor.close();
        return tensor;
    }

    @Test
    void twoHundredWrongCalls_areExplained() {
        shapes();
        dimensions();
        closedTensors();
        positions();
        creation();
        layers();
        types();
        gradients();
        products();
        randomNumbers();
        devicesAndFiles();
        assertThat(calls).hasSizeGreaterThanOrEqualTo(200);
        var unexplained = new ArrayList<String>();
        calls.forEach((name, call) -> explain(name, call).ifPresent(unexplained::add));
        assertThat(unexplained).as(unexplained.size() + " of " + calls.size()).isEmpty();
    }

    private static Optional<String> explain(String name, Runnable call) {
        var failure = catchThrowable(call::run);
        boolean ours = failure instanceof ShapeException
                || failure instanceof NativeException
                || failure instanceof java.io.UncheckedIOException
                || (failure != null
                        && List.of(
                                        IllegalArgumentException.class,
                                        IllegalStateException.class,
                                        IndexOutOfBoundsException.class)
                                .contains(failure.getClass()));
        String message = failure == null ? "" : String.valueOf(failure.getMessage());
        boolean helpful = message.contains("Maybe ") && message.length() > 40 && !message.contains("Exception raised");
        return ours && helpful ? Optional.empty() : Optional.of(name + ": " + failure);
    }

    private void shapes() {
        Map<String, BinaryOperator<Tensor>> pairs = new LinkedHashMap<>();
        pairs.put("add", Tensor::add);
        pairs.put("sub", Tensor::sub);
        pairs.put("mul", Tensor::mul);
        pairs.put("div", Tensor::div);
        pairs.put("pow", Tensor::pow);
        pairs.put("remainder", Tensor::remainder);
        pairs.put("maximum", Tensor::maximum);
        pairs.put("minimum", Tensor::minimum);
        pairs.put("atan2", Tensor::atan2);
        pairs.put("floorDivide", Tensor::floorDivide);
        pairs.put("eq", Tensor::eq);
        pairs.put("ne", Tensor::ne);
        pairs.put("lt", Tensor::lt);
        pairs.put("le", Tensor::le);
        pairs.put("gt", Tensor::gt);
        pairs.put("ge", Tensor::ge);
        pairs.put("logicalAnd", Tensor::logicalAnd);
        pairs.put("logicalOr", Tensor::logicalOr);
        pairs.put("logicalXor", Tensor::logicalXor);
        pairs.put("isClose", (a, b) -> a.isClose(b, 0, 0));
        pairs.put("lerp", (a, b) -> a.lerp(b, 0.5));
        pairs.put("addScaled", (a, b) -> a.addScaled(b, 2));
        pairs.put("addcmul", (a, b) -> a.addcmul(b, b, 1));
        pairs.put("addcdiv", (a, b) -> a.addcdiv(b, b, 1));
        pairs.put("where", (a, b) -> a.where(a.gt(0), b));
        pairs.put("add_", Tensor::add_);
        pairs.put("sub_", Tensor::sub_);
        pairs.put("mul_", Tensor::mul_);
        pairs.put("div_", Tensor::div_);
        pairs.put("copy_", Tensor::copy_);
        pairs.put("lerp_", (a, b) -> a.lerp_(b, 0.5));
        pairs.put("addcmul_", (a, b) -> a.addcmul_(b, b, 1));
        pairs.put("matmul", Tensor::matmul);
        pairs.put("cosineSimilarity", (a, b) -> Distance.cosineSimilarity(a, b, 1));
        pairs.put("cdist", (a, b) -> Distance.cdist(a, b, 2));
        pairs.put("maskedFill", (a, b) -> a.maskedFill(b.gt(0), 1));
        pairs.put("maskedSelect", (a, b) -> a.maskedSelect(b.gt(0)));
        pairs.forEach((name, op) -> {
            wrong(name + ": shapes that do not fit", () -> op.apply(x, y));
            wrong(name + ": closed argument", () -> op.apply(x, closed()));
        });
        wrong("add_: would grow", () -> vector.add_(x));
        wrong("view: other count", () -> x.view(4, 2));
        wrong("view: not contiguous", () -> x.t().view(6));
        wrong("view: two free sizes", () -> x.view(-1, -1));
        wrong("reshape: other count", () -> x.reshape(7));
        wrong("reshape: negative", () -> x.reshape(-2, 3));
        wrong("reshape: cannot be computed", () -> x.reshape(4, -1));
        wrong("expand: no size of 1", () -> x.expand(4, 3));
        wrong("expand: too few sizes", () -> x.expand(3));
        wrong("expandAs", () -> x.expandAs(y));
        wrong("repeat: too few", () -> x.repeat(2));
        wrong("permute: twice", () -> x.permute(0, 0));
        wrong("permute: too few", () -> x.permute(0));
        wrong("t: three dimensions", () -> image.t());
        wrong("unflatten", () -> x.unflatten(1, 2, 2));
        wrong("unfold: too long", () -> vector.unfold(0, 9, 1));
        wrong("channelsLast", () -> x.channelsLast());
        wrong("cat: other sizes", () -> Tensor.cat(List.of(x, y), 0));
        wrong("cat: nothing", () -> Tensor.cat(List.of(), 0));
        wrong("stack: other shapes", () -> Tensor.stack(List.of(x, y), 0));
        wrong("stack: nothing", () -> Tensor.stack(List.of(), 0));
        wrong("meshgrid: matrix", () -> Tensor.meshgrid(x));
        wrong("viewAs", () -> x.viewAs(DType.INT64));
        wrong("diagonal of a vector", () -> vector.diagonal());
        wrong("item of many", () -> x.item());
        wrong("toNestedArray: levels", () -> x.toNestedArray(float[].class));
        wrong("toNestedArray: no array", () -> x.toNestedArray(String.class));
        wrong("buffer: not contiguous", () -> x.t().buffer());
        wrong("split: size 0", () -> x.split(0, 0));
        wrong("chunk: none", () -> x.chunk(0, 0));
        wrong("max of nothing", () -> Tensor.zeros(0).max());
        wrong("argmin of nothing", () -> Tensor.zeros(0).argmin());
    }

    private void dimensions() {
        Map<String, UnaryOperator<Tensor>> along = new LinkedHashMap<>();
        along.put("sum", t -> t.sum(2));
        along.put("mean", t -> t.mean(-3));
        along.put("var", t -> t.var(1, false, 5));
        along.put("std", t -> t.std(1, false, 5));
        along.put("max", t -> t.max(2).values());
        along.put("min", t -> t.min(2).values());
        along.put("median", t -> t.median(2).values());
        along.put("argmax", t -> t.argmax(2));
        along.put("argmin", t -> t.argmin(2));
        along.put("prod", t -> t.prod(2));
        along.put("all", t -> t.all(2));
        along.put("any", t -> t.any(2));
        along.put("amax", t -> t.amax(false, 2));
        along.put("cumsum", t -> t.cumsum(2));
        along.put("cumprod", t -> t.cumprod(2));
        along.put("logSumExp", t -> t.logSumExp(2));
        along.put("norm", t -> t.norm(2, false, 2));
        along.put("topk", t -> t.topk(1, 2).values());
        along.put("sort", t -> t.sort(2, false).values());
        along.put("argsort", t -> t.argsort(2, false));
        along.put("flatten", t -> t.flatten(0, 2));
        along.put("transpose", t -> t.transpose(0, 2));
        along.put("squeeze", t -> t.squeeze(2));
        along.put("unsqueeze", t -> t.unsqueeze(4));
        along.put("movedim", t -> t.movedim(0, 2));
        along.put("flip", t -> t.flip(2));
        along.put("roll", t -> t.roll(1, 2));
        along.put("repeatInterleave", t -> t.repeatInterleave(2, 2));
        along.put("unbind", t -> t.unbind(2).get(0));
        along.put("softmax", t -> Functional.softmax(t, 2));
        along.put("logSoftmax", t -> Functional.logSoftmax(t, 2));
        along.put("size", t -> Tensor.zeros(t.size(2)));
        along.put("normalize", t -> Distance.normalize(t, 2, 2));
        along.forEach((name, op) -> wrong(name + ": no such dimension", () -> op.apply(x)));
        wrong("topk: more than there are", () -> x.topk(4, 1));
        wrong("topk: negative", () -> x.topk(-1, 1));
        wrong("cat: no such dimension", () -> Tensor.cat(List.of(x, x), 2));
        wrong("stack: no such dimension", () -> Tensor.stack(List.of(x, x), 4));
    }

    private void closedTensors() {
        Map<String, UnaryOperator<Tensor>> operations = new LinkedHashMap<>();
        operations.put("exp", Tensor::exp);
        operations.put("sum", Tensor::sum);
        operations.put("relu_", Tensor::relu_);
        operations.put("reshape", t -> t.reshape(-1));
        operations.put("copy", Tensor::copy);
        operations.put("to", t -> t.to(DType.INT64));
        operations.put("detach", Tensor::detach);
        operations.put("select", t -> t.select(0, 0));
        operations.put("get", t -> t.get(Index.at(0)));
        operations.put("zero_", Tensor::zero_);
        operations.put("gelu", Functional::gelu);
        operations.put("requiresGrad", t -> t.requiresGrad(true));
        operations.put("cat", t -> Tensor.cat(List.of(x, t), 0));
        operations.put("set_", t -> x.set_(t, Index.all()));
        operations.forEach((name, op) -> wrong(name + " of a closed tensor", () -> op.apply(closed())));
        wrong("shape of a closed tensor", () -> closed().shape());
        wrong("item of a closed tensor", () -> closed().item());
        wrong("toFloatArray of a closed tensor", () -> closed().toFloatArray());
        wrong("grad of a closed tensor", () -> closed().grad());
        wrong("backward of a closed tensor", () -> closed().backward());
    }

    private void positions() {
        wrong("select: too large", () -> x.select(0, 2));
        wrong("select: too small", () -> x.select(0, -3));
        wrong("narrow: leaves", () -> x.narrow(1, 2, 2));
        wrong("narrow: negative", () -> x.narrow(1, -1, 2));
        wrong("slice: step", () -> x.slice(0, 0, 1, 0));
        wrong("Index.slice: step", () -> Index.slice(0, 2, 0));
        wrong("get: too many parts", () -> x.get(Index.at(0), Index.at(0), Index.at(0)));
        wrong("get: too large", () -> x.get(Index.at(5)));
        wrong("get: positions too large", () -> x.get(Index.of(5)));
        wrong("get: positions too small", () -> x.get(Index.of(-5)));
        wrong("get: mask of another shape", () -> x.get(Index.of(y.gt(0))));
        wrong("Index.of: floats", () -> Index.of(vector));
        wrong("set_: shapes", () -> x.set_(y, Index.all()));
        wrong("set_: positions too large", () -> x.set_(Tensor.scalar(1), Index.of(7)));
        wrong("set_: other type", () -> x.set_(longs.select(0, 0), Index.of(0)));
        wrong("indexPut_: too many", () -> x.indexPut_(List.of(longs, longs, longs), vector, false));
        wrong("indexPut_: floats", () -> x.indexPut_(List.of(vector), vector, false));
        wrong("indexPut_: positions", () -> x.indexPut_(List.of(Tensor.of(new long[] {9}, 1)), vector, false));
        wrong("indexSelect: floats", () -> x.indexSelect(0, vector));
        wrong("indexSelect: positions", () -> x.indexSelect(0, Tensor.of(new long[] {9}, 1)));
        wrong("indexSelect: matrix", () -> x.indexSelect(0, longs));
        wrong("gather: floats", () -> x.gather(0, x));
        wrong("gather: positions", () -> x.gather(0, longs.add(7)));
        wrong("gather: dimensions", () -> x.gather(0, longs.select(0, 0)));
        wrong("scatter_: positions", () -> x.scatter_(0, longs.add(7), x));
        wrong("scatter_: floats", () -> x.scatter_(0, x, x));
        wrong("scatterAdd_: positions", () -> x.scatterAdd_(0, longs.add(7), x));
        wrong("indexAdd: positions", () -> x.indexAdd(0, Tensor.of(new long[] {9, 9}, 2), x));
        wrong("take: positions", () -> x.take(longs.add(7)));
        wrong("take: floats", () -> x.take(x));
    }

    private void creation() {
        wrong("of: count", () -> Tensor.of(new float[] {1, 2}, 3));
        wrong("of: no shape", () -> Tensor.of(new long[] {1, 2}));
        wrong("of: ragged", () -> Tensor.of(new float[][] {{1, 2}, {3}}));
        wrong("ofNested: objects", () -> Tensor.ofNested(new String[] {"a"}));
        wrong("ofNested: no array", () -> Tensor.ofNested(3));
        wrong("zeros: negative", () -> Tensor.zeros(-1));
        wrong("ones: negative", () -> Tensor.ones(2, -1));
        wrong("empty: too many", () -> Tensor.empty(DType.FLOAT32, Long.MAX_VALUE, 9));
        wrong("zeros: more than memory", () -> Tensor.zeros(1L << 50));
        wrong("full: negative", () -> Tensor.full(1, -4));
        wrong("from: bytes", () -> Tensor.from(ByteBuffer.allocate(7), DType.FLOAT32, 2));
        wrong("over: heap", () -> Tensor.over(ByteBuffer.allocate(8), DType.FLOAT32, 2));
        wrong("arange: direction", () -> Tensor.arange(3, 1));
        wrong("arange: step", () -> Tensor.arange(0, 1, 0.0));
        wrong("arange: NaN", () -> Tensor.arange(0, Double.NaN, 1));
        wrong("linspace: steps", () -> Tensor.linspace(0, 1, -1));
        wrong("eye: negative", () -> Tensor.eye(-1));
        wrong("newZeros: negative", () -> x.newZeros(-1));
    }

    private void layers() {
        var weight = Tensor.randn(Rng.of(6), 4, 3, 3, 3);
        wrong("linear: features", () -> Functional.linear(x, y, Optional.empty()));
        wrong("linear: bias", () -> Functional.linear(x, Tensor.ones(4, 3), Optional.of(vector)));
        wrong("conv2d: no batch", () -> Functional.conv2d(image, weight, Optional.empty(), WINDOW));
        wrong("conv2d: channels", () -> Functional.conv2d(Tensor.ones(1, 4, 8, 8), weight, Optional.empty(), WINDOW));
        wrong(
                "conv2d: smaller than the kernel",
                () -> Functional.conv2d(Tensor.ones(1, 3, 2, 2), weight, Optional.empty(), WINDOW));
        wrong(
                "conv2d: stride 0",
                () -> Functional.conv2d(batch, weight, Optional.empty(), Functional.Window.of(2, 0, 0, 1, 1)));
        wrong("conv1d: pictures", () -> Functional.conv1d(batch, weight, Optional.empty(), WINDOW));
        wrong("max2d: no batch", () -> Pooling.max2d(image, Pooling.Windows.of(2)));
        wrong("max2d: kernel 0", () -> Pooling.max2d(batch, Pooling.Windows.of(0)));
        wrong("max2d: padding", () -> Pooling.max2d(batch, new Pooling.Windows(2, 2, 5, false)));
        wrong("avg2d: too large", () -> Pooling.avg2d(batch, Pooling.Windows.of(9), false));
        wrong("adaptiveAvg2d: negative", () -> Pooling.adaptiveAvg2d(batch, -1, 2));
        wrong("bilinear: no batch", () -> Interpolation.bilinear(image, 4, 4, false));
        wrong("bilinear: size 0", () -> Interpolation.bilinear(batch, 0, 4, false));
        wrong(
                "layerNorm: features",
                () -> Functional.layerNorm(x, new long[] {4}, Optional.empty(), Optional.empty(), 1e-5));
        wrong("groupNorm: channels", () -> Functional.groupNorm(batch, 1, Tensor.ones(4), Tensor.ones(4), 1e-5));
        wrong("groupNorm: groups", () -> Functional.groupNorm(batch, 2, vector, vector, 1e-5));
        wrong("batchNorm: one value", () -> Functional.batchNorm(Tensor.ones(1, 3), norm(), true));
        wrong("batchNorm: channels", () -> Functional.batchNorm(Tensor.ones(2, 4), norm(), true));
        wrong("dropout: 1", () -> Functional.dropout(x, 1, Rng.of(1)));
        wrong("dropout: NaN", () -> Functional.dropout(x, Double.NaN, Rng.of(1)));
        wrong("crossEntropy: floats as target", () -> crossEntropy(x, x));
        wrong("crossEntropy: other count", () -> crossEntropy(x, Tensor.of(new long[] {0, 1, 2}, 3)));
        wrong("crossEntropy: class too large", () -> crossEntropy(x, Tensor.of(new long[] {0, 3}, 2)));
        wrong("crossEntropy: class too small", () -> crossEntropy(x, Tensor.of(new long[] {0, -1}, 2)));
        wrong("embedding: floats", () -> Functional.embedding(x, y, -1));
        wrong("embedding: too large", () -> Functional.embedding(longs.add(9), y, -1));
        wrong("embedding: negative", () -> Functional.embedding(longs.sub(9), y, -1));
        wrong("oneHot: too large", () -> Functional.oneHot(longs, 2));
        wrong("oneHot: negative", () -> Functional.oneHot(longs.neg(), 3));
        wrong(
                "gridSample: other batch",
                () -> Functional.gridSample(batch, Tensor.ones(3, 4, 4, 2), Functional.Padding.ZEROS, false));
        wrong("pad: reflection too far", () -> Functional.pad(batch, 9, 9, 0, 0, Functional.Padding.REFLECTION));
        wrong("attention: features", () -> Attention.scaledDotProduct(x, Tensor.ones(2, 4), x, Optional.empty()));
        wrong("attention: values", () -> Attention.scaledDotProduct(x, x, Tensor.ones(3, 3), Optional.empty()));
        wrong("attention: vectors", () -> Attention.scaledDotProduct(vector, vector, vector, Optional.empty()));
        wrong("attention: mask", () -> Attention.scaledDotProduct(x, x, x, Optional.of(Tensor.ones(5, 7))));
    }

    private Functional.BatchNormState norm() {
        return new Functional.BatchNormState(
                Optional.empty(), Optional.empty(), Tensor.zeros(3), Tensor.ones(3), 0.1, 1e-5);
    }

    private static Tensor crossEntropy(Tensor scores, Tensor target) {
        return Functional.crossEntropy(scores, target, Optional.empty(), Functional.Reduction.MEAN, 0);
    }

    private void types() {
        wrong("mean of whole numbers", () -> longs.mean());
        wrong("std of whole numbers", () -> longs.std(1));
        wrong("softmax of whole numbers", () -> Functional.softmax(longs, 1));
        wrong("matmul of two types", () -> x.matmul(Tensor.ones(3, 2).to(DType.INT64)));
        wrong("linear of doubles", () -> Functional.linear(x.to(DType.FLOAT64), Tensor.ones(4, 3), Optional.empty()));
        wrong(
                "conv2d of bytes",
                () -> Functional.conv2d(batch.to(DType.UINT8), Tensor.ones(4, 3, 3, 3), Optional.empty(), WINDOW));
        wrong("add_ floats to whole numbers", () -> longs.add_(Tensor.scalar(0.5)));
        wrong("div_ of whole numbers", () -> longs.div_(2));
        wrong("normal_ of whole numbers", () -> longs.normal_(0, 1, Rng.of(1)));
        wrong("inverse of whole numbers", () -> Tensor.eye(2).to(DType.INT64).inverse());
        wrong("bincount of floats", () -> vector.bincount());
        wrong(
                "bincount of negative numbers",
                () -> Tensor.of(new long[] {-1}, 1).bincount());
        wrong("quantile of whole numbers", () -> longs.quantile(0.5));
        wrong("quantile: NaN", () -> x.quantile(Double.NaN));
        wrong("quantile: 2", () -> x.quantile(2));
        wrong("scatter_ of two types", () -> x.scatter_(0, longs, longs));
        wrong("neg of booleans", () -> x.gt(0).neg());
        wrong("where by floats", () -> x.where(x, x));
        wrong("maskedFill by floats", () -> x.maskedFill(x, 1));
    }

    private void gradients() {
        var leaf = Tensor.ones(2, 3).requiresGrad(true);
        wrong("backward: no gradient wanted", () -> x.sum().backward());
        wrong("backward: no scalar", () -> leaf.mul(2).backward());
        wrong("backward: gradient's shape", () -> leaf.mul(2).backward(vector));
        wrong("backward: twice", () -> {
            var loss = leaf.square().sum();
            loss.backward();
            loss.backward();
        });
        wrong("backward: under Grad.off", () -> {
            try (var off = Grad.off()) {
                leaf.mul(2).sum().backward();
            }
        });
        wrong("backward: changed in place", () -> {
            var middle = leaf.exp();
            var loss = middle.square().sum();
            middle.add_(1);
            loss.backward();
        });
        wrong("in place on a leaf", () -> leaf.add_(1));
        wrong("requiresGrad of whole numbers", () -> longs.requiresGrad(true));
        wrong("requiresGrad(false) of a result", () -> leaf.mul(2).requiresGrad(false));
        wrong("setGrad: shape", () -> leaf.setGrad(vector));
        wrong("setGrad: type", () -> leaf.setGrad(longs));
        wrong("Grad.of: no scalar", () -> Grad.of(leaf.mul(2), leaf));
        wrong(
                "Grad.of: not computed from it",
                () -> Grad.of(leaf.sum(), Tensor.ones(1).requiresGrad(true)));
        wrong("Grad.of: not wanted", () -> Grad.of(leaf.sum(), x));
        wrong("Grad.of: no record", () -> Grad.of(x.sum(), x));
        wrong("GradientCheck: floats", () -> GradientCheck.of(in -> in.get(0), leaf));
        wrong("clipNorm: NaN", () -> Gradients.clipNorm(List.of(leaf), Double.NaN));
        wrong("clipNorm: 0", () -> Gradients.clipNorm(List.of(leaf), 0));
        wrong("set_ on a leaf", () -> leaf.set_(Tensor.zeros(3), Index.at(0)));
    }

    private void products() {
        wrong("matmul: scalar", () -> x.matmul(Tensor.scalar(1)));
        wrong("bmm: matrices", () -> x.bmm(x));
        wrong("dot: lengths", () -> vector.dot(Tensor.ones(4)));
        wrong("dot: matrices", () -> x.dot(x));
        wrong("outer: matrices", () -> x.outer(vector));
        wrong("solve: not square", () -> x.solve(vector));
        wrong("inverse: not square", () -> x.inverse());
        wrong("inverse: singular", () -> Tensor.zeros(2, 2).inverse());
        wrong("cholesky: not positive", () -> Tensor.eye(2).neg().cholesky());
        wrong("det: not square", () -> x.det());
        wrong("trace: vector", () -> vector.trace());
        wrong("einsum: equation", () -> Tensor.einsum("ij,jk->", x));
        wrong("einsum: sizes", () -> Tensor.einsum("ij,jk->ik", x, y));
        wrong("cdist: vectors", () -> Distance.cdist(vector, vector, 2));
        wrong("cdist: negative norm", () -> Distance.cdist(x, x, -1));
    }

    private void randomNumbers() {
        var rng = Rng.of(1);
        wrong("randint: empty range", () -> Tensor.randint(rng, 3, 3, 2));
        wrong("randint: negative size", () -> Tensor.randint(rng, 0, 3, -2));
        wrong("randperm: negative", () -> Tensor.randperm(rng, -1));
        wrong("multinomial: too many", () -> vector.abs().multinomial(4, false, rng));
        wrong("multinomial: none", () -> vector.abs().multinomial(0, true, rng));
        wrong("multinomial: negative", () -> vector.abs().neg().multinomial(2, true, rng));
        wrong("multinomial: NaN", () -> vector.mul(Double.NaN).multinomial(2, true, rng));
        wrong("multinomial: zeros", () -> Tensor.zeros(3).multinomial(2, true, rng));
        wrong("multinomial: whole numbers", () -> longs.multinomial(1, true, rng));
        wrong("normal_: negative", () -> Tensor.zeros(2).normal_(0, -1, rng));
        wrong("normal_: NaN", () -> Tensor.zeros(2).normal_(0, Double.NaN, rng));
        wrong("uniform_: exchanged", () -> Tensor.zeros(2).uniform_(1, 0, rng));
        wrong("bernoulli_: 2", () -> Tensor.zeros(2).bernoulli_(2, rng));
        wrong("bernoulli_: NaN", () -> Tensor.zeros(2).bernoulli_(Double.NaN, rng));
        wrong("Rng.nextInt", () -> rng.nextInt(0));
    }

    private void devicesAndFiles() {
        var missing = Device.cuda(99);
        wrong("to: no such device", () -> x.to(missing));
        wrong("Device: type", () -> new Device("tpu", 0));
        wrong("Device: index", () -> Device.cuda(-1));
        wrong("threads: 0", () -> Machine.threads(0));
        wrong("load: no file", () -> Tensor.load(java.nio.file.Path.of("no-such-file.npy")));
        wrong("load: no array", () -> Tensor.load(java.nio.file.Path.of("pom.xml")));
        wrong("loadAll: no archive", () -> NumPy.loadAll(java.nio.file.Path.of("pom.xml")));
        wrong("save: bfloat16", () -> x.to(DType.BFLOAT16).save(java.nio.file.Path.of("target/x.npy")));
    }
}
