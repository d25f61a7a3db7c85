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


def similarity():
    t = Table("similarity")
    a, b = randn("sim_a", 2, 4, 3), randn("sim_b", 2, 5, 3)
    t.op("cdist", torch.cdist, {"x": a, "other": b}, p=2.0)
    t.op("cdist_manhattan", lambda x, y: torch.cdist(x, y, p=1.0), {"x": a, "other": b}, op="cdist", p=1.0)
    t.op("cosine_similarity", lambda x, y: F.cosine_similarity(x, y, dim=-1), {"x": a, "other": randn("sim_c", 2, 4, 3)}, dim=-1)
    t.op("cosine_similarity_broadcast", lambda x, y: F.cosine_similarity(x, y, dim=1), {"x": a, "other": randn("sim_d", 2, 4, 1)}, op="cosine_similarity", dim=1)
    t.op("normalize", lambda x: F.normalize(x, dim=1), {"x": a}, dim=1, p=2.0)
    t.op("normalize_manhattan", lambda x: F.normalize(x, p=1.0, dim=-1), {"x": a}, op="normalize", dim=-1, p=1.0)
    t.op("normalize_zeros", lambda x: F.normalize(x, dim=1), {"x": torch.zeros(2, 3)}, op="normalize", dim=1, p=2.0, grad=False)
    q, k, v = randn("att_q", 2, 2, 4, 3), randn("att_k", 2, 2, 5, 3), randn("att_v", 2, 2, 5, 6)
    t.op("scaled_dot_product_attention", F.scaled_dot_product_attention, {"q": q, "k": k, "v": v})
    visible = torch.ones(4, 5, dtype=torch.bool).tril(1)
    t.op("attention_mask", lambda q, k, v, m: F.scaled_dot_product_attention(q, k, v, attn_mask=m), {"q": q, "k": k, "v": v, "mask": visible}, op="scaled_dot_product_attention")
    bias = randn("att_bias", 4, 5)
    t.op("attention_bias", lambda q, k, v, m: F.scaled_dot_product_attention(q, k, v, attn_mask=m), {"q": q, "k": k, "v": v, "mask": bias}, op="scaled_dot_product_attention")
    t.op("attention_causal", lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True), {"q": q, "k": q + 1, "v": v[:, :, :4]}, op="causal_attention")
    t.save()


MASK = (1 << 64) - 1


def first_long(state: int) -> int:
    """The first number of `Rng.of(state)`: what it seeds PyTorch's generators with."""
    def mix(z):
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)
    return mix((mix(state) + 0x9E3779B97F4A7C15) & MASK)


def random():
    t = Table("random")
    def drawn(case, fn, rng, **options):
        t.op(case, lambda: fn(torch.Generator().manual_seed(first_long(rng))), {}, rng=rng, **options)
    drawn("randint", lambda g: torch.randint(-3, 8, (4, 5), generator=g), 1, low=-3, high=8, shape=[4, 5])
    drawn("randperm", lambda g: torch.randperm(30, generator=g), 2, n=30)
    drawn("randn", lambda g: torch.zeros(4, 6).normal_(0, 1, generator=g), 3, shape=[4, 6])
    drawn("rand", lambda g: torch.zeros(4, 6).uniform_(0, 1, generator=g), 4, shape=[4, 6])
    drawn("normal_", lambda g: torch.zeros(7).normal_(2, 0.5, generator=g), 5, shape=[7], mean=2, std=0.5)
    drawn("uniform_", lambda g: torch.zeros(7).uniform_(-2, 3, generator=g), 6, shape=[7], low=-2, high=3)
    drawn("bernoulli_", lambda g: torch.zeros(30).bernoulli_(0.3, generator=g), 7, shape=[30], p=0.3)
    def dropped(v):
        torch.manual_seed(first_long(9))
        return F.dropout(v, 0.4)
    t.op("dropout", dropped, {"x": randn("dropout", 5, 6)}, p=0.4, rng=9)
    weights = rand("multinomial", 3, 6)
    for case, replacement in (("multinomial", True), ("multinomial_once", False)):
        t.op(case, lambda w: torch.multinomial(w, 5, replacement, generator=torch.Generator().manual_seed(first_long(8))), {"weights": weights}, op="multinomial", grad=False, count=5, replacement=replacement, rng=8)
    t.save()


