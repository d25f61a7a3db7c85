"""Goldens of tensor operations: tables of (operation, inputs, options) with PyTorch's answers, gradients and printing.

Files tensor/GROUP.json. `values.cases` maps a case's name to `{"op", "inputs": [NAME...], "options": {...}}`; its tensors
are CASE/INPUT, the outputs CASE/y (or CASE/y0, CASE/y1 ... when there are several), and, where every output is a
floating-point number and the operation differentiable, CASE/g (g0, g1 ...) and CASE/grad/INPUT: the gradients of
sum(y * g) over all outputs. tensor/printing.json is described at `printing`.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from common import Golden, plain, rand, randn, seed, tensor


class Table(Golden):
    """A golden file of operations."""

    def __init__(self, name: str):
        super().__init__(f"tensor/{name}")
        self.values["cases"] = {}

    def op(self, case: str, fn, inputs: dict, op: str | None = None, grad: bool = True, **options):
        self.values["cases"][case] = {"op": op or case, "inputs": list(inputs), "options": plain(options)}
        leaves = {k: v.clone() for k, v in inputs.items()}
        for k, v in leaves.items():
            self.put(f"{case}/{k}", v)
            if grad and v.is_floating_point():
                v.requires_grad_()
        out = fn(*leaves.values())
        outs = [out] if isinstance(out, torch.Tensor) else list(out)
        many = len(outs) > 1
        loss = None
        for i, y in enumerate(outs):
            self.put(f"{case}/y{i if many else ''}", y)
        if not all(y.is_floating_point() and y.requires_grad for y in outs):
            return
        for i, y in enumerate(outs):
            g = randn(f"{self.name}/{case}/g{i}", *y.shape)
            self.put(f"{case}/g{i if many else ''}", g)
            loss = (y * g).sum() if loss is None else loss + (y * g).sum()
        wanted = {k: v for k, v in leaves.items() if v.requires_grad}
        for (k, v), d in zip(wanted.items(), torch.autograd.grad(loss, list(wanted.values()), allow_unused=True)):
            self.put(f"{case}/grad/{k}", torch.zeros_like(v) if d is None else d)


def arithmetic():
    t = Table("arithmetic")
    x, other = randn("a", 2, 3), randn("b", 2, 3)
    row, column, scalar = randn("row", 3), randn("column", 2, 1), randn("scalar")
    for name in ("add", "sub", "mul", "div"):
        fn = getattr(torch, name)
        t.op(name, fn, {"x": x, "other": other + (5 if name == "div" else 0)})
        t.op(f"{name}_row", fn, {"x": x, "other": row + 4}, op=name)
        t.op(f"{name}_column", fn, {"x": x, "other": column + 4}, op=name)
        t.op(f"{name}_scalar_tensor", fn, {"x": x, "other": scalar + 4}, op=name)
        t.op(f"{name}_number", lambda v: fn(v, 2.5), {"x": x}, op=name, other=2.5)
    t.op("add_outer", torch.add, {"x": column, "other": row}, op="add")
    t.op("rsub_number", lambda v: 1 - v, {"x": x}, op="rsub", other=1)
    t.op("rdiv_number", lambda v: 1 / v, {"x": x + 5}, op="rdiv", other=1)
    t.op("pow_number", lambda v: v.pow(3), {"x": x}, op="pow", exponent=3)
    t.op("pow_half", lambda v: v.pow(0.5), {"x": x.abs() + 0.5}, op="pow", exponent=0.5)
    t.op("pow_tensor", torch.pow, {"x": x.abs() + 0.5, "exponent": other}, op="pow")
    t.op("remainder", lambda v: torch.remainder(v, 0.75), {"x": x}, other=0.75, grad=False)
    t.op("floor_divide_long", torch.floor_divide, {"x": torch.tensor([7, -7, 5]), "other": torch.tensor([2, 2, -3])}, op="floor_divide")
    t.op("remainder_long", torch.remainder, {"x": torch.tensor([7, -7, 5]), "other": torch.tensor([2, 2, -3])}, op="remainder")
    t.op("div_long", torch.div, {"x": torch.tensor([7, -7, 5]), "other": torch.tensor([2, 2, -3])}, op="div")
    t.op("add_long_float", torch.add, {"x": torch.tensor([1, 2, 3]), "other": row}, op="add")
    t.op("mul_long_number", lambda v: v * 2, {"x": torch.tensor([1, 2, 3])}, op="mul", other=2)
    t.op("mul_long_half", lambda v: v * 0.5, {"x": torch.tensor([1, 2, 3])}, op="mul", other=0.5)
    t.op("add_uint8_wraps", torch.add, {"x": torch.tensor([250, 10], dtype=torch.uint8), "other": torch.tensor([10, 5], dtype=torch.uint8)}, op="add")
    positive = x.abs() + 0.25
    for name, v in {"neg": x, "abs": x, "exp": x, "expm1": x, "log": positive, "log2": positive, "log10": positive,
                    "log1p": positive, "sqrt": positive, "rsqrt": positive, "square": x, "reciprocal": positive, "sin": x,
                    "cos": x, "tan": x * 0.3, "asin": x * 0.2, "acos": x * 0.2, "atan": x, "sinh": x, "cosh": x, "tanh": x,
                    "sigmoid": x, "erf": x, "logit": rand("p", 2, 3)}.items():
        t.op(name, getattr(torch, name), {"x": v})
    for name in ("sign", "floor", "ceil", "round", "trunc", "frac"):
        t.op(name, getattr(torch, name), {"x": torch.tensor([-2.5, -1.25, -0.5, 0.0, 0.5, 1.5, 2.5])}, grad=False)
    t.op("atan2", torch.atan2, {"x": x, "other": other})
    t.op("clamp", lambda v: v.clamp(-0.5, 0.5), {"x": x}, min=-0.5, max=0.5)
    t.op("clamp_min", lambda v: v.clamp(min=0.25), {"x": x}, op="clamp", min=0.25)
    t.op("clamp_max", lambda v: v.clamp(max=0.25), {"x": x}, op="clamp", max=0.25)
    t.op("maximum", torch.maximum, {"x": x, "other": other})
    t.op("minimum", torch.minimum, {"x": x, "other": row})
    t.op("lerp", lambda a, b: torch.lerp(a, b, 0.25), {"x": x, "end": other}, weight=0.25)
    t.op("addcmul", lambda a, b, c: torch.addcmul(a, b, c, value=0.5), {"x": x, "t1": other, "t2": row}, value=0.5)
    t.op("addcdiv", lambda a, b, c: torch.addcdiv(a, b, c, value=0.5), {"x": x, "t1": other, "t2": row + 4}, value=0.5)
    t.op("nan_to_num", torch.nan_to_num, {"x": torch.tensor([float("nan"), float("inf"), -float("inf"), 1.0])}, grad=False)
    t.save()


def comparison():
    t = Table("comparison")
    x, y = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), torch.tensor([[3.0, 2.0, 1.0]])
    for name in ("eq", "ne", "lt", "le", "gt", "ge"):
        fn = getattr(torch, name)
        t.op(name, fn, {"x": x, "other": y})
        t.op(f"{name}_number", lambda v: fn(v, 3), {"x": x}, op=name, other=3)
    odd = torch.tensor([float("nan"), float("inf"), -float("inf"), 0.0])
    for name in ("isnan", "isinf", "isfinite"):
        t.op(name, getattr(torch, name), {"x": odd})
    a, b = torch.tensor([True, True, False, False]), torch.tensor([True, False, True, False])
    for name in ("logical_and", "logical_or", "logical_xor"):
        t.op(name, getattr(torch, name), {"x": a, "other": b})
    t.op("logical_not", torch.logical_not, {"x": a})
    t.op("all", torch.all, {"x": a})
    t.op("any", torch.any, {"x": a})
    t.op("all_dim", lambda v: v.all(1), {"x": torch.stack([a, b])}, op="all", dim=1)
    t.op("any_dim", lambda v: v.any(0), {"x": torch.stack([a, b])}, op="any", dim=0)
    t.op("isclose", lambda u, v: torch.isclose(u, v, rtol=1e-5, atol=1e-8), {"x": torch.tensor([1.0, 2.0]), "other": torch.tensor([1.000001, 2.1])}, rtol=1e-5, atol=1e-8)
    t.op("where", torch.where, {"condition": torch.tensor([[True, False, True]]), "x": randn("w1", 2, 3), "other": randn("w2", 2, 1)})
    t.op("nan_comparison", torch.eq, {"x": odd, "other": odd}, op="eq")
    t.save()


def reductions():
    t = Table("reductions")
    x = randn("reduce", 2, 3, 4)
    for name in ("sum", "mean"):
        fn = getattr(torch, name)
        t.op(name, fn, {"x": x})
        t.op(f"{name}_dim", lambda v: fn(v, 1), {"x": x}, op=name, dim=[1], keepdim=False)
        t.op(f"{name}_dims_keep", lambda v: fn(v, (0, -1), keepdim=True), {"x": x}, op=name, dim=[0, -1], keepdim=True)
    for name in ("var", "std"):
        fn = getattr(torch, name)
        t.op(name, fn, {"x": x})
        t.op(f"{name}_dim", lambda v: fn(v, 2), {"x": x}, op=name, dim=[2], unbiased=True, keepdim=False)
        t.op(f"{name}_dims_biased", lambda v: fn(v, (0, 2), unbiased=False, keepdim=True), {"x": x}, op=name, dim=[0, 2], unbiased=False, keepdim=True)
    t.op("prod", torch.prod, {"x": x[0, :2]})
    t.op("prod_dim", lambda v: v.prod(1), {"x": x[0]}, op="prod", dim=1, keepdim=False)
    t.op("sum_long", torch.sum, {"x": torch.arange(6).reshape(2, 3)}, op="sum")
    t.op("sum_bool", torch.sum, {"x": torch.tensor([True, False, True])}, op="sum")
    for name in ("max", "min"):
        fn = getattr(torch, name)
        t.op(name, fn, {"x": x})
        t.op(f"{name}_dim", lambda v: tuple(fn(v, 1)), {"x": x}, op=name, grad=False, dim=1, keepdim=False)
        t.op(f"{name}_dim_keep", lambda v: tuple(fn(v, -1, keepdim=True)), {"x": x}, op=name, grad=False, dim=-1, keepdim=True)
        t.op(f"a{name}_dim", lambda v: getattr(torch, f"a{name}")(v, 1), {"x": x}, op=f"a{name}", dim=[1], keepdim=False)
        t.op(f"arg{name}", getattr(torch, f"arg{name}"), {"x": x}, grad=False)
        t.op(f"arg{name}_dim", lambda v: getattr(torch, f"arg{name}")(v, 2), {"x": x}, op=f"arg{name}", grad=False, dim=2, keepdim=False)
    t.op("norm", torch.linalg.vector_norm, {"x": x})
    t.op("norm_1_dim", lambda v: torch.linalg.vector_norm(v, 1, 2), {"x": x}, op="norm", p=1, dim=[2], keepdim=False)
    t.op("logsumexp", lambda v: torch.logsumexp(v, 1), {"x": x}, dim=[1], keepdim=False)
    t.op("cumsum", lambda v: v.cumsum(1), {"x": x}, dim=1)
    t.op("cumprod", lambda v: v.cumprod(2), {"x": x}, dim=2)
    t.op("median", torch.median, {"x": x[0]}, grad=False)
    t.op("topk", lambda v: tuple(v.topk(2, 2)), {"x": x}, grad=False, k=2, dim=2)
    t.op("topk_smallest", lambda v: tuple(v.topk(2, 2, largest=False)), {"x": x}, op="topk", grad=False, k=2, dim=2, largest=False)
    t.op("sort", lambda v: tuple(v.sort(1)), {"x": x}, grad=False, dim=1, descending=False)
    t.op("sort_descending", lambda v: tuple(v.sort(1, descending=True)), {"x": x}, op="sort", grad=False, dim=1, descending=True)
    t.op("argsort", lambda v: v.argsort(2), {"x": x}, grad=False, dim=2, descending=False)
    t.op("count_nonzero", torch.count_nonzero, {"x": torch.tensor([0, 1, 2, 0])})
    t.op("bincount", torch.bincount, {"x": torch.tensor([0, 1, 2, 0, 4])})
    t.op("unique", torch.unique, {"x": torch.tensor([3, 1, 2, 3, 1])})
    t.op("quantile", lambda v: torch.quantile(v, 0.3), {"x": x[0]}, grad=False, q=0.3)
    t.save()


def linear_algebra():
    t = Table("linear_algebra")
    a, b, v = randn("la", 2, 3), randn("lb", 3, 4), randn("lv", 3)
    square = randn("square", 3, 3) + 3 * torch.eye(3)
    positive = square @ square.T + torch.eye(3)
    t.op("matmul", torch.matmul, {"x": a, "other": b})
    t.op("matmul_vector", torch.matmul, {"x": a, "other": v}, op="matmul")
    t.op("matmul_dot", torch.matmul, {"x": v, "other": randn("lw", 3)}, op="matmul")
    t.op("matmul_broadcast", torch.matmul, {"x": randn("lc", 2, 1, 2, 3), "other": randn("ld", 2, 3, 2)}, op="matmul")
    t.op("mm", torch.mm, {"x": a, "other": b})
    t.op("bmm", torch.bmm, {"x": randn("le", 2, 2, 3), "other": randn("lf", 2, 3, 2)})
    t.op("dot", torch.dot, {"x": v, "other": randn("lw", 3)})
    t.op("outer", torch.outer, {"x": v, "other": randn("lx", 2)})
    t.op("addmm", torch.addmm, {"x": randn("lg", 4), "m1": a, "m2": b})
    t.op("solve", torch.linalg.solve, {"x": square, "b": randn("lh", 3, 2)})
    t.op("solve_batch", torch.linalg.solve, {"x": torch.stack([square, positive]), "b": randn("li", 2, 3)[..., None]}, op="solve")
    t.op("inverse", torch.linalg.inv, {"x": square})
    t.op("det", torch.linalg.det, {"x": square})
    t.op("cholesky", torch.linalg.cholesky, {"x": positive}, grad=False)
    t.op("svdvals", torch.linalg.svdvals, {"x": a}, grad=False)
    t.op("eigvalsh", torch.linalg.eigvalsh, {"x": positive}, grad=False)
    t.op("norm_frobenius", torch.linalg.matrix_norm, {"x": a}, op="matrix_norm")
    t.op("trace", torch.trace, {"x": square})
    t.op("diag", torch.diag, {"x": v})
    t.op("diagonal", torch.diagonal, {"x": square})
    t.op("tril", torch.tril, {"x": square})
    t.op("triu", lambda m: m.triu(1), {"x": square}, diagonal=1)
    t.op("einsum", lambda p, q: torch.einsum("ij,jk->ik", p, q), {"x": a, "other": b}, equation="ij,jk->ik")
    t.save()


def shapes():
    t = Table("shapes")
    x = randn("shape", 2, 3, 4)
    t.op("reshape", lambda v: v.reshape(4, -1), {"x": x}, shape=[4, -1])
    t.op("permute", lambda v: v.permute(2, 0, 1), {"x": x}, dims=[2, 0, 1])
    t.op("transpose", lambda v: v.transpose(0, -1), {"x": x}, dim0=0, dim1=-1)
    t.op("t", torch.t, {"x": x[0]})
    t.op("flatten", lambda v: v.flatten(1), {"x": x}, start=1, end=-1)
    t.op("unflatten", lambda v: v.unflatten(2, (2, 2)), {"x": x}, dim=2, shape=[2, 2])
    t.op("squeeze", torch.squeeze, {"x": randn("sq", 1, 3, 1)})
    t.op("squeeze_dim", lambda v: v.squeeze(0), {"x": randn("sq", 1, 3, 1)}, op="squeeze", dim=0)
    t.op("unsqueeze", lambda v: v.unsqueeze(-1), {"x": x[0]}, dim=-1)
    t.op("expand", lambda v: v.expand(2, 3, -1), {"x": randn("ex", 1, 3, 2)}, shape=[2, 3, -1])
    t.op("repeat", lambda v: v.repeat(2, 1, 2), {"x": x[0, :2, :2]}, repeats=[2, 1, 2])
    t.op("repeat_interleave", lambda v: v.repeat_interleave(2, 1), {"x": x[0]}, repeats=2, dim=1)
    t.op("flip", lambda v: v.flip(0, 2), {"x": x}, dims=[0, 2])
    t.op("roll", lambda v: v.roll(1, 2), {"x": x}, shifts=[1], dims=[2])
    t.op("cat", lambda a, b: torch.cat([a, b], 1), {"x": x, "other": randn("cat", 2, 2, 4)}, dim=1)
    t.op("stack", lambda a, b: torch.stack([a, b], -1), {"x": x[0], "other": x[1]}, dim=-1)
    t.op("split", lambda v: v.split(3, 2), {"x": x}, size=3, dim=2)
    t.op("chunk", lambda v: v.chunk(2, 1), {"x": x}, chunks=2, dim=1)
    t.op("unbind", lambda v: v.unbind(1), {"x": x[0]}, dim=1)
    t.op("unfold", lambda v: v.unfold(2, 2, 1), {"x": x[:1]}, dim=2, size=2, step=1)
    t.op("pad_zeros", lambda v: F.pad(v, (1, 2, 0, 1)), {"x": x[0]}, op="pad", pad=[1, 2, 0, 1], mode="constant", value=0)
    t.op("pad_value", lambda v: F.pad(v, (1, 0), value=3.5), {"x": x[0]}, op="pad", pad=[1, 0], mode="constant", value=3.5)
    t.op("pad_reflect", lambda v: F.pad(v, (1, 2, 1, 1), "reflect"), {"x": x[None, :1]}, op="pad", pad=[1, 2, 1, 1], mode="reflect")
    t.op("pad_replicate", lambda v: F.pad(v, (1, 2, 1, 1), "replicate"), {"x": x[None, :1]}, op="pad", pad=[1, 2, 1, 1], mode="replicate")
    t.op("pad_crop", lambda v: F.pad(v, (-1, -1)), {"x": x[0]}, op="pad", pad=[-1, -1], mode="constant", value=0)
    picture = randn("picture", 1, 2, 4, 5)
    resize = lambda **kw: lambda v: F.interpolate(v, **kw)
    t.op("interpolate_nearest", resize(size=(6, 3), mode="nearest"), {"x": picture}, op="interpolate", size=[6, 3], mode="nearest")
    t.op("interpolate_bilinear", resize(size=(6, 3), mode="bilinear", align_corners=False), {"x": picture}, op="interpolate", size=[6, 3], mode="bilinear", align_corners=False)
    t.op("interpolate_bilinear_corners", resize(size=(6, 3), mode="bilinear", align_corners=True), {"x": picture}, op="interpolate", size=[6, 3], mode="bilinear", align_corners=True)
    t.op("interpolate_antialias", resize(size=(2, 3), mode="bilinear", align_corners=False, antialias=True), {"x": picture}, op="interpolate", size=[2, 3], mode="bilinear", align_corners=False, antialias=True)
    t.op("interpolate_bicubic", resize(size=(6, 7), mode="bicubic", align_corners=False), {"x": picture}, op="interpolate", size=[6, 7], mode="bicubic", align_corners=False)
    t.op("interpolate_area", resize(size=(2, 3), mode="area"), {"x": picture}, op="interpolate", size=[2, 3], mode="area")
    t.op("one_hot", lambda v: F.one_hot(v, 4), {"x": torch.tensor([0, 3, 1])}, num_classes=4)
    t.op("arange", lambda: torch.arange(1, 2, 0.25), {}, start=1, end=2, step=0.25)
    t.op("linspace", lambda: torch.linspace(-1, 1, 5), {}, start=-1, end=1, steps=5)
    t.op("eye", lambda: torch.eye(2, 3), {}, n=2, m=3)
    t.op("meshgrid", lambda a, b: torch.meshgrid(a, b, indexing="ij"), {"x": x[0, 0, :2], "other": x[0, 1, :3]}, indexing="ij")
    t.save()


def indexing():
    t = Table("indexing")
    x = randn("index", 3, 4, 5)
    t.op("select", lambda v: v[1], {"x": x}, dim=0, index=1)
    t.op("select_last", lambda v: v.select(2, -1), {"x": x}, op="select", dim=2, index=-1)
    t.op("narrow", lambda v: v.narrow(1, 1, 2), {"x": x}, dim=1, start=1, length=2)
    t.op("slice_step", lambda v: v[:, :, 0:5:2], {"x": x}, op="slice", dim=2, start=0, end=5, step=2)
    t.op("slice_negative", lambda v: v[:, -2:], {"x": x}, op="slice", dim=1, start=-2, end=None, step=1)
    t.op("mixed", lambda v: v[1, :, 2:4], {"x": x}, op="index", index="1, :, 2:4")
    t.op("ellipsis_none", lambda v: v[..., None, 0], {"x": x}, op="index", index="..., None, 0")
    i = torch.tensor([2, 0, 2])
    t.op("index_select", lambda v, j: v.index_select(0, j), {"x": x, "index": i}, dim=0)
    t.op("index_tensor", lambda v, j: v[j], {"x": x, "index": i}, op="index")
    t.op("index_two_tensors", lambda v, j, k: v[j, k], {"x": x, "index": i, "index2": torch.tensor([1, 1, 3])}, op="index")
    t.op("index_mask", lambda v, m: v[m], {"x": x[0], "mask": x[0] > 0.5}, op="masked_select")
    t.op("gather", lambda v, j: v.gather(1, j), {"x": x[0], "index": torch.tensor([[0, 4], [1, 1], [2, 0], [3, 3]])}, dim=1)
    t.op("scatter", lambda v, j, s: v.scatter(1, j, s), {"x": torch.zeros(2, 4), "index": torch.tensor([[0, 3], [1, 2]]), "src": randn("src", 2, 2)}, dim=1)
    t.op("scatter_add", lambda v, j, s: v.scatter_add(1, j, s), {"x": torch.zeros(2, 4), "index": torch.tensor([[0, 0], [1, 2]]), "src": randn("src", 2, 2)}, dim=1)
    t.op("index_add", lambda v, j, s: v.index_add(0, j, s), {"x": x[0, :, :2], "index": torch.tensor([0, 0, 3]), "src": randn("src2", 3, 2)}, dim=0)
    t.op("masked_fill", lambda v, m: v.masked_fill(m, -1.0), {"x": x[0], "mask": x[0] > 0.5}, value=-1)
    t.op("nonzero", torch.nonzero, {"x": torch.tensor([[0, 1], [2, 0]])})
    t.op("take", lambda v, j: v.take(j), {"x": x[0], "index": torch.tensor([0, 19, 7])})
    y = x[0].clone()
    y[1:3, 0] = 7.0
    t.put("assign_slice/x", x[0])
    t.put("assign_slice/y", y)
    t.values["cases"]["assign_slice"] = {"op": "index_put", "inputs": ["x"], "options": {"index": "1:3, 0", "value": 7}}
    t.save()


def grid_sample():
    t = Table("grid_sample")
    x, grid = randn("gs", 1, 2, 4, 5), randn("gs_grid", 1, 3, 4, 2) * 0.8
    for mode in ("bilinear", "nearest"):
        for pad in ("zeros", "border", "reflection"):
            for corners in (True, False):
                t.op(f"{mode}_{pad}_{'corners' if corners else 'edges'}",
                     lambda v, g: F.grid_sample(v, g, mode=mode, padding_mode=pad, align_corners=corners),
                     {"x": x, "grid": grid}, op="grid_sample", grad=mode == "bilinear", mode=mode, padding_mode=pad, align_corners=corners)
    theta = torch.tensor([[[0.9, 0.2, 0.1], [-0.3, 1.1, -0.2]]])
    for corners in (True, False):
        t.op(f"affine_grid_{'corners' if corners else 'edges'}", lambda m: F.affine_grid(m, [1, 1, 3, 4], align_corners=corners),
             {"theta": theta}, op="affine_grid", size=[1, 1, 3, 4], align_corners=corners)
    t.save()


def printing():
    """`values.prints`: a list of {"name", "tensor": {"shape", "dtype", "data"}, "requires_grad", "text"}.

    Tensors of more than 1,000 elements are not stored: `"formula": "arange * SCALE"` says how to make them.
    """
    golden = Golden("tensor/printing")
    prints = []

    def add(name, t, formula=None):
        # A generator-drawn tensor has short numbers; its text is PyTorch's at default print options.
        entry = {"name": name, "tensor": tensor(t) if formula is None else {"shape": list(t.shape), "dtype": str(t.dtype).removeprefix("torch.")}}
        if formula:
            entry["formula"] = formula
        entry["requires_grad"] = t.requires_grad
        entry["text"] = repr(t)
        prints.append(entry)

    inf, nan = float("inf"), float("nan")
    add("scalar", torch.tensor(1.5))
    add("scalar_whole", torch.tensor(3.0))
    add("scalar_long", torch.tensor(7))
    add("scalar_bool", torch.tensor(True))
    add("scalar_tiny", torch.tensor(1e-7))
    add("empty", torch.tensor([]))
    add("empty_2d", torch.zeros(2, 0))
    add("empty_long", torch.zeros(0, dtype=torch.int64))
    add("whole_floats", torch.tensor([1.0, 2.0, -3.0]))
    add("whole_floats_large", torch.tensor([1.0, 20000.0, 300000.0]))
    add("floats", torch.tensor([0.5, -1.25, 3.14159274, 100.0]))
    add("floats_2d", randn("print2", 3, 4))
    add("floats_3d", randn("print3", 2, 2, 3))
    add("floats_4d", randn("print4", 2, 1, 2, 2))
    add("scientific_range", torch.tensor([1e-5, 1.0, 12345.678]))
    add("scientific_large", torch.tensor([1.5e10, 2.0]))
    add("scientific_whole", torch.tensor([1e9, 2.0]))
    add("scientific_small", torch.tensor([1e-5, 2e-5]))
    add("boundary_1000", torch.tensor([0.001, 1.0005, 0.5]))
    add("not_finite", torch.tensor([nan, inf, -inf, 1.0]))
    add("not_finite_fraction", torch.tensor([nan, inf, -inf, 1.25]))
    add("all_nan", torch.tensor([nan, nan]))
    add("negative_zero", torch.tensor([-0.0, 0.0]))
    add("longs", torch.tensor([[1, -20, 300], [4, 5, 6]]))
    add("ints", torch.tensor([1, 2, 3], dtype=torch.int32))
    add("shorts", torch.tensor([1, -2], dtype=torch.int16))
    add("bytes", torch.tensor([[0, 255], [7, 8]], dtype=torch.uint8))
    add("booleans", torch.tensor([[True, False], [False, True]]))
    add("doubles", torch.tensor([1.5, 2.25], dtype=torch.float64))
    add("halves", torch.tensor([1.5, 2.25], dtype=torch.float16))
    add("bfloat16", torch.tensor([1.5, 2.25], dtype=torch.bfloat16))
    add("requires_grad", torch.tensor([1.0, 2.5], requires_grad=True))
    add("requires_grad_scalar", torch.tensor(2.5, requires_grad=True))
    add("long_row_wraps", torch.arange(30))
    add("long_row_wraps_floats", randn("print_wrap", 25))
    add("rows_wrap_2d", randn("print_wrap2", 2, 14))
    add("exactly_1000", torch.arange(1000.0), "arange * 1")
    add("summary_1d", torch.arange(1001.0), "arange * 1")
    add("summary_1d_fraction", torch.arange(2000) * 0.25, "arange * 0.25")
    add("summary_1d_long", torch.arange(5000), "arange * 1")
    add("summary_2d", (torch.arange(2000) * 0.25).reshape(40, 50), "arange * 0.25")
    add("summary_2d_narrow", (torch.arange(2000) * 0.25).reshape(1000, 2), "arange * 0.25")
    add("summary_3d", (torch.arange(1200) * 0.5).reshape(10, 10, 12), "arange * 0.5")
    add("summary_4d", (torch.arange(4096) * 1.0).reshape(8, 8, 8, 8), "arange * 1")
    golden.values["prints"] = prints
    golden.save()


if __name__ == "__main__":
    seed("tensor")
    torch.set_printoptions(profile="default")
    arithmetic()
    comparison()
    reductions()
    linear_algebra()
    shapes()
    indexing()
    grid_sample()
    printing()