def creation():
    t = Table("creation")
    x = randn("like", 2, 3)
    long = torch.tensor([[1, 2], [3, 4]])
    for name in ("zeros_like", "ones_like"):
        t.op(name, getattr(torch, name), {"x": x}, grad=False)
        t.op(f"{name}_long", getattr(torch, name), {"x": long}, op=name)
    t.op("full_like", lambda v: torch.full_like(v, 2.5), {"x": x}, grad=False, value=2.5)
    t.op("full_like_long", lambda v: torch.full_like(v, 7), {"x": long}, op="full_like", value=7)
    t.op("zeros", lambda: torch.zeros(2, 3), {}, shape=[2, 3])
    t.op("ones", lambda: torch.ones(2, 3), {}, shape=[2, 3])
    t.op("full", lambda: torch.full((2, 3), 1.5), {}, shape=[2, 3], value=1.5)
    t.op("empty", lambda: torch.empty(0, 3), {}, shape=[0, 3])
    t.op("new_zeros", lambda v: v.new_zeros(3, 2), {"x": long}, shape=[3, 2])
    t.op("new_ones", lambda v: v.new_ones(3, 2), {"x": long}, shape=[3, 2])
    t.op("new_full", lambda v: v.new_full((3,), 9), {"x": long}, shape=[3], value=9)
    t.op("new_empty", lambda v: v.new_empty(0, 2), {"x": long}, shape=[0, 2])
    t.op("view", lambda v: v.view(3, -1), {"x": x}, shape=[3, -1])
    t.op("view_as_int", lambda v: v.view(torch.int32), {"x": x}, grad=False, op="view_dtype")
    t.op("expand_as", lambda v, o: v.expand_as(o), {"x": randn("row", 3), "other": long.repeat(1, 2)[:, :3]})
    t.op("movedim", lambda v: torch.movedim(v, 0, 2), {"x": randn("move", 2, 3, 4)}, source=0, destination=2)
    t.op("meshgrid", lambda a, b, c: torch.meshgrid(a, b, c, indexing="ij"), {"a": randn("mesh1", 2), "b": randn("mesh2", 3), "c": randn("mesh3", 4)})
    t.op("clone", torch.clone, {"x": x})
    t.op("detach", lambda v: v.detach() * 2, {"x": x}, grad=False)
    t.op("to_long", lambda v: v.to(torch.int64), {"x": x * 3}, op="to", grad=False, dtype="int64")
    t.op("to_double", lambda v: v.to(torch.float64), {"x": long}, op="to", dtype="float64")
    t.op("to_half", lambda v: v.to(torch.float16), {"x": x}, op="to", dtype="float16", grad=False)
    t.op("contiguous", lambda v: v.t().contiguous(), {"x": x})
    t.op("size", lambda v: torch.tensor(v.size()), {"x": x}, grad=False)
    t.op("dim", lambda v: torch.tensor(v.dim()), {"x": x}, grad=False)
    t.op("numel", lambda v: torch.tensor(v.numel()), {"x": x}, grad=False)
    t.op("item", lambda v: torch.tensor(v[1, 2].item()), {"x": x}, grad=False)
    t.op("tolist", lambda v: torch.tensor(v.t().tolist()), {"x": x}, grad=False)
    t.op("numpy", lambda v: torch.tensor(v.t().numpy().reshape(-1)), {"x": x}, grad=False)
    t.op("from_numpy", lambda v: torch.from_numpy(v.numpy() * 2), {"x": x}, grad=False)
    t.op("as_tensor", lambda v: torch.as_tensor(v.numpy()), {"x": long})
    t.op("cpu", lambda v: v.cpu(), {"x": x})
    t.op("requires_grad_", lambda v: (v.clone().requires_grad_() * 2).detach(), {"x": x}, grad=False)
    t.op("identity", torch.nn.Identity(), {"x": x})
    t.op("tensor", lambda: torch.tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]), {})
    t.save()


def in_place():
    t = Table("in_place")
    x, other, third = randn("in1", 2, 3), randn("in2", 2, 3), randn("in3", 2, 3).abs() + 1
    def op(case, fn, inputs, **options):
        t.op(case, lambda v, *rest: fn(v.clone(), *rest), inputs, **options)
    op("add_", torch.Tensor.add_, {"x": x, "other": other})
    op("sub_", torch.Tensor.sub_, {"x": x, "other": other})
    op("mul_", torch.Tensor.mul_, {"x": x, "other": other})
    op("div_", torch.Tensor.div_, {"x": x, "other": third})
    op("lerp_", lambda v, o: v.lerp_(o, 0.25), {"x": x, "other": other}, weight=0.25)
    op("addcmul_", lambda v, a, b: v.addcmul_(a, b, value=0.5), {"x": x, "other": other, "third": third}, value=0.5)
    op("addcdiv_", lambda v, a, b: v.addcdiv_(a, b, value=0.5), {"x": x, "other": other, "third": third}, value=0.5)
    op("clamp_", lambda v: v.clamp_(-0.5, 0.75), {"x": x}, min=-0.5, max=0.75)
    op("copy_", lambda v, o: v.copy_(o), {"x": x, "other": randn("in4", 3)})
    op("fill_", lambda v: v.fill_(2.5), {"x": x}, grad=False, value=2.5)
    op("zero_", lambda v: v.zero_(), {"x": x}, grad=False)
    positions = {"i": torch.tensor([0, 1, 0]), "j": torch.tensor([2, 0, 2])}
    op("index_put_", lambda v, w, i, j: v.index_put_((i, j), w), {"x": x, "values": randn("in5", 3)} | {"i": torch.tensor([0, 1, 1]), "j": torch.tensor([2, 0, 2])}, accumulate=False)
    op("index_put_accumulate", lambda v, w, i, j: v.index_put_((i, j), w, accumulate=True), {"x": x, "values": randn("in5", 3)} | positions, op="index_put_", accumulate=True)
    def assign(v, w, i):
        v[:, i] = w
        return v
    op("set_positions", assign, {"x": x, "values": randn("in6", 2, 2), "i": torch.tensor([2, 0])}, op="set_columns")
    def masked(v, m):
        v[m] = -1.0
        return v
    op("set_mask", masked, {"x": x, "mask": x > 0}, value=-1.0)
    t.save()


def second_order():
    """Gradients of gradients: `CASE/y` is the sum of squares of the gradient, differentiated once more."""
    t = Table("second_order")
    def penalty(fn):
        def of(*inputs):
            g = torch.autograd.grad(fn(*inputs).sum(), inputs, create_graph=True)
            return sum((v * v).sum() for v in g)
        return of
    x, w = randn("second_x", 2, 3), randn("second_w", 3, 2)
    t.op("cube", penalty(lambda v: v ** 3), {"x": x})
    t.op("sine_product", penalty(lambda v: v.sin() * v), {"x": x})
    t.op("matmul_tanh", penalty(lambda v, u: (v @ u).tanh()), {"x": x, "w": w})
    t.op("softmax", penalty(lambda v: torch.softmax(v, 1) ** 2), {"x": x})
    t.op("backward_gradient", lambda v: torch.autograd.grad(v.sin(), v, torch.arange(6.0).reshape(2, 3))[0], {"x": x}, op="backward_gradient")
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
    similarity()
    random()
    creation()
    in_place()
    second_order()
    printing()
